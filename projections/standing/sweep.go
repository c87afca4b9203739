package standing

import (
	"context"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
)

// sweepSize is how many customers a sweep judges at a time unless the room is told otherwise: some milliseconds, so that
// what is new does not wait, and rules that are defined one after the other soon go through everybody together.
const sweepSize = 250

// Unswept reports whether anybody is to be judged under a new rule, or may be due.
func (r *Room) Unswept(b *projections.Batch) bool {
	set := r.rules(b)
	if set == nil {
		return false
	}
	if c, ok := r.t.clock.See(b, onlyRow); ok && c.swept < c.at {
		return true
	}
	return len(r.pending(b, set)) > 0
}

// pending returns the rules under which everybody is yet to be judged, those that are least far.
func (r *Room) pending(b *projections.Batch, set *Set) []int {
	var places []int
	least := ""
	for i, s := range set.Schedules {
		w, ok := r.t.sweeps.See(b, s.Name)
		if !ok || !w.left {
			continue
		}
		if at := string(w.after); len(places) == 0 || at < least {
			places, least = []int{i}, at
		} else if at == least {
			places = append(places, i)
		}
	}
	return places
}

// Sweep judges the next customers under the rules that are new, or else those who are due.
func (r *Room) Sweep(ctx context.Context, b *projections.Batch, view projections.Reader) error {
	set := r.rules(b)
	if set == nil {
		return b.Err()
	}
	j := r.judging(b, set)
	if places := r.pending(b, set); len(places) > 0 {
		return j.sweepAll(ctx, view, places)
	}
	return j.sweepDue(ctx, view)
}

// sweepAll judges the customers of the next fragments under some rules. A customer of several fragments is judged at each
// of them, which changes nothing the second time.
func (j *judging) sweepAll(ctx context.Context, view projections.Reader, places []int) error {
	w, _ := j.t.sweeps.See(j.b, j.set.Schedules[places[0]].Name)
	ids, err := history.After(ctx, view, w.after, j.c.Sweep)
	if err != nil {
		return err
	}
	all := j.whose(ids)
	from := j.advance(places, ids)
	for i := range all {
		if err := j.swept(&all[i], places, from); err != nil {
			return err
		}
	}
	return j.count()
}

// whose lists the customers of fragments, and loads what judging them needs.
func (j *judging) whose(ids []uuid.UUID) []touch {
	j.c.Groups.WantCustomers(j.b, ids)
	var all []touch
	var needed []uuid.UUID
	seen := map[uuid.UUID]bool{}
	for _, f := range ids {
		id, fragments := j.c.Groups.Customer(j.b, f)
		if seen[id] {
			continue
		}
		seen[id] = true
		all = append(all, touch{id: id, fragments: fragments})
		j.t.customers.Want(j.b, id)
		needed = append(needed, fragments...)
	}
	history.Want(j.b, needed)
	return all
}

// advance writes down how far the sweep has come, and returns from when on it judges.
func (j *judging) advance(places []int, ids []uuid.UUID) (from int64) {
	from = Never
	for _, i := range places {
		w := j.t.sweeps.Change(j.b, j.set.Schedules[i].Name)
		from = min(from, w.from)
		w.done += int64(len(ids))
		if len(ids) < j.c.Sweep {
			*w = sweep{}
			delete(j.fresh, i)
			continue
		}
		last := ids[len(ids)-1]
		if w.after = last[:]; w.fresh {
			j.fresh[i] = w.after
		}
	}
	return from
}

// swept judges one customer under some rules.
func (j *judging) swept(t *touch, places []int, from int64) error {
	had, known := j.t.customers.See(j.b, t.id)
	h, err := history.Of(j.b, t.fragments)
	if err != nil || len(h.Touchpoints) == 0 {
		return err
	}
	j.sit(t.id, h, had, known)
	for _, p := range places {
		j.desk.seats[p].asked = true
	}
	if !known {
		j.desk.askAll()
		from = first
	}
	j.judge(from)
	return j.b.Err()
}

// sweepDue judges those for whom something is due by the time of the clock.
func (j *judging) sweepDue(ctx context.Context, view projections.Reader) error {
	ids, err := j.due(ctx, view)
	if err != nil {
		return err
	}
	if len(ids) < j.c.Sweep {
		j.t.clock.Change(j.b, onlyRow).swept = j.clock
	}
	for _, id := range ids {
		j.t.customers.Want(j.b, id)
	}
	for _, t := range j.whose(ids) {
		if err := j.dueNow(&t); err != nil {
			return err
		}
	}
	return j.count()
}

func (j *judging) due(ctx context.Context, view projections.Reader) (ids []uuid.UUID, err error) {
	stretch := projections.Range{Index: "due", To: []any{j.clock + 1}, Limit: j.c.Sweep}
	err = view.Scan(ctx, j.t.customers.Table, stretch, func(row projections.Row) (bool, error) {
		ids = append(ids, idOf(row[0]))
		return true, nil
	})
	return ids, err
}

// dueNow judges one customer under the rules that are due.
func (j *judging) dueNow(t *touch) error {
	had, known := j.t.customers.See(j.b, t.id)
	if !known {
		return nil
	}
	h, err := history.Of(j.b, t.fragments)
	if err != nil || len(h.Touchpoints) == 0 {
		return err
	}
	j.sit(t.id, h, had, true)
	j.judge(Never)
	return j.b.Err()
}
