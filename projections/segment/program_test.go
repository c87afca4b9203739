package segment_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
)

// instants are times worth asking at: a grid, every touchpoint, each day's beginning and what comes an instant before
// and after all these.
func instants(h *history.History, more ...int64) []int64 {
	all := more
	for at := start - day; at <= start+16*day; at += hour {
		all = append(all, at)
	}
	for i := range h.Touchpoints {
		all = append(all, h.Touchpoints[i].At)
	}
	for _, at := range slices.Clone(all) {
		all = append(all, at-1, at+1)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestDue asks at every instant, and makes sure that no answer changes before it was due unless something happened.
func TestDue(t *testing.T) {
	t.Parallel()
	v := words(t)
	rapid.Check(t, func(t *rapid.T) {
		d := roll(t)
		p, h := compile(t, v, drawRule(d, 2)), drawHistory(d, 14)
		var dues []int64
		for _, at := range instants(h) {
			if _, due := p.At(h, at); due != standing.Never {
				dues = append(dues, due)
			}
		}
		was, until := false, int64(math.MinInt64)
		for _, at := range instants(h, dues...) {
			in, due := p.At(h, at)
			if due <= at {
				t.Fatalf("at %d it is due at %d", at-start, due-start)
			}
			happened := h.Until(at) > h.Until(at-1)
			if in != was && at < until && !happened {
				t.Fatalf("at %d the answer is %v; it was due at %d\n%s", at-start, in, until-start, p.Rule().JSON())
			}
			if was = in; happened || at >= until || due > until {
				until = due
			}
		}
	})
}

// TestChanges compares the replay with asking at every instant.
func TestChanges(t *testing.T) {
	t.Parallel()
	v := words(t)
	rapid.Check(t, func(t *rapid.T) {
		d := roll(t)
		p, h := compile(t, v, drawRule(d, 2)), drawHistory(d, 14)
		from, to := start+int64(d.between(-1, 9))*day, start+15*day
		var want, got []int64
		in := false
		for _, at := range instants(h, dues(p, h)...) {
			if yes, _ := p.At(h, at); at >= from && at <= to && yes != in {
				in, want = yes, append(want, at)
			}
		}
		for _, c := range standing.Changes(p, h, from, to) {
			got = append(got, c.At)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-asked +replayed)\n%s", p.Rule().JSON(), diff)
		}
	})
}

func dues(p *segment.Program, h *history.History) []int64 {
	var all []int64
	for _, at := range instants(h) {
		if _, due := p.At(h, at); due != standing.Never {
			all = append(all, due)
		}
	}
	return all
}

// TestNothingLaterIsSeen cuts a history off at a time and asks before it.
func TestNothingLaterIsSeen(t *testing.T) {
	t.Parallel()
	v := words(t)
	rapid.Check(t, func(t *rapid.T) {
		d := roll(t)
		p, h := compile(t, v, drawRule(d, 2)), drawHistory(d, 14)
		at := start + int64(d.between(0, 240))*hour
		short := history.Merge(&history.Fragment{ID: h.Customer, Touchpoints: h.Touchpoints[:h.Until(at)], Kinds: known(h, at)})
		for _, when := range instants(h) {
			a, _ := p.At(h, when)
			if b, _ := p.At(short, when); when <= at && a != b {
				t.Fatalf("%s at %d: %v, without what came later %v", p.Rule().JSON(), when-start, a, b)
			}
		}
		if a, b := p.Explain(h, at), p.Explain(short, at); cmp.Diff(a.Root, b.Root) != "" || cmp.Diff(a.Pivotal, b.Pivotal) != "" {
			t.Fatalf("explained otherwise:\n%s", cmp.Diff(a, b))
		}
	})
}

func known(h *history.History, at int64) []history.Kind {
	return slices.DeleteFunc(slices.Clone(h.Kinds), func(k history.Kind) bool { return k.Since > at })
}

// TestPivotal takes away every touchpoint of 1,000 decisions in turn: it turns the answer over if it is called pivotal, and
// never if it is not.
func TestPivotal(t *testing.T) {
	t.Parallel()
	v := words(t)
	decisions, turned := 0, 0
	for decisions < 1000 {
		rapid.Check(t, func(t *rapid.T) {
			d := roll(t)
			p, h := compile(t, v, drawRule(d, 1)), drawHistory(d, 30)
			at := start + int64(d.between(0, 260))*hour
			e := p.Explain(h, at)
			if in, _ := p.At(h, at); in != e.In || in != e.Root.Passed {
				t.Fatalf("%s: in %v, explained as %v, %v", p.Rule().JSON(), in, e.In, e.Root.Passed)
			}
			for i := range h.Touchpoints {
				r := h.Touchpoints[i].Ref()
				without, _ := p.At(h.Without(r), at)
				if pivotal := slices.Contains(e.Pivotal, r); (without != e.In) != pivotal {
					t.Fatalf("%s at %d: without %+v it is %v, not %v; called pivotal: %v", p.Rule().JSON(), at-start, r, without, e.In, pivotal)
				}
			}
			decisions, turned = decisions+1, turned+len(e.Pivotal)
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d decisions, %d pivotal touchpoints", decisions, turned)
	if turned < decisions/10 {
		t.Errorf("only %d touchpoints of %d decisions were pivotal; the draw is too dull to show anything", turned, decisions)
	}
}

// TestNotAndGroups holds the logic of groups against that of their parts.
func TestNotAndGroups(t *testing.T) {
	t.Parallel()
	v := words(t)
	rapid.Check(t, func(t *rapid.T) {
		d := roll(t)
		a, b, h := drawRule(d, 1), drawRule(d, 1), drawHistory(d, 14)
		one, two := compile(t, v, a), compile(t, v, b)
		not := compile(t, v, fmt.Sprintf(`{"not":%s}`, a))
		every, some := compile(t, v, fmt.Sprintf(`{"all":[%s,%s]}`, a, b)), compile(t, v, fmt.Sprintf(`{"any":[%s,%s]}`, a, b))
		for _, at := range instants(h) {
			x, _ := one.At(h, at)
			y, _ := two.At(h, at)
			if n, _ := not.At(h, at); n == x {
				t.Fatalf("not %s is %v", a, n)
			}
			both, _ := every.At(h, at)
			either, _ := some.At(h, at)
			if both != (x && y) || either != (x || y) {
				t.Fatalf("%s is %v, %s is %v; all %v, any %v", a, x, b, y, both, either)
			}
		}
	})
}
