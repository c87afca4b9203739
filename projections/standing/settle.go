package standing

import (
	"bytes"

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
	numbers []uint32       // of the schedules
	fresh   map[int][]byte // rules that are new, and the customer up to whom everybody has been judged
	desk    desk
	changes []Change // room for those of one replay
	entered []int64  // how many entered each rule, less those who left
}

func (r *Room) judging(b *projections.Batch, set *Set) *judging {
	n := len(set.Schedules)
	j := &judging{Room: r, b: b, set: set, numbers: make([]uint32, n), fresh: map[int][]byte{}, entered: make([]int64, n)}
	j.desk = desk{places: make(map[uint32]int, n), seats: make([]seat, n)}
	for i, s := range set.Schedules {
		j.numbers[i] = number(s.Name)
		j.desk.places[j.numbers[i]] = i
		if w, ok := r.t.sweeps.See(b, s.Name); ok && w.left && w.fresh {
			j.fresh[i] = w.after
		}
	}
	if c, ok := r.t.clock.See(b, onlyRow); ok {
		j.clock = c.at
	}
	return j
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
	j.sit(t.id, h, had, known)
	from := t.from
	if t.whole || !known || history.Cut(j.b, t.fragments) {
		j.desk.askAll()
		from = first
	} else {
		j.ask(from)
	}
	j.judge(from)
	return j.b.Err()
}

// first is before everything.
const first = -1 << 62

// sit begins with a customer; those who judge up to now see all that happened, whatever the clock says.
func (j *judging) sit(id uuid.UUID, h *history.History, had *customer, known bool) {
	j.desk.sit(id, h, max(j.clock, h.Touchpoints[len(h.Touchpoints)-1].At), had, known)
}

// ask has the customer judged under the rules that what happened from a time on concerns.
func (j *judging) ask(from int64) {
	h, seats := j.desk.h, j.desk.seats
	for i := h.Until(from - 1); i < len(h.Touchpoints); i++ {
		t := &h.Touchpoints[i]
		c := j.set.concerned(t.Type)
		for _, p := range c.always {
			seats[p].asked = true
		}
		for _, p := range c.maybe {
			seats[p].asked = seats[p].asked || j.set.Schedules[p].Touched(t)
		}
	}
}

// judge restates the entries and exits of the customer at the desk from a time on, under the rules that are asked and
// those that are due, and writes down what that changed.
func (j *judging) judge(from int64) {
	d := &j.desk
	for i := range d.seats {
		if s := &d.seats[i]; (s.asked || s.due <= d.to) && !j.later(i) {
			j.restate(i, from)
		}
	}
	if d.dirty || !d.known {
		*j.t.customers.Change(j.b, d.id) = d.row(j.numbers)
	}
}

// later reports whether the customer is yet to be judged under the rule for the first time, by a sweep.
func (j *judging) later(place int) bool {
	after, fresh := j.fresh[place]
	return fresh && bytes.Compare(j.desk.id[:], after) > 0
}

// restate replays the customer's history under one rule from a time on. Up to when it is due the answer is known to be
// what it was; if that was to be found out anew, all is replayed.
func (j *judging) restate(place int, from int64) {
	d, s := &j.desk, j.set.Schedules[place]
	had := d.seats[place]
	is := &d.seats[place]
	from = max(min(from, had.due), s.First())
	r := replay{judge: s, h: d.h, to: d.to, due: from, in: had.in, changes: j.changes[:0]}
	if had.at >= from {
		from, r.in, is.in, is.at = s.First(), false, false, first
	}
	r.run(from)
	if n := len(r.changes); n > 0 {
		is.in, is.at = r.changes[n-1].In, r.changes[n-1].At
	}
	if is.in != had.in || is.at != had.at {
		j.entered[place] += oneIf(is.in) - oneIf(had.in)
		is.moved, d.dirty = true, true
	}
	if r.due < had.due || had.due <= d.to {
		is.due = r.due
		is.delayed, d.dirty = true, true
	}
	j.changes = r.changes
}

// leave forgets a customer who is no longer one.
func (j *judging) leave(id uuid.UUID, had *customer) {
	for _, s := range had.stands {
		if i, ok := j.desk.places[s.rule]; ok {
			j.entered[i] -= oneIf(s.in)
		}
	}
	*j.t.customers.Change(j.b, id) = customer{gone: true}
}

// count writes down how many stand under each rule now.
func (j *judging) count() error {
	for i, n := range j.entered {
		if n != 0 {
			j.t.counts.Change(j.b, j.set.Schedules[i].Name).members += n
		}
	}
	return j.b.Err()
}
