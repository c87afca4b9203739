package inlet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// fetchWait is how long one request for messages stays open. A request that a lost connection swallowed is not missed
// for longer, and a stop waits no longer for what is on its way.
const fetchWait = time.Second

// feed cuts what the consumer gives into batches. What was asked for and not yet taken is never more than a batch.
type feed struct {
	in       *Inlet
	consumer jetstream.Consumer
	open     jetstream.MessageBatch // the request under way; nil if there is none
	came     int                    // messages of it so far
}

// next returns the next batch: full, or what came in Linger after its first message. It may be empty, and it may be
// there beside an error. Where NATS takes very large messages one request may bring several batches.
func (f *feed) next(ctx context.Context) ([]jetstream.Msg, error) {
	if err := f.ask(); err != nil {
		return nil, err
	}
	var batch []jetstream.Msg
	size := 0
	ripe := time.NewTimer(time.Hour)
	defer ripe.Stop()
	for f.came < f.in.Events {
		select {
		case m, ok := <-f.open.Messages():
			if !ok {
				return batch, f.ended()
			}
			if len(batch) == 0 {
				ripe.Reset(f.in.Linger)
			}
			batch = append(batch, m)
			f.came++
			if size += len(m.Data()); size >= batchBytes { // services/ingest has no room for more
				return batch, nil
			}
		case <-ripe.C:
			return batch, nil
		case <-ctx.Done():
			return batch, ctx.Err()
		}
	}
	f.open = nil
	return batch, nil
}

// ask opens a request if none is.
func (f *feed) ask() error {
	if f.open != nil {
		return nil
	}
	most := max(batchBytes, int(f.in.Conn.MaxPayload())+64<<10) // one message always fits, with its subjects
	open, err := f.consumer.Fetch(f.in.Events, jetstream.FetchMaxBytes(most), jetstream.FetchMaxWait(fetchWait))
	if err != nil {
		return fmt.Errorf("ask for messages: %w", err)
	}
	f.open, f.came = open, 0
	return nil
}

// ended looks at why a request ended. That nothing came is no error.
func (f *feed) ended() error {
	err := f.open.Error()
	if f.came == 0 && err == nil && f.in.Conn.IsConnected() {
		f.in.metrics.empty()
	}
	f.open = nil
	if err == nil || errors.Is(err, jetstream.ErrConsumerLeadershipChanged) {
		return nil
	}
	return fmt.Errorf("wait for messages: %w", err)
}

// giveBack returns what came and was not looked at, so that others need not wait for it. A request cannot be taken back,
// so what NATS still sends for it is waited for.
func (f *feed) giveBack() {
	if f.open == nil {
		return
	}
	for m := range f.open.Messages() {
		giveBack([]jetstream.Msg{m})
	}
	f.open = nil
}

// giveBack asks NATS to deliver messages again, to whoever is there. If it does not hear that, it does so after AckWait.
func giveBack(batch []jetstream.Msg) {
	for _, m := range batch {
		_ = m.Nak()
	}
}
