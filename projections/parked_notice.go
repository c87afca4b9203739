package projections

import (
	"context"
	"log/slog"
	"time"
)

// noticeEvery is how often a line about parked events is written at most.
const noticeEvery = 10 * time.Second

// notice tells the operator of parked events: the first batch that parks some gets a line at once, what is parked in
// the ten seconds after it shares the next one. A line says where to begin looking, and nothing of what an event
// holds: neither its data nor the words of a room, which may quote them.
type notice struct {
	logger  *slog.Logger
	first   parking
	events  int
	queued  int // of the events: were not tried, because one before them is parked
	resting bool
	rest    *time.Timer // fires when the next line may be written
}

func newNotice(l *slog.Logger) *notice {
	n := &notice{logger: l, rest: time.NewTimer(noticeEvery)}
	n.rest.Stop()
	return n
}

// add takes in what a step parks.
func (n *notice) add(all []parking) {
	for i := range all {
		if n.events == 0 || n.first.Behind && !all[i].Behind {
			n.first = all[i]
		}
		n.events++
		if all[i].Behind {
			n.queued++
		}
	}
}

// say writes the line, unless there is nothing to say or it is too early.
func (n *notice) say(ctx context.Context) {
	if n.events == 0 || n.resting {
		return
	}
	n.write(ctx)
	n.resting = true
	n.rest.Reset(noticeEvery)
}

// rested is called when rest fires.
func (n *notice) rested(ctx context.Context) {
	n.resting = false
	n.say(ctx)
}

// end says what is left to say.
func (n *notice) end(ctx context.Context) {
	n.rest.Stop()
	if n.events > 0 {
		n.write(ctx)
	}
}

func (n *notice) write(ctx context.Context) {
	room, reason := "", "behind a parked event"
	if why := n.first.why; why != nil {
		room, reason = why.room, why.class
	}
	n.logger.WarnContext(ctx, "events parked, see GET /v1/parked", slog.Int("events", n.events), slog.Int("queued", n.queued),
		slog.Uint64("position", uint64(n.first.Position)), slog.String("type", shortType(n.first.Type)),
		slog.String("room", room), slog.String("reason", reason))
	n.first, n.events, n.queued = parking{}, 0, 0
}

// shortType bounds a name that a source chose.
func shortType(s string) string { return s[:min(len(s), 64)] }
