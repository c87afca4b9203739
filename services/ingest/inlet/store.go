package inlet

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/services/ingest"
)

const (
	// takePatience is how long the log may take with one batch; a stop waits no longer.
	takePatience = 8 * time.Second
	// tries is how often a batch is tried before it is given back: about half a minute, or a minute and a half of a log
	// that answers nothing.
	tries = 10
)

// store makes a batch durable and settles it with NATS. On an error nothing of it was acknowledged.
func (in *Inlet) store(ctx context.Context, b held) error {
	defer b.release()
	batch := b.batch
	if err := in.Ingest.Ready(ctx); err != nil {
		giveBack(batch)
		return err //nolint:wrapcheck // ctx has ended
	}
	messages := in.carried(batch)
	wait := retryFirst
	for try := 1; ; try++ {
		_, refused, err := in.take(ctx, messages)
		if err == nil {
			in.settle(batch, messages, refused)
			return nil
		}
		in.metrics.failures.Inc()
		if try == tries || !sleep(ctx, wait) {
			giveBack(batch)
			in.metrics.returned.Add(float64(len(batch)))
			return err
		}
		in.Logger.WarnContext(ctx, "touchpoints from NATS are not stored yet, trying again",
			slog.Int("messages", len(batch)), slog.Int("try", try), slog.Any("error", err))
		wait = min(2*wait, retryLast)
	}
}

// take finishes what it began although c360 is told to stop.
func (in *Inlet) take(ctx context.Context, messages []ingest.Carried) (ingest.Outcome, []ingest.Refused, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), takePatience)
	defer cancel()
	return in.Ingest.Take(ctx, messages) //nolint:wrapcheck // says what is wrong and what to do
}

// held is a batch that NATS gives to nobody else until it is released.
type held struct {
	batch   []jetstream.Msg
	release func()
}

// hold keeps NATS from giving the batch to somebody else while it waits and is stored.
func (in *Inlet) hold(ctx context.Context, batch []jetstream.Msg) held {
	holding, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var beside sync.WaitGroup
	beside.Go(func() {
		for sleep(holding, in.AckWait/3) {
			for _, m := range batch {
				_ = m.InProgress() // if NATS does not hear it, the messages come again and are duplicates
			}
		}
	})
	return held{batch, func() {
		cancel()
		beside.Wait()
	}}
}

// settle acknowledges what is stored, has come again what may be known elsewhere or later, and ends what is refused: it
// would be refused again and again. An answer that gets lost brings the message once more, and the log knows it.
func (in *Inlet) settle(batch []jetstream.Msg, messages []ingest.Carried, refused []ingest.Refused) {
	not, again := make(map[int]ingest.Refused, len(refused)), 0
	for _, r := range refused {
		if not[r.Index] = r; r.Again {
			again++
		}
	}
	in.strangers.putOff(again)
	var last time.Time
	for i, m := range batch {
		switch r, ok := not[i]; {
		case !ok:
			_ = m.Ack()
			last = messages[i].At
		case r.Again:
			_ = m.NakWithDelay(in.SourceWait)
		default:
			_ = m.TermWithReason("refused: " + r.Reason)
		}
	}
	in.metrics.settled(len(batch), len(not)-again, again)
	if !last.IsZero() {
		in.metrics.lag.Set(max(0, in.Now().Sub(last).Seconds()))
	}
}

// carried turns messages into what services/ingest reads.
func (in *Inlet) carried(batch []jetstream.Msg) []ingest.Carried {
	room := in.strangers.room(in.Now())
	list := make([]ingest.Carried, len(batch))
	for i, m := range batch {
		list[i] = ingest.Carried{
			Source: strings.TrimPrefix(m.Subject(), in.Subject+"."), Header: attributes(m), Body: m.Data(),
		}
		meta, err := m.Metadata()
		if err != nil {
			continue // it came by no consumer of ours; then it is as old as its batch
		}
		list[i].At, list[i].Again = meta.Timestamp, room && meta.NumDelivered < sourceTries
		in.metrics.delivered(meta)
	}
	return list
}

// attributes are the headers that say something of the event. NATS keeps their case, and CloudEvents does not care.
func attributes(m jetstream.Msg) http.Header {
	var h http.Header
	for name, values := range m.Headers() {
		switch lower := strings.ToLower(name); {
		case len(values) == 0:
		case lower == "content-type", lower == "traceparent", strings.HasPrefix(lower, "ce-"):
			if h == nil {
				h = http.Header{}
			}
			h.Set(name, values[0])
		}
	}
	return h
}
