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

// feed cuts what the consumer gives into batches. What was asked for and not yet taken is never more than a batch. Nothing
// keeps NATS from giving that to somebody else while the batches before it take longer than AckWait: then it is a
// duplicate that the log knows.
type feed struct {
	in       *Inlet
	consumer jetstream.Consumer
	open     jetstream.MessageBatch // the request under way; nil if there is none
	asked    int                    // messages it may bring
	came     int                    // messages of it so far
	alone    bool                   // the next message may be too large for a request of batchBytes
}

// next returns the next batch: full, or what came in Linger after its first message. It may be empty, and it may be
// there beside an error.
func (f *feed) next(ctx context.Context) ([]jetstream.Msg, error) {
	if err := f.ask(); err != nil {
		return nil, err
	}
	var batch []jetstream.Msg
	ripe := time.NewTimer(time.Hour)
	defer ripe.Stop()
	for f.came < f.asked {
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
		case <-ripe.C:
			return batch, nil
		case <-ctx.Done():
			return batch, ctx.Err()
		}
	}
	f.open, f.alone = nil, false
	return batch, nil
}

// ask opens a request if none is, for no more than a batch. A message that is larger ends such a request, as silence does;
// so when one brought nothing, the next message is asked for alone.
func (f *feed) ask() error {
	if f.open != nil {
		return nil
	}
	asked, bounds := f.in.Events, []jetstream.FetchOpt{jetstream.FetchMaxWait(fetchWait), jetstream.FetchMaxBytes(batchBytes)}
	if f.alone {
		asked, bounds = 1, bounds[:1]
	}
	open, err := f.consumer.Fetch(asked, bounds...)
	if err != nil {
		return fmt.Errorf("ask for messages: %w", err)
	}
	f.open, f.asked, f.came = open, asked, 0
	return nil
}

// ended looks at why a request ended. That nothing came is no error.
func (f *feed) ended() error {
	err := f.open.Error()
	nothing := f.came == 0 && err == nil && f.in.Conn.IsConnected()
	f.open, f.alone = nil, nothing && !f.alone
	if nothing && !f.alone {
		f.in.metrics.empty()
	}
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
