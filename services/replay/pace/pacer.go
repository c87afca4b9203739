package pace

import (
	"context"
	"time"

	"github.com/c360hq/c360/events"
)

// patience is how far behind its schedule a replay may fall and still catch up. One that was held up for longer goes
// on from there, at its pace: who could not take an event is not flooded with the next ones.
const patience = time.Second

// pacer says how long to wait before each event.
type pacer struct {
	speed  float64
	clock  Clock
	maxGap time.Duration
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
	latest time.Time // of the events so far, by the clock of the replay
	due    time.Time // when the latest was to be told
}

func newPacer(o *Options) *pacer {
	p := &pacer{speed: o.Speed, clock: o.Clock, maxGap: o.MaxGap, now: o.Now, sleep: o.Sleep}
	if p.sleep == nil {
		p.sleep = Sleep
	}
	return p
}

// pause returns how long to wait before an event. Pauses are counted from when the one before was due, not from when
// it was told, so that small delays do not add up.
func (p *pacer) pause(r *events.Recorded) time.Duration {
	if p.speed == 0 {
		return 0
	}
	now := p.now()
	if p.due.IsZero() {
		p.due, p.latest = now, p.timeOf(r)
		return 0
	}
	p.due = p.due.Add(p.gap(r))
	if now.Sub(p.due) > patience {
		p.due = now
	}
	return max(0, p.due.Sub(now))
}

// gap is the silence before an event at the speed of the replay.
func (p *pacer) gap(r *events.Recorded) time.Duration {
	t := p.timeOf(r)
	passed := t.Sub(p.latest)
	if passed <= 0 {
		return 0
	}
	p.latest = t
	slowed := float64(passed) / p.speed
	if p.maxGap > 0 && slowed > float64(p.maxGap) {
		return p.maxGap
	}
	if slowed > float64(longest) {
		return longest
	}
	return time.Duration(slowed)
}

// longest keeps a silence of centuries within what a Duration holds.
const longest = 365 * 24 * time.Hour

func (p *pacer) timeOf(r *events.Recorded) time.Time {
	if p.clock == Occurred {
		return r.Time
	}
	return r.RecordedAt
}
