package inlet

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/services/ingest"
)

// Ingest is what the inlet needs of services/ingest.
type Ingest interface {
	// Ready returns when readers of the log keep up.
	Ready(ctx context.Context) error
	// Take stores messages. A nil error means that each is durable or kept as a reject.
	Take(ctx context.Context, messages []ingest.Carried) (ingest.Outcome, []ingest.Refused, error)
}

// Options say what an inlet takes from where. Conn, Ingest and Now are required, the rest has defaults.
type Options struct {
	// Conn belongs to the caller, who closes it after Run has returned. It must reconnect for ever.
	Conn   *nats.Conn
	Ingest Ingest
	Now    func() time.Time
	// Stream is C360_INLET and Subject c360.touchpoints, unless a second c360 shares the NATS.
	Stream, Subject string
	// Replicas and MaxAge are for a stream that has to be made: 1, and 7 days.
	Replicas int
	MaxAge   time.Duration
	// Events and Linger bound a batch: 1,000 messages, 50 ms after its first.
	Events int
	Linger time.Duration
	// AckWait is after how long NATS gives a message to somebody else that a dead process took: 15 s.
	AckWait time.Duration
	// SourceWait is after how long NATS brings a message again whose source is unknown or disabled here: 15 s.
	SourceWait time.Duration
	// Logger and Registry may be nil.
	Logger   *slog.Logger
	Registry prometheus.Registerer
}

const (
	consumerName  = "c360"
	batchBytes    = 4 << 20 // of one batch, unless it is one message that is larger
	maxAckPending = 50_000  // taken and not settled, or to come again, over all processes
)

// Inlet takes touchpoints from one stream. Make it with [Open].
type Inlet struct {
	Options
	js        jetstream.JetStream
	metrics   *metrics
	strangers strangers
}

// Open finds or makes the stream and the consumer, and says within seconds what is wrong if it cannot.
func Open(ctx context.Context, o Options) (*Inlet, error) {
	if o.Conn == nil || o.Ingest == nil || o.Now == nil {
		return nil, errors.New("inlet: Options needs Conn, Ingest and Now")
	}
	js, err := jetstream.New(o.Conn)
	if err != nil {
		return nil, err //nolint:wrapcheck // says which option is wrong
	}
	o = o.withDefaults()
	in := &Inlet{Options: o, js: js, metrics: newMetrics(o.Registry), strangers: strangers{logger: o.Logger, wait: o.SourceWait}}
	_, err = in.prepare(ctx)
	return in, err
}

func (o Options) withDefaults() Options {
	o.Stream = or(o.Stream, "C360_INLET")
	o.Subject = or(o.Subject, "c360.touchpoints")
	o.Replicas = or(o.Replicas, 1)
	o.MaxAge = or(o.MaxAge, 7*24*time.Hour)
	o.Events = or(o.Events, 1000)
	o.Linger = or(o.Linger, 50*time.Millisecond)
	o.AckWait = or(o.AckWait, 15*time.Second)
	o.SourceWait = or(o.SourceWait, 15*time.Second)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

func or[T comparable](given, otherwise T) T {
	var zero T
	if given == zero {
		return otherwise
	}
	return given
}

const (
	retryFirst = 100 * time.Millisecond
	retryLast  = 5 * time.Second
)

// Run takes messages until ctx ends, through every outage. The batch under way is finished first.
func (in *Inlet) Run(ctx context.Context) {
	for wait := retryFirst; ctx.Err() == nil; wait = min(2*wait, retryLast) {
		came, err := in.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		if came {
			wait = retryFirst
		}
		in.metrics.interruptions.Inc()
		in.Logger.WarnContext(ctx, "taking touchpoints from NATS is interrupted, trying again", slog.Any("error", err), slog.Duration("wait", wait))
		sleep(ctx, wait)
	}
}

// follow takes batch after batch until something fails; came says that one got through. While one is stored the next
// is gathered.
func (in *Inlet) follow(ctx context.Context) (came bool, err error) {
	consumer, err := in.prepare(ctx)
	if err != nil {
		return false, err
	}
	batches := make(chan held)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(batches)
		return in.gather(ctx, &feed{in: in, consumer: consumer}, batches)
	})
	g.Go(func() error {
		for b := range batches {
			if err := in.store(ctx, b); err != nil {
				return err
			}
			came = true
		}
		return nil
	})
	return came, g.Wait()
}

// gather hands on batches, each held from the moment it is whole.
func (in *Inlet) gather(ctx context.Context, f *feed, batches chan<- held) error {
	defer f.giveBack()
	for {
		batch, err := f.next(ctx)
		if err != nil {
			giveBack(batch)
			return err
		}
		if len(batch) == 0 {
			continue
		}
		b := in.hold(ctx, batch)
		select {
		case batches <- b:
		case <-ctx.Done():
			b.release()
			giveBack(batch)
			return ctx.Err()
		}
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
