package pace_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/replay/pace"
)

// TestSpeed: silences are those between the events, divided by the speed, and no longer than the longest pause.
func TestSpeed(t *testing.T) {
	t.Parallel()
	const s = time.Second
	for _, c := range []struct {
		name   string
		change func(*pace.Options)
		want   []time.Duration
	}{
		{"as fast as it goes", func(*pace.Options) {}, nil},
		{"as it happened", func(o *pace.Options) { o.Speed = 1 }, []time.Duration{10 * s, 300 * s, s}},
		{"sixty times as fast", func(o *pace.Options) { o.Speed = 60 }, []time.Duration{s / 6, 5 * s, s / 60}},
		{"half as fast", func(o *pace.Options) { o.Speed = 0.5 }, []time.Duration{20 * s, 600 * s, 2 * s}},
		{"a longest pause", func(o *pace.Options) { o.Speed, o.MaxGap = 1, 15*s }, []time.Duration{10 * s, 15 * s, s}},
		{"what occurred late", func(o *pace.Options) { o.Speed, o.Clock = 1, pace.Occurred }, []time.Duration{10 * s, 300 * s, s}},
		{"filtered", func(o *pace.Options) {
			o.Speed = 1
			o.Filter.Sources = []string{"pos"}
		}, []time.Duration{301 * s}},
		{"from the middle", func(o *pace.Options) { o.Speed, o.From, o.To = 1, 3, 4 }, []time.Duration{300 * s}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := setup(t)
			x.morning(t)
			o := x.options()
			c.change(&o)
			if _, got := x.told(t, o); !slices.EqualFunc(got, c.want, near) {
				t.Errorf("slept %v, want %v", got, c.want)
			}
		})
	}
}

func near(a, b time.Duration) bool { return (a - b).Abs() < time.Microsecond }

// TestLate: small delays are made up, long ones are not.
func TestLate(t *testing.T) {
	t.Parallel()
	x := setup(t)
	for i := range 5 {
		x.happens(t, time.Duration(i)*10*time.Second, 0, "page.viewed", "web", events.ChannelWeb, "anna")
	}
	o := x.options()
	o.Speed = 1
	delays := []time.Duration{0, 300 * time.Millisecond, 15 * time.Second, 0, 0}
	_, err := pace.Run(t.Context(), x.log, o, func(r *events.Recorded) error {
		x.passes(delays[r.Position-1])
		return nil
	})
	must(t, err)
	want := []time.Duration{10 * time.Second, 9700 * time.Millisecond, 10 * time.Second}
	if !slices.EqualFunc(x.slept, want, near) {
		t.Errorf("slept %v, want %v", x.slept, want)
	}
}

// TestFilter: each filter takes what it says, and all of them together what all take.
func TestFilter(t *testing.T) {
	t.Parallel()
	x := setup(t)
	x.morning(t)
	anna, _ := events.FragmentOf([]events.Identifier{{Kind: events.KindUserID, Value: "anna", Grade: events.Asserted}})
	for _, c := range []struct {
		f    pace.Filter
		want string
	}{
		{pace.Filter{}, "[1 2 3 4 5]"},
		{pace.Filter{Types: []string{"call.ended", "page.viewed"}}, "[1 4]"},
		{pace.Filter{Types: []string{"order.*"}}, "[2 3]"},
		{pace.Filter{Channels: []events.Channel{events.ChannelStore, events.ChannelCall}}, "[2 3 4]"},
		{pace.Filter{Sources: []string{"pos"}}, "[2 3 5]"},
		{pace.Filter{Sources: []string{"pos/store-12"}}, "[2]"},
		{pace.Filter{Fragments: []uuid.UUID{anna}}, "[1 3 4]"},
		{pace.Filter{Fragments: []uuid.UUID{}}, "[]"},
		{pace.Filter{Fragments: []uuid.UUID{anna}, Sources: []string{"pos"}, Types: []string{"order.*"}}, "[3]"},
	} {
		o := x.options()
		o.Filter = c.f
		if got, _ := x.told(t, o); fmt.Sprint(got) != c.want {
			t.Errorf("%+v takes %v, want %s", c.f, got, c.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	x := setup(t)
	x.morning(t)
	for name, change := range map[string]func(*pace.Options){
		"a negative speed": func(o *pace.Options) { o.Speed = -1 },
		"no clock":         func(o *pace.Options) { o.Now = nil },
		"another clock":    func(o *pace.Options) { o.Clock = "received" },
		"a negative pause": func(o *pace.Options) { o.MaxGap = -1 },
		"no end":           func(o *pace.Options) { o.Follow, o.To = true, 3 },
		"the wrong way":    func(o *pace.Options) { o.From, o.To = 4, 2 },
	} {
		o := x.options()
		change(&o)
		end, err := pace.Run(t.Context(), x.log, o, func(*events.Recorded) error { t.Error("told"); return nil })
		if err == nil || end != (pace.End{}) {
			t.Errorf("%s: %+v, %v", name, end, err)
		}
	}
}

// TestInterrupted: a pause ends with its context, and so does following; the end says how far it came.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	x := setup(t)
	x.morning(t)
	ctx, cancel := context.WithCancel(t.Context())
	o := x.options()
	o.Speed = 1
	o.Sleep = func(ctx context.Context, d time.Duration) error {
		if d > time.Minute {
			cancel()
			return pace.Sleep(ctx, time.Hour)
		}
		return nil
	}
	end, err := pace.Run(ctx, x.log, o, func(*events.Recorded) error { return nil })
	if !errors.Is(err, context.Canceled) || end != (pace.End{Count: 3, Position: 3}) {
		t.Errorf("interrupted at %+v, %v", end, err)
	}
}

// TestFollow: at the end of the log a replay goes on with what comes in, at once.
func TestFollow(t *testing.T) {
	t.Parallel()
	x := setup(t)
	x.morning(t)
	ctx, cancel := context.WithCancel(t.Context())
	o := x.options()
	o.Speed, o.Follow, o.From = 1, true, 5
	told := make(chan events.Position)
	ended := make(chan error)
	go func() {
		_, err := pace.Run(ctx, x.log, o, func(r *events.Recorded) error { told <- r.Position; return nil })
		ended <- err
	}()
	for i := range 3 {
		if p := <-told; p != events.Position(5+i) {
			t.Errorf("told of position %d, want %d", p, 5+i)
		}
		x.happens(t, time.Duration(400+i)*time.Hour, 0, "page.viewed", "web", events.ChannelWeb, "anna")
	}
	<-told
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) || len(x.slept) != 0 {
		t.Errorf("ended with %v after sleeping %v", err, x.slept)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"": 0, "0": 0, "60x": 60, "0.5x": 0.5, "1": 1, "x": -1, "-1x": -1, "NaN": -1, "Inf": -1, "fast": -1} {
		got, err := pace.ParseSpeed(text)
		if (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	x := setup(t)
	x.morning(t)
	at := func(d time.Duration) string { return day.Add(d).Format(time.RFC3339Nano) }
	for text, want := range map[string][2]events.Position{
		"": {0, 0}, "3": {3, 3}, at(0): {1, 1}, at(10 * time.Second): {2, 3}, at(11 * time.Second): {4, 3}, "2026-05-03": {1, 5}, at(time.Hour): {6, 5},
	} {
		from, err := pace.ParseFrom(t.Context(), x.log, text, time.UTC)
		to, toErr := pace.ParseTo(t.Context(), x.log, text, time.UTC)
		if err != nil || toErr != nil || from != want[0] || to != want[1] {
			t.Errorf("%q is from %d, %v, to %d, %v; want %v", text, from, err, to, toErr, want)
		}
	}
	for _, text := range []string{"yesterday", "-1", "2026-13-01"} {
		if _, err := pace.ParseFrom(t.Context(), x.log, text, time.UTC); err == nil {
			t.Errorf("%q was taken as a beginning", text)
		}
		if _, err := pace.ParseTo(t.Context(), x.log, text, time.UTC); err == nil {
			t.Errorf("%q was taken as an end", text)
		}
	}
	if _, err := pace.ParseTo(t.Context(), x.log, "1999-01-01", time.UTC); err == nil {
		t.Error("a time before everything was taken as an end")
	}
}
