package esdblog

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/time/rate"
)

// watch asks the server from time to time where the log ends, so that it is noticed while nobody appends that nothing
// arrives any more: a connection on which no answer comes is replaced (link.lost), and a subscription that brings nothing
// in the time of a call, though the server holds more, begins anew.
func (f *follower) watch(ctx context.Context) {
	defer f.log.done.Done()
	tick := time.NewTicker(f.log.Timeout)
	defer tick.Stop()
	at, end := f.log.index.End().Place, noStream
	for {
		select {
		case <-tick.C:
		case <-f.log.life.Failed():
			return
		case <-ctx.Done():
			return
		}
		before := at
		at = f.log.index.End().Place
		if tip, _ := f.state(); tip < end && at == before {
			f.log.Logger.WarnContext(ctx, "the server holds more of the log and tells nothing of it; it is asked anew", "log", f.log.link.place())
			f.again()
		}
		if t, err := f.log.link.tail(ctx); err == nil {
			end = t.revision
		}
	}
}

// trouble tells why the log cannot be followed: once, and again when it is another reason, but never faster than somebody
// can read.
type trouble struct {
	logger *slog.Logger
	place  string
	rate   *rate.Limiter
	told   string // "": all is well
}

const (
	troubleEvery = 10 * time.Second
	troubleBurst = 3
)

// says tells of an error that ended the following. An end of ctx, of the subscription too, is none.
func (t *trouble) says(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil || errors.Is(err, context.Canceled) || err.Error() == t.told || !t.rate.Allow() {
		return
	}
	t.told = err.Error()
	t.logger.WarnContext(ctx, "the log cannot be followed; it is tried again and again", "log", t.place, "error", err)
}

// over tells that the log is followed again.
func (t *trouble) over(ctx context.Context) {
	if t.told != "" {
		t.logger.InfoContext(ctx, "the log is followed again", "log", t.place)
	}
	t.told = ""
}
