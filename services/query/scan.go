package query

import (
	"context"
	"fmt"
	"net/http"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/web"
)

// everybody is part of the parameters of every call about all customers.
type everybody struct {
	waiting
	AsOf    string `query:"as_of" maxlen:"40" doc:"what had happened by then, whenever it was heard of: 2026-05-03 (the end of that day in Seoul) or 2026-05-03T18:00:00+09:00"`
	Of      string `query:"generation" maxlen:"64" doc:"id of another generation than the one that serves; excludes as_of"`
	Segment string `query:"segment" maxlen:"64" doc:"only customers who are in this segment at that instant, by its rule"`
}

// past marks the parameters of calls that answer as of an instant.
func (everybody) past() {}

// scan is a look at all customers as of an instant; everything in it is true at one position. What is read of it beside
// (rules, for example) is read from its view, by one goroutine, and not during a fold.
type scan struct {
	*scene
	// at is the instant, Unix microseconds: accumulators look at nothing that happened later.
	at int64
	// segment names the one that the scan is narrowed to, "" for everybody, and in is its judge, nil for everybody.
	segment string
	in      standing.Judge
	// need is what a fold reads of histories, nil for everything.
	need *history.Need
	// customers is how many the last fold looked at: of the segment, and heard of by the instant.
	customers int64

	rooms  *history.Room
	twin   projections.View // of the same position, to read from at the same time; nil if there is none
	groups history.Groups
	run    *running
	// again opens another view of the generation, as it is by now, for a gentle fold; nil if folds are to be quick.
	again func(context.Context) (projections.View, error)
	pace  *pace // of a gentle one
}

// counting is an accumulator of histories: each customer is added once, and halves are merged.
type counting[P any] interface {
	Add(h *history.History)
	Merge(other P)
}

// scan runs read on all customers as a call asks for them. It waits for its turn, see places.
func (s *Service) scan(ctx context.Context, call string, p *everybody, read func(context.Context, *scan) error) error {
	if s.histories == nil || s.segments == nil {
		return noHistories()
	}
	i, err := s.instant(ctx, &moment{waiting: p.waiting, AsOf: p.AsOf, Of: p.Of})
	if err != nil {
		return err
	}
	run, leave, err := s.places.take(ctx, call, s.now())
	if err != nil {
		return err
	}
	defer leave()
	x, err := s.openScan(ctx, p, i)
	if err != nil {
		return err
	}
	defer x.close()
	x.run = run
	return read(ctx, x)
}

func (s *Service) openScan(ctx context.Context, p *everybody, i projections.Instant) (*scan, error) {
	v, twin, err := s.twins(ctx, p.Of)
	if err != nil {
		return nil, err
	}
	return s.scanOf(ctx, v, twin, p, i)
}

// scanOf makes a scan of a view and its twin, which it closes if that fails.
func (s *Service) scanOf(ctx context.Context, v *scene, twin projections.View, p *everybody, i projections.Instant) (x *scan, err error) {
	if !i.Occurred.IsZero() {
		v.moment.AsOf, v.today = when(i.Occurred), i.Occurred
	}
	x = &scan{scene: v, at: v.today.UnixMicro(), twin: twin, rooms: s.histories}
	if x.groups, err = v.people.Groups(ctx, v); err == nil {
		err = s.narrow(ctx, x, p.Segment)
	}
	if err != nil {
		x.close()
		return nil, err
	}
	return x, nil
}

func (x *scan) close() {
	x.Close()
	if x.twin != nil {
		x.twin.Close()
	}
}

// narrow makes the scan one of the members of a segment.
func (s *Service) narrow(ctx context.Context, x *scan, segment string) error {
	if segment == "" {
		return nil
	}
	rules, err := s.segments.Rules(ctx, x)
	if err != nil {
		return fmt.Errorf("read the segments: %w", err)
	}
	schedule := rules.Schedule(segment)
	if schedule == nil {
		return web.Wrong(http.StatusNotFound, "there is no segment of that name; GET /v1/segments lists those there are").At("?segment")
	}
	if v := schedule.In(x.at); v.Judge == nil {
		return web.Wrong(http.StatusNotFound, noRuleThen(v)).At("?segment")
	}
	x.segment, x.in = segment, schedule
	return nil
}

func noRuleThen(v standing.Version) string {
	switch {
	case v.Fault != nil:
		return "the rule of this segment cannot be used: " + v.Fault.Error()
	case v.Number == 0:
		return "this segment had no rule yet at that instant; ask for a later one"
	}
	return "this segment was removed by that instant; ask for an earlier one with as_of"
}

func noHistories() error {
	return web.Wrong(http.StatusConflict, "this c360 keeps no histories, so there is nothing to count; start it with all its rooms")
}

// twinTries is how often two views are opened to find two of one position.
const twinTries = 5

// twins opens the same twice: two views of one position, so that two goroutines can read it. If the engine commits in
// between each time, there is only one.
func (s *Service) twins(ctx context.Context, generation string) (v *scene, twin projections.View, err error) {
	for range twinTries {
		if v != nil {
			v.Close()
		}
		before := s.serving()
		if v, err = s.scene(ctx, &moment{Of: generation}, projections.Instant{}, nil); err != nil {
			return nil, nil, err
		}
		w, err := s.scene(ctx, &moment{Of: generation}, projections.Instant{}, nil)
		if err != nil {
			v.Close()
			return nil, nil, err
		}
		if w.Checkpoint() == v.Checkpoint() && before == s.serving() {
			return v, w.View, nil
		}
		w.Close()
	}
	return v, nil, nil
}

// serving names the generation that serves.
func (s *Service) serving() string {
	g, err := s.live.Generation()
	if err != nil {
		return "" // the view will say why
	}
	return g.ID
}
