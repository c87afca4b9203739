package churn

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// known says whether enough is known of the customer to judge, and what is missing if not.
func (r *reading) known() (missing events.Text, known bool) {
	need := 1
	switch p := &r.policy; {
	case p.Rhythm != nil:
		need = p.Rhythm.MinVisits
	case p.Model != nil:
		need = p.Model.MinDays
	case len(r.days) > 0:
		return r.lived()
	}
	if len(r.days) >= need {
		return events.Text{}, true
	}
	return events.Text{
		Ko: fmt.Sprintf("%s한 날이 %d일뿐입니다. 판단하려면 %d일이 필요합니다.", r.word().Ko, len(r.days), need),
		En: fmt.Sprintf("There are days of %s: %d; %d are needed to judge.", r.word().En, len(r.days), need),
	}, false
}

// word is what is counted.
func (r *reading) word() events.Text {
	if r.counter.purchases {
		return events.Text{Ko: "구매", En: "purchases"}
	}
	return events.Text{Ko: "방문", En: "visits"}
}

// lived says whether the customer has been there for long enough to have a before.
func (r *reading) lived() (missing events.Text, known bool) {
	c := r.policy.Decline
	need := day(c.WindowDays * (c.MinWindows + 1))
	lived := r.today - r.days[len(r.days)-1]
	if lived >= need {
		return events.Text{}, true
	}
	return events.Text{
		Ko: fmt.Sprintf("첫 방문 후 %d일뿐입니다. 판단하려면 %d일이 필요합니다.", lived, need),
		En: fmt.Sprintf("The first visit was %d days ago; %d are needed to judge.", lived, need),
	}, false
}

// gone says that the customer is beyond slipping.
func (r *reading) gone() events.Text {
	return events.Text{
		Ko: fmt.Sprintf("%d일 넘게 소식이 없어 이탈한 고객으로 봅니다.", r.policy.UntilDays),
		En: fmt.Sprintf("Silent for more than %d days: counts as gone, no longer as slipping.", r.policy.UntilDays),
	}
}

// reasons are the parts of a score of so many points, the heaviest first: what the policy looks at, and bad news by weight.
func (r *reading) reasons(points int) []Reason {
	if r.ratio <= 0 {
		return nil
	}
	list, parts := r.main()
	for i, n := range r.news {
		if t := r.bad[i]; t != nil {
			list, parts = append(list, r.newsReason(n, t)), append(parts, n.weight)
		}
	}
	for i, n := range spread(points, parts) {
		list[i].Points = n
	}
	slices.SortStableFunc(list, func(a, b Reason) int { return cmp.Compare(b.Points, a.Points) })
	return list
}

// main are the reasons that the policy's own kind has. Their parts add up to 1.
func (r *reading) main() ([]Reason, []float64) {
	switch {
	case r.policy.Rhythm != nil:
		return []Reason{r.silence()}, []float64{1}
	case r.policy.Model != nil:
		return []Reason{r.chance()}, []float64{1}
	}
	return r.falls()
}

func (r *reading) silence() Reason {
	gap, _ := r.policy.Rhythm.gap(r.days)
	limit, _ := r.policy.Rhythm.limit(r.days)
	silence := float64(r.today - r.days[0])
	ko, en := r.word().Ko, "comes"
	if r.counter.purchases {
		en = "buys"
	}
	return Reason{
		Code: "silence",
		Words: events.Text{
			Ko: fmt.Sprintf("%s일째 %s 없음 (평소 %s일마다 %s)", number(silence), ko, number(gap), ko),
			En: fmt.Sprintf("silent for %s days (usually %s every %s days)", number(silence), en, number(gap)),
		},
		Numbers:     []Number{{"silence_days", silence}, {"usual_gap_days", gap}, {"limit_days", limit / r.boost}, {"visits", float64(len(r.days))}},
		Touchpoints: r.behind(func(day, events.Channel) bool { return true }),
	}
}

func (r *reading) chance() Reason {
	x, tx, t := buyer(r.days, r.today)
	silence := float64(r.today - r.days[0])
	alive, weeks := r.alive.Alive(x, tx, t), r.policy.Model.WithinWeeks
	ko, en := fmt.Sprintf("아직 고객일 확률 %d%%", percent(alive)), fmt.Sprintf("still a customer with probability %d%%", percent(alive))
	if weeks > 0 {
		expected := r.alive.Expected(weeks, x, tx, t)
		ko = fmt.Sprintf("앞으로 %s주 동안 예상 %s %.1f일", number(weeks), r.word().Ko, expected)
		en = fmt.Sprintf("%.1f days of %s expected in the next %s weeks", expected, r.word().En, number(weeks))
	}
	return Reason{
		Code: "model",
		Words: events.Text{
			Ko: fmt.Sprintf("%s (%s한 날 %d일, 마지막은 %s일 전)", ko, r.word().Ko, x+1, number(silence)),
			En: fmt.Sprintf("%s (%d days of %s, the last one %s days ago)", en, x+1, r.word().En, number(silence)),
		},
		Numbers: []Number{
			{"alive", alive},
			{"expected_52_weeks", r.alive.Expected(52, x, tx, t)},
			{"days", float64(x + 1)},
			{"silence_days", silence},
		},
		Touchpoints: r.behind(func(day, events.Channel) bool { return true }),
	}
}

func (r *reading) newsReason(n *news, t *history.Touchpoint) Reason {
	ago := r.today - dayOf(t.At)
	return Reason{
		Code:        n.code,
		Words:       events.Text{Ko: fmt.Sprintf("%s (%d일 전)", n.words.Ko, ago), En: fmt.Sprintf("%s (%d days ago)", n.words.En, ago)},
		Numbers:     []Number{{"days_ago", float64(ago)}},
		Touchpoints: []history.Ref{t.Ref()},
	}
}

// behind returns the latest touchpoints, one a day, that the days of the policy stand on and that are wanted.
func (r *reading) behind(wanted func(day, events.Channel) bool) []history.Ref {
	if r.counter.purchases {
		return r.orders(wanted)
	}
	var refs []history.Ref
	last := noDay
	for i := r.h.Until(r.at) - 1; i >= 0 && len(refs) < MaxTouchpoints; i-- {
		t := &r.h.Touchpoints[i]
		d := dayOf(t.At)
		if d < r.days[len(r.days)-1] {
			break
		}
		if d != last && r.counter.visit(t) && wanted(d, t.Channel) {
			refs, last = append(refs, t.Ref()), d
		}
	}
	return refs
}

// orders returns the latest touchpoints by which orders were placed.
func (r *reading) orders(wanted func(day, events.Channel) bool) []history.Ref {
	var refs []history.Ref
	orders := r.h.Orders()
	for i := len(orders) - 1; i >= 0 && len(refs) < MaxTouchpoints; i-- {
		s, counts := purchase(&orders[i], r.at)
		if counts && r.counter.through(s.Channel) && wanted(dayOf(s.Placed), s.Channel) {
			refs = append(refs, history.Ref{Fragment: s.Fragment, At: s.Placed, Key: s.Key, Type: history.OrderCompleted})
		}
	}
	return refs
}

func percent(p float64) int { return int(math.Round(100 * p)) }

// number writes a number of days without needless decimals.
func number(n float64) string {
	if n == math.Trunc(n) {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprintf("%.1f", n)
}
