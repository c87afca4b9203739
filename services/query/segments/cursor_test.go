package segments_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/segments"
)

func TestPlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := segments.Place{At: rapid.Int64().Draw(t, "at")}
		copy(p.ID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		if got, ok := segments.ParsePlace(p.String()); !ok || got != p {
			t.Fatalf("%+v became %+v", p, got)
		}
	})
	for _, text := range []string{"x", "AAAA", "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%"} {
		if p, ok := segments.ParsePlace(text); ok {
			t.Errorf("%q is taken for %+v", text, p)
		}
	}
}

// evenHours stands everybody in during hours whose number and the customer's together are even.
type evenHours struct{}

const hour = int64(3600e6)

func (evenHours) At(h *history.History, at int64) (in bool, due int64) {
	return (at/hour+int64(h.Customer[0]))%2 == 0, (at/hour + 1) * hour
}

func (evenHours) Concerns(string) bool { return false }

// TestPages collects members and passages page by page, each in parts, and demands all of them, each once, in order.
func TestPages(t *testing.T) {
	t.Parallel()
	s := &standing.Schedule{Name: "x", Versions: []standing.Version{{Number: 1, Judge: evenHours{}}}}
	var all []*history.History
	for i := range 40 {
		f := &history.Fragment{ID: uuid.UUID{byte(i)}, Touchpoints: []history.Touchpoint{{At: 1, Type: "page.viewed"}}}
		all = append(all, history.Merge(f))
	}
	at := 9*hour + 5
	for _, latest := range []bool{true, false} {
		var got []segments.Place
		for after, more := (segments.Place{}), true; more; after = got[len(got)-1] {
			a, b := segments.NewMembers(s, at, latest, after, 3), segments.NewMembers(s, at, latest, after, 3)
			for i, h := range all {
				[]*segments.Members{a, b}[i%2].Add(h)
			}
			a.Merge(b)
			var page []segments.Place
			var total int64
			if page, more, total = a.Result(); total != 20 || len(page) > 3 {
				t.Fatalf("%d of %d", len(page), total)
			}
			got = append(got, page...)
		}
		order := segments.Place.ByID
		if latest {
			order = segments.Place.Later
		}
		if len(got) != 20 || !slices.IsSortedFunc(got, order) {
			t.Errorf("latest %v: %v", latest, got)
		}
	}
	var told []segments.Passage
	for before, more := (segments.Place{}), true; more; before = told[len(told)-1].Place() {
		a, b := segments.NewPassages(s, at, before, 7), segments.NewPassages(s, at, before, 7)
		for i, h := range all {
			[]*segments.Passages{a, b}[i%2].Add(h)
		}
		a.Merge(b)
		var page []segments.Passage
		page, more = a.Result()
		told = append(told, page...)
	}
	want := 0
	for _, h := range all {
		want += len(s.Changes(h, at))
	}
	if len(told) != want || !slices.IsSortedFunc(told, func(a, b segments.Passage) int { return a.Place().Later(b.Place()) }) {
		t.Errorf("%d passages are told of %d", len(told), want)
	}
}
