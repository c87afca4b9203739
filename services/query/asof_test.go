package query_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/services/query"
)

// tell opens twins over a story of hand-made events, told in this order.
func tell(t *testing.T, story ...events.Event) *twins {
	t.Helper()
	for i := range story {
		story[i].ID, story[i].Received = fmt.Sprintf("e%d", i+1), story[i].Time
	}
	return openTwins(t, identity.DefaultRules(), story)
}

// decision is a person's word on two fragments, so long before now.
func decision(ago time.Duration, eventType string, a, b uuid.UUID) events.Event {
	return events.Event{
		Source: "c360", Type: eventType, Time: now.Add(-ago), Channel: events.ChannelOther,
		Data: fmt.Appendf(nil, `{"a":%q,"b":%q,"reason":"확인","actor":"kim"}`, a, b),
	}
}

func fragmentOf(e events.Event) uuid.UUID {
	f, _ := e.Fragment()
	return f
}

// everyMoment compares both twins after every event, on the clock of what was known.
func (w *twins) everyMoment(whom ...uuid.UUID) {
	w.t.Helper()
	for i := range w.record {
		w.feed(w.record[i : i+1])
		w.today = w.record[i].RecordedAt
		for _, f := range whom {
			w.compare(f, fmt.Sprintf("known_at=%d", i+1))
		}
	}
}

// read asks the twin who knows everything.
func read[A any](w *twins, path string, status int) A {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.knowing.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
	if rec.Code != status {
		w.t.Fatalf("%s answers %d: %s", path, rec.Code, rec.Body)
	}
	var a A
	must(w.t, json.Unmarshal(rec.Body.Bytes(), &a))
	return a
}

func customerAt(w *twins, f uuid.UUID, moment string) query.CustomerAnswer {
	w.t.Helper()
	return read[query.CustomerAnswer](w, "/v1/customers/"+f.String()+"?"+moment, http.StatusOK)
}

// A phone ties two people together until somebody decides that they are two.
func TestAsOfBeforeADecision(t *testing.T) {
	t.Parallel()
	mother := touch(9*day, events.ChannelStore, "order.completed", `{"order_id":"A","total":1000}`, "loyalty_id:M", "phone:+821000000001")
	son := touch(8*day, events.ChannelStore, "order.completed", `{"order_id":"B","total":2000}`, "loyalty_id:S", "phone:+821000000001")
	m, s := fragmentOf(mother), fragmentOf(son)
	w := tell(t, mother, son, decision(7*day, "identity.unlinked", m, s), decision(6*day, "identity.linked", m, s),
		decision(5*day, "identity.unlinked", m, s))
	w.everyMoment(m, s)
	for moment, want := range map[string]int{"known_at=1": 1, "known_at=2": 2, "known_at=3": 1, "known_at=4": 2, "known_at=5": 1} {
		a := customerAt(w, m, moment)
		if len(a.Fragments) != want {
			t.Errorf("%s: %d fragments, want %d", moment, len(a.Fragments), want)
		}
		if fmt.Sprintf("known_at=%d", a.KnownAt) != moment || a.Position != a.KnownAt || a.AsOf != nil {
			t.Errorf("%s: the answer says known_at %d, position %d, as_of %v", moment, a.KnownAt, a.Position, a.AsOf)
		}
	}
	// The decision of five days ago had not happened six days ago, although the log holds it.
	if a := customerAt(w, s, "as_of="+url.QueryEscape(now.Add(-6*day).Format(time.RFC3339))); len(a.Fragments) != 2 || a.AsOf == nil {
		t.Errorf("six days ago there were %d fragments, as_of %v", len(a.Fragments), a.AsOf)
	}
}

// A till's phone number says nothing today, since 21 people gave it; with 20 it did. And who shares a phone today did
// not before the second one gave it.
func TestAsOfBeforeTooMany(t *testing.T) {
	t.Parallel()
	var story []events.Event
	for i := range 22 {
		story = append(story, touch(time.Duration(30-i)*day, events.ChannelStore, "order.completed", `{}`,
			fmt.Sprintf("loyalty_id:L%d", i), "phone:+821000000002"))
	}
	w := tell(t, story...)
	f := fragmentOf(story[0])
	w.everyMoment(f, fragmentOf(story[21]))
	for known, want := range map[int]int{1: 1, 2: 2, 20: 20, 21: 1, 22: 1} {
		a := customerAt(w, f, fmt.Sprintf("known_at=%d", known))
		if phone := a.Identifiers[len(a.Identifiers)-1]; len(a.Fragments) != want || phone.Inert != (known > 20) {
			t.Errorf("position %d: %d fragments, want %d; the phone is inert: %v", known, len(a.Fragments), want, phone.Inert)
		}
	}
}

// What happened in May and was heard of in July had happened in June, and was not known.
func TestAsOfLate(t *testing.T) {
	t.Parallel()
	early := touch(100*day, events.ChannelWeb, "page.viewed", `{}`, "user_id:u")
	late := touch(200*day, events.ChannelStore, "order.completed", `{"order_id":"A","total":1000,"currency":"KRW"}`, "user_id:u")
	w := tell(t, early, late)
	f := fragmentOf(early)
	w.everyMoment(f)
	then := "as_of=" + url.QueryEscape(now.Add(-150*day).Format(time.RFC3339))
	if a := customerAt(w, f, then); a.Totals.Orders != 1 || a.Totals.Events != 1 || *a.Rhythm.SilentDays != 50 {
		t.Errorf("by then she had ordered %d times in %d events and was silent for %d days", a.Totals.Orders, a.Totals.Events, *a.Rhythm.SilentDays)
	}
	if a := customerAt(w, f, "known_at=1"); a.Totals.Orders != 0 || a.Totals.Events != 1 {
		t.Errorf("of her %d orders in %d events were known", a.Totals.Orders, a.Totals.Events)
	}
	today := recordingBegins.Format(time.DateOnly) // it has begun, and is not over
	if a := customerAt(w, f, "as_of="+today); a.Totals.Events != 2 || *a.Rhythm.SilentDays != 146 {
		t.Errorf("by the end of today there are %d events and %d silent days", a.Totals.Events, *a.Rhythm.SilentDays)
	}
	p := read[struct{ Detail string }](w, "/v1/customers/"+f.String()+"?known_at=1&"+then, http.StatusNotFound)
	if !strings.Contains(p.Detail, "begins at "+late.Time.Format(time.RFC3339)) || !strings.Contains(p.Detail, "position 1;") {
		t.Errorf("nothing was known by then of what had happened: %s", p.Detail)
	}
}

// The day of recording is a moment too, and so are the pages of a timeline then.
func TestAsOfPages(t *testing.T) {
	t.Parallel()
	var story []events.Event
	for i := range 30 {
		story = append(story, touch(time.Duration(60-i)*day, events.ChannelWeb, "page.viewed", fmt.Sprintf(`{"title":"%d"}`, i), "user_id:u"))
	}
	w := tell(t, story...)
	path := "/v1/customers/" + fragmentOf(story[0]).String() + "/timeline?group=0&limit=7&known_at=20"
	seen, cursor := 0, ""
	for more := true; more; more = cursor != "" {
		a := read[query.TimelineAnswer](w, path+"&before="+cursor, http.StatusOK)
		for _, e := range a.Events {
			if seen++; int(e.Position) != 21-seen {
				t.Fatalf("row %d is the event at %d", seen, e.Position)
			}
		}
		cursor = a.Next
	}
	if seen != 20 {
		t.Errorf("%d rows, want 20", seen)
	}
	day := recordingBegins.Format(time.DateOnly) // all is recorded in half an hour of that day
	if a := customerAt(w, fragmentOf(story[0]), "known_at="+day); a.Totals.Events != 30 || a.KnownAt != 30 {
		t.Errorf("that day %d events were known, position %d", a.Totals.Events, a.KnownAt)
	}
}

// Who is found by an identifier or a name is who had it then.
func TestAsOfSearch(t *testing.T) {
	t.Parallel()
	w := tell(t,
		touch(9*day, events.ChannelStore, "customer.identified", `{"traits":{"name":"김서연"}}`, "loyalty_id:A", "phone:+821000000003"),
		touch(8*day, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:b", "claimed phone:+821000000003"),
		touch(7*day, events.ChannelStore, "order.completed", `{"order_id":"ORD-77"}`, "loyalty_id:B", "phone:+821000000003"),
		touch(6*day, events.ChannelStore, "customer.identified", `{"traits":{"name":"이서연"}}`, "loyalty_id:A"),
		touch(5*day, events.ChannelStore, "customer.identified", `{"traits":{"name":"김서준"}}`, "loyalty_id:C"),
	)
	for path, want := range map[string]string{
		"identifier=phone:%2B821000000003&known_at=1": "1 proven",
		"identifier=phone:%2B821000000003&known_at=2": "1 proven, 1 claimed",
		"identifier=phone:%2B821000000003&known_at=5": "1 proven, 1 claimed",
		"identifier=loyalty_id:B&known_at=2":          "nobody",
		"identifier=loyalty_id:B&known_at=3":          "1 proven",
		"q=" + url.QueryEscape("이서연") + "&known_at=3": "nobody",
		"q=" + url.QueryEscape("이서연") + "&known_at=4": "1 proven",
		"q=ORD-77&known_at=2":                         "nobody",
		"q=ORD-77&known_at=3":                         "1 proven",
		"q=" + url.QueryEscape("김서") + "&known_at=4":  "nobody", // she has another name, he is not known yet
		"q=" + url.QueryEscape("김서"):                  "1 proven",
	} {
		a := read[query.SearchAnswer](w, "/v1/customers?"+path, http.StatusOK)
		if got := counted(a.Customers); got != want {
			t.Errorf("%s finds %s, want %s", path, got, want)
		}
	}
}

func counted(hits []query.Hit) string {
	var proven, claimed int
	for _, h := range hits {
		if h.Matched.Proven {
			proven++
		} else {
			claimed++
		}
	}
	switch {
	case proven+claimed == 0:
		return "nobody"
	case claimed == 0:
		return fmt.Sprintf("%d proven", proven)
	}
	return fmt.Sprintf("%d proven, %d claimed", proven, claimed)
}

// Another generation answers as it is: one of an instant like the instant, one under other rules by those.
func TestAnotherGeneration(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	path := "/v1/customers/" + h.search("김서연").Customers[0].ID.String()
	var then, made, split query.CustomerAnswer
	h.get("customer", path+"?known_at=20", http.StatusOK, &then)
	id := h.builds(`{"kind":"as-of","known_at":"20"}`)
	h.get("customer", path+"?generation="+id, http.StatusOK, &made)
	if made.Generation != id || made.KnownAt != 20 {
		t.Errorf("generation %s answers as %q, known at %d", id, made.Generation, made.KnownAt)
	}
	made.Moment = then.Moment
	if diff := cmp.Diff(then, made); diff != "" {
		t.Errorf("a generation of position 20 (-as of +generation):\n%s", diff)
	}
	h.get("customer", path+"?generation="+h.builds(`{"kind":"what-if","rules":{"limits":{"phone":1}}}`), http.StatusOK, &split)
	if phone := split.Identifiers[slices.IndexFunc(split.Identifiers, func(x query.IdentifierAnswer) bool { return x.Kind == "phone" })]; !phone.Inert {
		t.Errorf("under a limit of one the phone ties nobody: %+v", phone)
	}
}
