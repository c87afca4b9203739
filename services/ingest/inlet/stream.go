package inlet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// preparePatience is how long JetStream may take to answer.
const preparePatience = 5 * time.Second

// prepare returns the consumer that all ingest processes share, with the stream below it; what is missing is made.
func (in *Inlet) prepare(ctx context.Context) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, preparePatience)
	defer cancel()
	stream, err := in.stream(ctx)
	if err != nil {
		return nil, in.explain("stream "+in.Stream, err)
	}
	if err := in.check(stream.CachedInfo().Config); err != nil {
		return nil, err
	}
	consumer, err := stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: consumerName, Description: "touchpoints on their way into the log of c360",
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: in.AckWait, MaxAckPending: maxAckPending, MaxDeliver: -1,
		FilterSubject: in.Subject + ".>",
	})
	if err != nil {
		return nil, in.explain("consumer "+consumerName+" of stream "+in.Stream, err)
	}
	return consumer, nil
}

func (in *Inlet) stream(ctx context.Context) (jetstream.Stream, error) {
	stream, err := in.js.Stream(ctx, in.Stream)
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return stream, err //nolint:wrapcheck // explain wraps it
	}
	stream, err = in.js.CreateStream(ctx, jetstream.StreamConfig{
		Name: in.Stream, Description: "touchpoints for c360, one CloudEvent a message", Subjects: []string{in.Subject + ".>"},
		Retention: jetstream.LimitsPolicy, Storage: jetstream.FileStorage, MaxAge: in.MaxAge, Replicas: in.Replicas,
	})
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another process was faster
		return in.js.Stream(ctx, in.Stream) //nolint:wrapcheck // explain wraps it
	}
	return stream, err //nolint:wrapcheck // explain wraps it
}

// check refuses a stream that somebody else made and that would lose touchpoints.
func (in *Inlet) check(c jetstream.StreamConfig) error {
	switch {
	case c.Retention != jetstream.LimitsPolicy:
		return fmt.Errorf("inlet: stream %s has %s retention, which loses messages when a link between NATS servers breaks; "+
			"make it one with limits retention and a max age", in.Stream, c.Retention)
	case !slices.Contains(c.Subjects, in.Subject+".>") && c.Mirror == nil && len(c.Sources) == 0:
		return fmt.Errorf("inlet: stream %s does not take %s.>; add the subject to it, or remove it and c360 makes its own", in.Stream, in.Subject)
	}
	return nil
}

// explain says what to do about a JetStream that does not play along.
func (in *Inlet) explain(what string, err error) error {
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount),
		errors.Is(err, nats.ErrNoResponders):
		return fmt.Errorf("inlet: %s: %w; switch JetStream on in the NATS server and for this account", what, err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, jetstream.ErrNoStreamResponse):
		return fmt.Errorf("inlet: %s: no answer from JetStream (%w); is it running, and may this account publish to $JS.API.> "+
			"and subscribe to _INBOX.>? The last word of the server: %w", what, err, or(in.Conn.LastError(), errSilence))
	}
	return fmt.Errorf("inlet: %s: %w", what, err)
}

var errSilence = errors.New("nothing")
