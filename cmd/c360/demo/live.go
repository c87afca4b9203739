package demo

import (
	"context"
	"iter"
	"slices"
	"time"
)

// Trickle yields what happens from an instant on, for ever: the weeks after End, played so fast that about
// perSecond touchpoints happen a second. A week is played in a fixed span of real time counted from End, so the
// same plan and rate give the same touchpoints at the same moments, and stopping and starting again repeats none.
func (c *Company) Trickle(from time.Time, perSecond int) iter.Seq[Touchpoint] {
	span := c.playedIn(perSecond)
	return func(yield func(Touchpoint) bool) {
		played := max(0, int(from.Sub(c.plan.End)/span))
		for ; ; played++ {
			start := c.plan.End.Add(time.Duration(played) * span)
			for _, t := range squeezed(c.after(played), start, span) {
				if !t.At.Before(from) && !yield(t) {
					return
				}
			}
		}
	}
}

// playedIn is how long a made-up week takes at that rate: a customer has 0.9 touchpoints a week.
func (c *Company) playedIn(perSecond int) time.Duration {
	return time.Duration(c.plan.Customers) * 900 * time.Millisecond / time.Duration(max(1, perSecond))
}

// after makes the week that many weeks after the end; the first is what is left of the week the end lies in, and
// the one after it. The weeks before are lived through only for what they still cause.
func (c *Company) after(played int) []Touchpoint {
	w := c.world()
	week := c.plan.week(c.plan.End) + 1 + played
	from := c.plan.weekStart(week)
	if played == 0 {
		from = c.plan.End
	}
	for n := max(0, week-6); n <= week; n++ {
		c.live(w, n)
	}
	var out []Touchpoint
	w.flush(c.plan.weekStart(week+1), func(t Touchpoint) bool {
		if !t.At.Before(from) {
			out = append(out, t)
		}
		return true
	})
	return out
}

// squeezed spreads touchpoints evenly over the span that begins at start; their order stays.
func squeezed(all []Touchpoint, start time.Time, span time.Duration) []Touchpoint {
	for i := range all {
		all[i].At = start.Add(span * time.Duration(i) / time.Duration(len(all))).Truncate(time.Millisecond)
	}
	return all
}

// Live sends the trickle as it happens, until ctx ends. now is the clock. The first story goes on in its first
// minutes (see Epilogue).
func (s *Sender) Live(ctx context.Context, c *Company, perSecond int, now func() time.Time) error {
	for t := range together(c.Epilogue(), c.Trickle(now(), perSecond)) {
		pause := t.At.Sub(now())
		if pause < -time.Minute {
			continue // the machine slept, or this part of the story was over before c360 started
		}
		if err := s.Client.Pause(ctx, max(pause, 0)); err != nil {
			return err
		}
		b := body{source: t.Source}
		b.add(&t)
		if err := s.post(ctx, t.Source, b.path(), b.finish(now())); err != nil {
			return err
		}
	}
	return nil
}

// together merges a few touchpoints into an endless row of them, by time.
func together(few []Touchpoint, all iter.Seq[Touchpoint]) iter.Seq[Touchpoint] {
	return func(yield func(Touchpoint) bool) {
		few := slices.Clone(few)
		for t := range all {
			for len(few) > 0 && few[0].At.Before(t.At) {
				if !yield(few[0]) {
					return
				}
				few = few[1:]
			}
			if !yield(t) {
				return
			}
		}
	}
}
