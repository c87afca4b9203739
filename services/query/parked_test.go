package query_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query"
)

// broken is a read model that cannot fold one type of event until it is mended.
type broken struct{ mended atomic.Bool }

const badType = "custom.bad"

func (*broken) Name() string                                { return "broken" }
func (*broken) Version() int                                { return 1 }
func (*broken) Tables() []*projections.Table                { return nil }
func (*broken) Want(*projections.Batch, *projections.Touch) {}
func (*broken) Settle(*projections.Batch) error             { return nil }
func (r *broken) Fold(_ *projections.Batch, t *projections.Touch) error {
	if t.Type == badType && !r.mended.Load() {
		return errors.New("this cannot be folded")
	}
	return nil
}

func openBrokenHouse(t testing.TB, options ...option) (*house, *broken) {
	t.Helper()
	room := &broken{}
	return openHouseWith(t, func(o *projections.Options) { o.Rooms = append(o.Rooms, room) }, options...), room
}

// goesWrong has three events of one fragment parked, of which the room fails at two, and returns the fragment.
func (h *house) goesWrong() uuid.UUID {
	h.t.Helper()
	bad := touch(day, events.ChannelStore, badType, `{}`, "loyalty_id:BAD")
	h.happens(bad)
	h.happens(touch(day, events.ChannelStore, "order.completed", `{"order_id":"ORD-1"}`, "loyalty_id:BAD"))
	h.happens(bad)
	fragment, _ := bad.Fragment()
	return fragment
}

// TestParkedAndRedriven: what cannot be folded is shown with its reason, and goes in once the read model is mended.
func TestParkedAndRedriven(t *testing.T) {
	t.Parallel()
	h, room := openBrokenHouse(t)
	fragment := h.goesWrong()
	redrive := "/v1/parked/" + fragment.String() + "/redrive"

	var page, rest query.ParkedAnswer
	h.get("parked", "/v1/parked?limit=2", http.StatusOK, &page)
	h.get("parked", "/v1/parked?limit=2&cursor="+page.Next, http.StatusOK, &rest)
	all := slices.Concat(page.Parked, rest.Parked)
	if len(page.Parked) != 2 || len(rest.Parked) != 1 || rest.Next != "" || page.Position != 3 {
		t.Fatalf("pages of two are %+v and %+v", page, rest)
	}
	for i, p := range all {
		if p.Fragment != fragment || p.Position != events.Position(i+1) || p.Behind != (i > 0) {
			t.Errorf("parked is %+v", p)
		}
	}
	if !strings.Contains(all[0].Reason, "room broken: this cannot be folded") || all[0].Type != badType {
		t.Errorf("the reason is missing from %+v", all[0])
	}

	var a query.RedriveAnswer
	h.post("redrive", redrive, "", http.StatusAccepted, &a)
	if a.Folded != 0 || a.Waiting != 3 || a.First == nil || a.First.Position != 1 || a.First.Behind {
		t.Errorf("redriven too early: %+v", a)
	}
	room.mended.Store(true)
	a = query.RedriveAnswer{}
	h.post("redrive", redrive, "", http.StatusAccepted, &a)
	if a.Folded != 3 || a.Waiting != 0 || a.First != nil || a.Fragment != fragment {
		t.Errorf("redriven: %+v", a)
	}
	h.get("searchCustomers", "/v1/customers?identifier=loyalty_id:BAD", http.StatusOK, nil)
	if n := h.fragments(fragment, 3); n != 1 {
		t.Errorf("the redriven customer has %d fragments", n)
	}
	h.get("parked", "/v1/parked", http.StatusOK, &page)
	if len(page.Parked) != 0 || page.Next != "" {
		t.Errorf("parked are still %+v", page)
	}
	h.post("redrive", redrive, "", http.StatusNotFound, nil)
	if logged := h.logged.String(); !strings.Contains(logged, "level=WARN msg=\"events parked") || strings.Contains(logged, fragment.String()) {
		t.Errorf("the log says\n%s", logged)
	}
}

func TestParkedRefusals(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for path, pointer := range map[string]string{
		"?limit=0": "?limit", "?limit=201": "?limit", "?cursor=zz": "?cursor", "?cursor=00": "?cursor",
		"?cursor=" + strings.Repeat("ff", 24): "?cursor",
	} {
		var p struct{ Pointer string }
		h.get("parked", "/v1/parked"+path, http.StatusBadRequest, &p)
		if p.Pointer != pointer {
			t.Errorf("%s is refused at %q, want %q", path, p.Pointer, pointer)
		}
	}
	h.post("redrive", "/v1/parked/somebody/redrive", "", http.StatusBadRequest, nil)
}
