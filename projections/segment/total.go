package segment

import (
	"math"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// total compares how many touchpoints there are, or the sum of a number of theirs, with a span: in all, or in the window
// (at-within, at]. Orders count once, net, and not when they are cancelled as a whole.
type total struct {
	filter
	// sum is what is added up: "" for a count, "amount" (in currency), or a number field.
	sum, currency string
	span          span
	within        int64 // microseconds, 0 for all time
}

func (c *total) at(h *history.History, at int64) (in bool, due int64) {
	if c.sum == "" && len(c.where) == 0 && !c.orders() {
		return c.count(h, at)
	}
	r := running{span: c.span}
	if c.sum == "" && c.span.hi == math.MaxInt64 {
		r.enough = c.span.lo
	}
	c.run(h, at, &r)
	in, due = r.end(c.within)
	if c.within == 0 && len(c.where) == 0 {
		due = min(due, olderDue(h, c.kind, at))
	}
	return in, due
}

// run adds up what counts, from the latest on backwards, then what is no longer kept apart.
func (c *total) run(h *history.History, at int64, r *running) {
	if c.orders() {
		c.runOrders(h, at, r)
	} else {
		places := places(h, c.kind, at, c.within)
		for i := len(places) - 1; i >= 0; i-- {
			t := &h.Touchpoints[places[i]]
			if v, ok := c.value(t); ok && r.add(v, t.At) {
				break
			}
		}
	}
	if c.within == 0 && len(c.where) == 0 {
		r.add(c.older(h, at), math.MinInt64)
	}
}

// value is what a touchpoint adds, false if nothing.
func (c *total) value(t *history.Touchpoint) (int64, bool) {
	if !c.passes(t) {
		return 0, false
	}
	switch c.sum {
	case "":
		return 1, true
	case fieldAmount:
		return int64(t.Amount), t.HasAmount && t.Currency == c.currency
	}
	return number(t.Field(c.sum))
}

// older is what the touchpoints add that are no longer kept apart. Of those only sums of amounts are left.
func (c *total) older(h *history.History, at int64) int64 {
	o := h.OlderOf(c.kind)
	if o.Count == 0 || o.Last > at {
		return 0
	}
	if c.sum == "" {
		return o.Count
	}
	for _, a := range o.Amounts {
		if a.Currency == c.currency && c.sum == fieldAmount {
			return int64(a.Amount)
		}
	}
	return 0
}

// count is at for touchpoints that only have to be there: their number follows from two places.
func (c *total) count(h *history.History, at int64) (in bool, due int64) {
	due = standing.Never
	list := places(h, c.kind, at, c.within)
	n := int64(len(list))
	if c.within == 0 {
		return c.span.has(n + c.older(h, at)), olderDue(h, c.kind, at)
	}
	if in = c.span.has(n); in && c.span.lo > 0 {
		due = h.Touchpoints[list[n-c.span.lo]].At + c.within // one less is too few
	}
	if n > c.span.hi && c.span.hi >= 0 {
		due = h.Touchpoints[list[n-c.span.hi-1]].At + c.within // this one less is no longer too many
	}
	return in, due
}

// places are the places of a type's touchpoints in a window (at-within, at], or of all up to a time.
func places(h *history.History, kind string, at, within int64) []int32 {
	list := h.Of(kind)
	if n := len(list); within == 0 && (n == 0 || h.Touchpoints[list[n-1]].At <= at) {
		return list
	}
	after := int64(math.MinInt64)
	if within > 0 {
		after = at - within
	}
	return h.Between(list, after, at)
}

// olderDue is when the touchpoints that are no longer kept apart have all happened, if that is still to come.
func olderDue(h *history.History, kind string, at int64) int64 {
	if len(h.Older) == 0 {
		return standing.Never
	}
	if o := h.OlderOf(kind); o.Count > 0 && o.Last > at {
		return o.Last
	}
	return standing.Never
}

func (c *total) write(b []byte) []byte {
	b = c.filter.write(append(b, '{'), "event")
	if c.sum == "" {
		b = append(c.span.write(append(b, `,"count":{`...), wholes), '}')
	} else {
		b = quote(append(b, `,"sum":`...), c.sum)
		if c.sum == fieldAmount {
			b = quote(append(b, `,"currency":`...), c.currency)
		}
		b = c.span.write(append(b, ','), numbers)
	}
	if c.within > 0 {
		b = quote(append(b, `,"within":`...), lengthText(c.within))
	}
	return append(b, '}')
}

func (c *total) words() events.Text {
	w := c.filter.words()
	if c.sum == "" {
		times := c.times()
		w.Ko, w.En = w.Ko+": "+times.Ko, w.En+": "+times.En
	} else {
		of, wanted := nameOf(c.sum), c.span.words(numbers.unit, numberWords)
		if c.currency != "" {
			wanted += " " + c.currency
		}
		w.Ko, w.En = w.Ko+" "+of.Ko+" 합계: "+wanted, w.En+", "+of.En+" in all: "+wanted
	}
	if c.within > 0 {
		in := lengthWords(c.within)
		return events.Text{Ko: "최근 " + in.Ko + " " + w.Ko, En: w.En + " in the last " + in.En}
	}
	return w
}

// times says how often, in words.
func (c *total) times() events.Text {
	switch c.span {
	case span{1, math.MaxInt64}:
		return events.Text{Ko: "1회 이상", En: "at least once"}
	case span{0, 0}:
		return events.Text{Ko: "없음", En: "never"}
	}
	wanted := c.span.words(wholes.unit, wholeWords)
	return events.Text{Ko: wanted + "회", En: wanted + " times"}
}
