package churn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// drawAt draws a time: often that of a touchpoint, a moment beside it, or the beginning of a day.
func drawAt(t *rapid.T, h *history.History) int64 {
	if n := len(h.Touchpoints); n > 0 && rapid.Bool().Draw(t, "near") {
		return h.Touchpoints[rapid.IntRange(0, n-1).Draw(t, "place")].At + int64(rapid.IntRange(-1, 1).Draw(t, "beside"))
	}
	return epoch.UnixMicro() + int64(rapid.IntRange(0, 2*span).Draw(t, "day"))*oneDay + int64(rapid.IntRange(-1, 1).Draw(t, "edge"))
}

// drawEdge draws a time, mostly one just before or after the answer changes, where a touchpoint may well decide.
func drawEdge(t *rapid.T, p *churn.Program, h *history.History) int64 {
	at := drawAt(t, h)
	if _, due := p.At(h, at); due < standing.Never {
		return due + int64(rapid.IntRange(-3, 3).Draw(t, "days beside"))*oneDay
	}
	return at
}

// The answer does not change before due if nothing happens.
func TestNothingChangesBeforeDue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, p := drawHistory(t), program2(t, drawPolicy(t))
		at := drawAt(t, h)
		in, due := p.At(h, at)
		if due <= at {
			t.Fatalf("due %d is not after %d", due, at)
		}
		end := min(due, at+3*span*oneDay)
		if next := h.Until(at); next < len(h.Touchpoints) {
			end = min(end, h.Touchpoints[next].At)
		}
		for _, later := range []int64{at + 1, at + (end-at)/3, at + (end-at)/2, end - 1} {
			if later < at || later >= end {
				continue
			}
			got, dueLater := p.At(h, later)
			if got != in || dueLater != due {
				t.Fatalf("at %d: %v until %d; at %d before that: %v until %d", at, in, due, later, got, dueLater)
			}
		}
	})
}

// The due time is exact: it is when the answer changes.
func TestDueIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, p := drawHistory(t), program2(t, drawPolicy(t))
		at := drawAt(t, h)
		in, due := p.At(h, at)
		if next := h.Until(at); due == standing.Never || next < len(h.Touchpoints) && h.Touchpoints[next].At <= due {
			return
		}
		if got, _ := p.At(h, due); got == in {
			t.Fatalf("at %d: %v until %d, where it is still so", at, in, due)
		}
	})
}

// Who is flagged at a time is who has been flagged and not lowered since: one definition for live, backtest and page.
func TestChangesAgreeWithAt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, p := drawHistory(t), program2(t, drawPolicy(t))
		at := drawEdge(t, p, h)
		changes := standing.Changes(p, h, on(-1), at)
		in, _ := p.At(h, at)
		if flagged := len(changes) > 0 && changes[len(changes)-1].In; flagged != in {
			t.Fatalf("At says %v, the changes until then are %+v", in, changes)
		}
	})
}

// What happens later changes nothing.
func TestNoLookAhead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, p := drawHistory(t), program2(t, drawPolicy(t))
		at := drawAt(t, h)
		then := until(h, at)
		if diff := cmp.Diff(p.Score(then, at), p.Score(h, at)); diff != "" {
			t.Fatalf("what happened later changed the answer (-then +now):\n%s", diff)
		}
	})
}

func until(h *history.History, at int64) *history.History {
	return history.Merge(&history.Fragment{ID: h.Customer, Touchpoints: slices.Clone(h.Touchpoints[:h.Until(at)])})
}

// How a customer's touchpoints are spread over fragments changes nothing, nor does the order of the fragments.
func TestFragmentsDoNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, p := drawHistory(t), program2(t, drawPolicy(t))
		at := drawAt(t, h)
		var a, b history.Fragment
		a.ID[0], b.ID[0] = 1, 2
		for _, x := range h.Touchpoints {
			if rapid.Bool().Draw(t, "a") {
				a.Touchpoints = append(a.Touchpoints, x)
			} else {
				b.Touchpoints = append(b.Touchpoints, x)
			}
		}
		want := p.Score(h, at)
		for _, other := range []*history.History{history.Merge(&a, &b), history.Merge(&b, &a)} {
			if diff := cmp.Diff(want, p.Score(other, at)); diff != "" {
				t.Fatalf("other fragments, another score:\n%s", diff)
			}
		}
	})
}

// Reasons add up, points agree with the flag, and evidence lies in the past.
func TestScoreIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, p := drawHistory(t), program2(t, drawPolicy(t))
		at := drawAt(t, h)
		s := p.Score(h, at)
		in, due := p.At(h, at)
		if s.In != in || s.Due != due {
			t.Fatalf("Score says %v, %d; At says %v, %d", s.In, s.Due, in, due)
		}
		checkReasons(t, h, s)
		if s.Points < 0 || s.Points > 100 || in && s.Points < 50 || in && !s.Known {
			t.Fatalf("%d points, flagged %v, known %v", s.Points, in, s.Known)
		}
		if gone := s.Note.En != ""; !in && s.Points > 50 && !gone {
			t.Fatalf("%d points and no flag", s.Points)
		}
	})
}

func checkReasons(t *rapid.T, h *history.History, s churn.Score) {
	sum := 0
	for _, r := range s.Reasons {
		sum += r.Points
		for _, ref := range r.Touchpoints {
			if ref.At > s.At || !slices.ContainsFunc(h.Touchpoints, func(x history.Touchpoint) bool { return x.Ref() == ref }) {
				t.Fatalf("reason %s stands on %v, which had not happened", r.Code, ref)
			}
		}
		if r.Words.Ko == "" || r.Words.En == "" || len(r.Touchpoints) > churn.MaxTouchpoints || len(r.Touchpoints) == 0 {
			t.Fatalf("reason %+v", r)
		}
	}
	if s.Known && sum != s.Points {
		t.Fatalf("reasons add up to %d of %d points: %+v", sum, s.Points, s.Reasons)
	}
	if !slices.IsSortedFunc(s.Reasons, func(a, b churn.Reason) int { return b.Points - a.Points }) {
		t.Fatalf("reasons are not ranked: %+v", s.Reasons)
	}
}

// Somebody idle is looked at once: from a time on, time alone changes the answer at most twice (up, then gone).
func TestIdleCustomersAreNotLookedAtEveryDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, p := drawHistory(t), program2(t, drawPolicy(t))
		at := epoch.UnixMicro() + 3*span*oneDay
		looks := 0
		for at < standing.Never && looks < 4 {
			_, at = p.At(h, at)
			looks++
		}
		if looks > 3 {
			t.Fatalf("%d looks at somebody idle", looks)
		}
	})
}

// 1,000 decisions: without a pivotal touchpoint the decision is the other one, without any other it is the same.
func TestPivotal(t *testing.T) {
	t.Parallel()
	decisions, pivotal, others := 0, 0, 0
	check := func(t *rapid.T) {
		h, p := drawHistory(t), program2(t, drawPolicy(t))
		at := drawEdge(t, p, h)
		in, _ := p.At(h, at)
		refs := p.Pivotal(h, at)
		for i := range h.Touchpoints {
			ref := h.Touchpoints[i].Ref()
			without, _ := p.At(h.Without(ref), at)
			if flips := without != in; flips != slices.Contains(refs, ref) {
				t.Fatalf("without %v it is %v instead of %v; pivotal are %v", ref, without, in, refs)
			}
			others++
		}
		decisions, pivotal, others = decisions+1, pivotal+len(refs), others-len(refs)
	}
	for decisions < 1000 {
		rapid.Check(t, check)
	}
	t.Logf("%d decisions, %d pivotal touchpoints, %d others", decisions, pivotal, others)
	if pivotal < decisions/20 {
		t.Errorf("only %d pivotal touchpoints in %d decisions: the drawn histories show nothing", pivotal, decisions)
	}
}

// Scaled flags exactly those who have more than that ratio.
func TestScaled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, policy := drawHistory(t), drawPolicy(t)
		policy.UntilDays = 0
		at := drawAt(t, h)
		ratio := rapid.Float64Range(.3, 1.8).Draw(t, "ratio")
		scaled, err := policy.Scaled(ratio)
		if err != nil {
			return // fall beyond the whole
		}
		was := program2(t, policy).Score(h, at)
		in, _ := program2(t, scaled).At(h, at)
		border := 100 * ratio / (1 + ratio)
		if points := float64(was.Points); math.Abs(points-border) > .5001 && in != (points > border) {
			t.Fatalf("%d points, threshold %.2f, flagged %v", was.Points, border, in)
		}
	})
}

func program2(t *rapid.T, policy churn.Policy) *churn.Program {
	p, err := churn.Compile(policy)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
