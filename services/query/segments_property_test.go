package query_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/segments"
)

// rules are what generated people may be in or not.
var rules = []string{
	`{"event":"page.viewed","count":{">=":2},"within":"60d"}`,
	`{"last":"order.completed","ago":{">=":"30d"}}`,
	`{"event":"order.completed","sum":"amount",">=":50000,"within":"180d"}`,
	`{"all":[{"not":{"event":"inquiry.opened"}},{"any":[{"identifier":"phone"},{"trait":"city","exists":true}]}]}`,
	`{"all":[{"consent":"marketing","medium":"*"},{"event":"page.viewed","within":"90d"}]}`,
	`{"sequence":[{"event":"product.added"},{"event":"order.completed","absent":true}],"within":"7d"}`,
	`{"all":[{"segment":"s0"},{"not":{"segment":"s1"}}]}`,
}

// TestMembersAreThoseWhoAreIn: whoever is in by judging each history anew, at once or as of any time, is who the calls say,
// whatever was linked, unlinked and told late, and so say the page of each customer, preview and history.
func TestMembersAreThoseWhoAreIn(t *testing.T) {
	t.Parallel()
	const seed = 20260503
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	h := openHouse(t)
	list := roomtest.Shuffle(seed, roomtest.Generate(seed, roomtest.Options{People: 15, Events: 300, Shared: 25, Decisions: 12}))
	parts := slices.Collect(slices.Chunk(list, len(list)/len(rules)+1))
	for i, rule := range rules {
		h.appendAll(parts[i])
		h.puts(fmt.Sprint("s", i), rule, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	h.appendAll(list[:50]) // again
	h.ticks(now)
	lives := h.lives()
	book := h.book()
	for i := range rules {
		name := fmt.Sprint("s", i)
		rule, ok := book.Rule(name, now.UnixMicro())
		if !ok {
			t.Fatalf("%s cannot be used", rules[i])
		}
		program, err := book.Compile(rule, "", now.UnixMicro())
		must(t, err)
		want := inBy(program, lives, now)
		if diff := cmp.Diff(want, keys(h.members(name, ""))); diff != "" {
			t.Errorf("%s (-judged anew +members):\n%s", rules[i], diff)
		}
		if diff := cmp.Diff(h.members(name, ""), h.members(name, "&order=id&as_of="+now.Format(time.RFC3339))); diff != "" {
			t.Errorf("%s (-members +as of now):\n%s", rules[i], diff)
		}
		then := time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(300*24)) * time.Hour)
		if diff := cmp.Diff(inBy(program, lives, then), keys(h.members(name, "&as_of="+then.Format(time.RFC3339)))); diff != "" {
			t.Errorf("%s (-judged as of %s +members):\n%s", rules[i], then, diff)
		}
		h.previews(rules[i], int64(len(want)), int64(len(lives)))
		h.turns(name, h.members(name, ""))
	}
	h.pagesAgree(book, lives)
}

// appendAll appends what happened and what was decided, and waits until it is folded.
func (h *house) appendAll(list []events.Event) {
	h.t.Helper()
	results, err := h.log.Append(context.Background(), roomtest.Entries(list...)...)
	must(h.t, err)
	last := events.Position(0)
	for _, x := range results {
		last = max(last, x.Position)
	}
	must(h.t, h.generations.Live().Await(context.Background(), last))
}

// view opens a view of what serves.
func (h *house) view() projections.View {
	h.t.Helper()
	v, err := h.generations.Live().View(context.Background())
	must(h.t, err)
	return v
}

// lives are the histories of all customers.
func (h *house) lives() (all []*history.History) {
	h.t.Helper()
	v := h.view()
	defer v.Close()
	people, _ := h.rooms[0].(*identity.Room)
	groups, err := people.Groups(context.Background(), v)
	must(h.t, err)
	must(h.t, history.New().Scan(context.Background(), v, groups, nil, nil, func(x *history.History) error {
		all = append(all, x)
		return nil
	}))
	return all
}

// book reads the segments.
func (h *house) book() *segments.Book {
	h.t.Helper()
	v := h.view()
	defer v.Close()
	all, err := h.groups.Definitions(context.Background(), v)
	must(h.t, err)
	return segments.NewBook(all, nil)
}

func inBy(p *segment.Program, lives []*history.History, at time.Time) []uuid.UUID {
	in := []uuid.UUID{}
	for _, h := range lives {
		if yes, _ := p.At(h, at.UnixMicro()); yes && h.Until(at.UnixMicro()) > 0 {
			in = append(in, h.Customer)
		}
	}
	slices.SortFunc(in, byBytes)
	return in
}

func byBytes(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }

func keys(m map[uuid.UUID]time.Time) []uuid.UUID {
	if len(m) == 0 {
		return []uuid.UUID{}
	}
	return slices.SortedFunc(maps.Keys(m), byBytes)
}

// previews demands what both ways of previewing count; where everybody is looked at a sample is exact.
func (h *house) previews(rule string, members, customers int64) {
	h.t.Helper()
	for _, exact := range []string{"0", "1"} {
		var a segments.SegmentPreview
		h.post("previewSegment", "/v1/segments/preview?exact="+exact, `{"rule":`+rule+`}`, http.StatusOK, &a)
		if a.Members != members || a.Customers != customers || a.Sampled || a.Low != members || a.High != members || a.Looked != customers ||
			len(a.Examples) != int(min(members, 10)) {
			h.t.Errorf("%s, exact=%s: %+v; there are %d of %d", rule, exact, a, members, customers)
		}
	}
}

// turns demands that everybody enters and leaves in turns in the history of a segment, beginning with an entry and ending with
// where they stand.
func (h *house) turns(name string, members map[uuid.UUID]time.Time) {
	h.t.Helper()
	earliest, before := map[uuid.UUID]segments.SegmentChange{}, ""
	for {
		var a segments.SegmentHistory
		h.get("segmentHistory", fmt.Sprintf("/v1/segments/%s/history?limit=7&before=%s", name, before), http.StatusOK, &a)
		for i := range a.Changes {
			c := &a.Changes[i]
			if i > 0 && c.At.After(a.Changes[i-1].At) {
				h.t.Fatalf("%s: %s is told after %s", name, c.At, a.Changes[i-1].At)
			}
			if e := c.Cause.Event; (c.Cause.Kind == "event") != (e != nil) || e != nil && (e.Position == 0 || !e.Time.Equal(c.At)) {
				h.t.Errorf("%s: the cause of %+v is %+v", name, c, e)
			}
			later, ok := earliest[c.Customer.ID]
			if _, in := members[c.Customer.ID]; !ok && in != c.Entered || ok && later.Entered == c.Entered {
				h.t.Errorf("%s: %+v, then %+v; in at the end: %v", name, c, later, in)
			}
			earliest[c.Customer.ID] = *c
		}
		if before = a.Next; before == "" {
			break
		}
	}
	for id := range members {
		if _, ok := earliest[id]; !ok {
			h.t.Errorf("%s: nobody told how %s came in", name, id)
		}
	}
	for id, c := range earliest {
		if !c.Entered {
			h.t.Errorf("%s: the first that is told of %s is an exit", name, id)
		}
	}
}

// pagesAgree demands that the page of every customer says what the lists say, condition by condition what holds.
func (h *house) pagesAgree(book *segments.Book, lives []*history.History) {
	h.t.Helper()
	all := map[string]map[uuid.UUID]time.Time{}
	for _, s := range book.Schedules() {
		all[s.Name] = h.members(s.Name, "")
	}
	for _, x := range lives {
		var page query.CustomerAnswer
		var why query.CustomerSegmentsAnswer
		path := "/v1/customers/" + x.Customer.String()
		h.get("customer", path, http.StatusOK, &page)
		h.get("customerSegments", path+"/segments", http.StatusOK, &why)
		in := map[string]time.Time{}
		for name, members := range all {
			if since, ok := members[x.Customer]; ok {
				in[name] = since
			}
		}
		got, told := map[string]time.Time{}, map[string]time.Time{}
		for _, s := range page.Segments {
			got[s.Name] = *s.Since
		}
		for _, s := range why.Segments {
			if s.In {
				told[s.Name] = *s.Since
			}
			if s.In != s.Why.Passed {
				h.t.Errorf("%s: %s is in %v, its conditions say %v", x.Customer, s.Name, s.In, s.Why.Passed)
			}
			h.known(&s, s.Why)
		}
		if diff := cmp.Diff(in, got) + cmp.Diff(in, told); diff != "" {
			h.t.Errorf("%s (-lists +page):\n%s", x.Customer, diff)
		}
	}
}

// known demands that every touchpoint that is shown is one of the log.
func (h *house) known(s *segments.SegmentWhy, c *segments.SegmentCondition) {
	h.t.Helper()
	for _, e := range c.Evidence {
		if e.Position == 0 || e.Headline.Ko == "" {
			h.t.Errorf("%s %s rests on %+v", s.Name, c.Pointer, e)
		}
	}
	for i := range c.Parts {
		h.known(s, &c.Parts[i])
	}
}

// TestBacktestIsWhatWasLive records who is in at the end of every month while it happens, and demands that a backtest
// afterwards counts the same, and that asking as of then names the same, since the same moment.
func TestBacktestIsWhatWasLive(t *testing.T) {
	t.Parallel()
	const seed = 7
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, history.Zone)
	var clock atomic.Int64
	clock.Store(first.UnixMicro())
	h := openHouse(t, withClock(func() time.Time { return time.UnixMicro(clock.Load()) }))
	for i, rule := range rules[:3] {
		h.puts(fmt.Sprint("s", i), rule, first)
	}
	live := map[string][]map[uuid.UUID]time.Time{}
	var ends []time.Time
	for month := range 8 {
		from, end := first.AddDate(0, month, 0), first.AddDate(0, month+1, 0).Add(-time.Microsecond)
		h.appendAll(aMonth(r, month, from))
		clock.Store(end.UnixMicro())
		h.ticks(end)
		ends = append(ends, end)
		for i := range rules[:3] {
			name := fmt.Sprint("s", i)
			live[name] = append(live[name], h.members(name, ""))
		}
	}
	for i := range rules[:3] {
		name := fmt.Sprint("s", i)
		var a segments.SegmentBacktest
		h.post("backtestSegment", "/v1/segments/backtest", fmt.Sprintf(`{"name":%q,"from":"2026-01-01","to":"2026-08-31"}`, name), http.StatusOK, &a)
		if len(a.Months) != len(ends) {
			t.Fatalf("%d months", len(a.Months))
		}
		before := int64(0)
		for k, m := range a.Months {
			if !m.End.Equal(ends[k]) || m.Members != int64(len(live[name][k])) {
				t.Errorf("%s: at the end of %s %d were in by the backtest, %d live", name, m.Month, m.Members, len(live[name][k]))
			}
			if m.Members-before != m.Entered-m.Left {
				t.Errorf("%s: in %s %d became %d with %d entries and %d exits", name, m.Month, before, m.Members, m.Entered, m.Left)
			}
			before = m.Members
			then := h.members(name, "&as_of="+strings.ReplaceAll(ends[k].UTC().Format(time.RFC3339Nano), "+", "%2B"))
			if diff := cmp.Diff(live[name][k], then); diff != "" {
				t.Errorf("%s at %s (-live +as of):\n%s", name, ends[k], diff)
			}
		}
		if before == 0 && a.Entered.Customers == 0 {
			t.Errorf("nobody ever was in %s", name)
		}
	}
}

// aMonth is what forty customers, each known by one number, do in a month.
func aMonth(r *rand.Rand, month int, from time.Time) []events.Event {
	var all []events.Event
	for i := range 110 {
		at := from.Add(time.Duration(i) * 6 * time.Hour).Add(-time.Duration(r.IntN(60)) * time.Minute)
		if at.Before(from) {
			at = from
		}
		kind, data := "page.viewed", `{"path":"/"}`
		if r.IntN(3) == 0 {
			kind, data = "order.completed", fmt.Sprintf(`{"order_id":"O-%d-%d","total":%d,"currency":"KRW"}`, month, i, 1000*r.IntN(60))
		}
		e := touch(0, events.ChannelStore, kind, data, fmt.Sprintf("loyalty_id:M%d", r.IntN(40)))
		e.ID, e.Time, e.Received = fmt.Sprintf("m%d-%d", month, i), at, at
		all = append(all, e)
	}
	return all
}
