package standing

import (
	"bytes"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
)

// judging judges customers in one batch.
type judging struct {
	*Room
	b       *projections.Batch
	set     *Set
	clock   int64
	numbers []uint32          // of the schedules
	fresh   map[string][]byte // rules that are new, and the customer up to whom everybody has been judged
}

func (r *Room) judging(b *projections.Batch, set *Set) *judging {
	j := &judging{Room: r, b: b, set: set, numbers: make([]uint32, len(set.Schedules))}
	for i, s := range set.Schedules {
		j.numbers[i] = number(s.Name)
		if w, ok := r.t.sweeps.See(b, s.Name); ok && w.left && w.fresh {
			if j.fresh == nil {
				j.fresh = map[string][]byte{}
			}
			j.fresh[s.Name] = w.after
		}
	}
	if c, ok := r.t.clock.See(b, onlyRow); ok {
		j.clock = c.at
	}
	return j
}

// desk is one customer being judged.
type desk struct {
	id    uuid.UUID
	h     *history.History
	to    int64 // up to when
	state customer
	known bool // there is a row
	dirty bool
}

// touched judges a customer whom the batch touched under the rules that this concerns.
func (j *judging) touched(t *touch) error {
	had, known := j.t.customers.See(j.b, t.id)
	if len(t.fragments) == 0 {
		if known {
			j.leave(t.id, had)
		}
		return nil
	}
	h, err := history.Of(j.b, t.fragments)
	if err != nil || len(h.Touchpoints) == 0 {
		return err
	}
	d := j.desk(t.id, h, had, known)
	from := t.from
	rules := j.concerned(d, from)
	if t.whole || !known || history.Cut(j.b, t.fragments) {
		rules, from = everyOf(j.set.Schedules), first
	}
	j.judge(d, rules, from)
	return j.b.Err()
}

// first is before everything.
const first = -1 << 62

func everyOf(all []*Schedule) []int {
	places := make([]int, len(all))
	for i := range places {
		places[i] = i
	}
	return places
}

func (j *judging) desk(id uuid.UUID, h *history.History, had *customer, known bool) *desk {
	d := &desk{id: id, h: h, to: max(j.clock, h.Touchpoints[len(h.Touchpoints)-1].At), state: *had, known: known}
	return d
}

// concerned returns the rules that what happened from a time on concerns, and those that are due.
func (j *judging) concerned(d *desk, from int64) []int {
	var places []int
	for i := d.h.Until(from - 1); i < len(d.h.Touchpoints); i++ {
		t := &d.h.Touchpoints[i]
		c := j.set.concerned(t.Type)
		places = append(places, c.always...)
		for _, p := range c.maybe {
			if j.set.Schedules[p].Touched(t) {
				places = append(places, p)
			}
		}
	}
	return append(places, j.dueBy(d, d.to)...)
}

// dueBy returns the rules whose answer may have changed by a time.
func (j *judging) dueBy(d *desk, at int64) []int {
	var places []int
	for _, x := range d.state.dues {
		if x.at > at {
			continue
		}
		if i := slices.Index(j.numbers, x.rule); i >= 0 {
			places = append(places, i)
		}
	}
	return places
}

// judge restates a customer's entries and exits under some rules from a time on, and writes down what that changed.
func (j *judging) judge(d *desk, rules []int, from int64) {
	slices.Sort(rules)
	for _, i := range slices.Compact(rules) {
		if !j.later(d.id, j.set.Schedules[i].Name) {
			j.restate(d, i, from)
		}
	}
	if d.dirty || !d.known {
		*j.t.customers.Change(j.b, d.id) = d.state
	}
}

// later reports whether the customer is yet to be judged under the rule for the first time, by a sweep.
func (j *judging) later(id uuid.UUID, rule string) bool {
	after, fresh := j.fresh[rule]
	return fresh && bytes.Compare(id[:], after) > 0
}

// restate replays the customer's history under one rule from a time on. Up to when it is due the answer is known to be
// what it was; if that was to be found out anew, all is replayed.
func (j *judging) restate(d *desk, place int, from int64) {
	s, rule := j.set.Schedules[place], j.numbers[place]
	had, due := d.state.last(rule), d.state.due(rule)
	from = max(min(from, due), s.First())
	r := replay{judge: s, h: d.h, to: d.to, due: from, in: had.in}
	is := had
	if had.at >= from {
		from, r.in, is = s.First(), false, stand{rule: rule, at: first}
	}
	r.run(from)
	if n := len(r.changes); n > 0 {
		is.in, is.at = r.changes[n-1].In, r.changes[n-1].At
	}
	if is != had {
		j.seat(s.Name, had, is)
		d.own()
		d.state.set(is)
	}
	if r.due < due || due <= d.to {
		d.own()
		d.state.setDue(rule, r.due)
	}
}

// own makes the desk's state its own before it is changed.
func (d *desk) own() {
	if !d.dirty {
		d.state, d.dirty = d.state.clone(), true
	}
}

// seat counts the customer as a member, or no longer as one.
func (j *judging) seat(rule string, had, is stand) {
	if had.in != is.in {
		j.t.counts.Change(j.b, rule).members += oneIf(is.in) - oneIf(had.in)
	}
}

// leave forgets a customer who is no longer one.
func (j *judging) leave(id uuid.UUID, had *customer) {
	for _, s := range had.stands {
		if i := slices.Index(j.numbers, s.rule); i >= 0 {
			j.seat(j.set.Schedules[i].Name, s, stand{})
		}
	}
	*j.t.customers.Change(j.b, id) = customer{gone: true}
}
