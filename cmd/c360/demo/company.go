package demo

import (
	"container/heap"
	"iter"
	"time"
)

// Company is a made-up company.
type Company struct {
	plan   Plan
	people []*person
}

// New makes the company a plan describes.
func New(plan Plan) (*Company, error) {
	plan = plan.settled()
	if err := plan.Check(); err != nil {
		return nil, err
	}
	return &Company{plan: plan, people: plan.people()}, nil
}

// Plan returns what the company was made from.
func (c *Company) Plan() Plan { return c.plan }

// History yields everything that happened from Start to End, in order of time. It can be ranged over again and
// yields the same.
func (c *Company) History() iter.Seq[Touchpoint] {
	return func(yield func(Touchpoint) bool) {
		w := c.world()
		c.stories(w)
		for week := 0; ; week++ {
			if !c.plan.weekStart(week).Before(c.plan.End) {
				w.flush(c.plan.End, yield)
				return
			}
			c.live(w, week)
			if !w.flush(earlier(c.plan.weekStart(week+1), c.plan.End), yield) {
				return
			}
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// live lets everybody live through a week.
func (c *Company) live(w *world, week int) {
	w.week = week
	w.orders, w.cases = 0, 0
	start := c.plan.weekStart(week)
	c.strangers(w, start)
	for _, p := range c.people {
		s := w.scene(p, week)
		s.week(start)
	}
}

func (c *Company) world() *world { return &world{plan: c.plan, people: c.people} }

// world collects what happens. Things happen in week order but have consequences weeks later, so they wait in a
// queue ordered by time.
type world struct {
	plan          Plan
	people        []*person
	queue         queue
	week          int
	orders, cases int // how many the week has had
	told          int // how many numbers the stories have had
}

// flush yields what happened before the instant and forgets it. It returns false if nobody wants more.
func (w *world) flush(before time.Time, yield func(Touchpoint) bool) bool {
	for len(w.queue) > 0 && w.queue[0].At.Before(before) {
		t, _ := heap.Pop(&w.queue).(Touchpoint)
		if !t.At.Before(w.plan.Start()) && !yield(t) {
			return false
		}
	}
	return true
}

// queue is a heap of touchpoints by time, then by id.
type queue []Touchpoint

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if !q[i].At.Equal(q[j].At) {
		return q[i].At.Before(q[j].At)
	}
	return q[i].ID < q[j].ID
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is for container/heap.
func (q *queue) Push(x any) {
	if t, ok := x.(Touchpoint); ok {
		*q = append(*q, t)
	}
}

// Pop is for container/heap.
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = Touchpoint{}
	*q = old[:len(old)-1]
	return last
}
