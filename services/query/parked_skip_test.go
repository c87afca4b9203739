package query_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query"
)

func skipping(p events.Position, more string) string {
	return fmt.Sprintf(`{"position":%d,"reason":"a test till"%s}`, p, more)
}

// TestParkedAndSkipped: an operator looks at what is in the way, decides that it is left out, and the rest goes in.
func TestParkedAndSkipped(t *testing.T) {
	t.Parallel()
	h, _ := openBrokenHouse(t)
	fragment := h.goesWrong()
	path := "/v1/parked/" + fragment.String()

	var queue query.ParkedQueueAnswer
	h.get("parkedQueue", path+"?limit=2", http.StatusOK, &queue)
	if queue.Waiting != 3 || len(queue.Queue) != 2 || queue.Event.Position != 1 || queue.Event.Type != badType ||
		!strings.Contains(queue.Queue[0].Reason, "cannot be folded") || queue.Fragment != fragment {
		t.Errorf("what waits is %+v", queue)
	}
	var first, again, second query.AcceptedAnswer
	h.post("skip", path+"/skip", skipping(1, ""), http.StatusAccepted, &first)
	h.get("parkedQueue", fmt.Sprintf("%s?wait=%d", path, first.Position), http.StatusOK, &queue)
	if queue.Waiting != 1 || queue.Event.Position != 3 || queue.Queue[0].Behind {
		t.Errorf("after the first was skipped, what waits is %+v", queue)
	}
	h.post("skip", path+"/skip", skipping(1, ""), http.StatusAccepted, &again)
	if again != first {
		t.Errorf("deciding it again answers %+v, want %+v", again, first)
	}
	h.post("skip", path+"/skip", skipping(3, ""), http.StatusAccepted, &second)
	h.get("parkedQueue", fmt.Sprintf("%s?wait=%d", path, second.Position), http.StatusNotFound, nil)
	h.get("searchCustomers", "/v1/customers?identifier=loyalty_id:BAD", http.StatusOK, nil)
	decision := h.decisions()[0]
	if string(decision.Data) != `{"position":1,"reason":"a test till","actor":"operator"}` || decision.Stream != "parked" {
		t.Errorf("the log holds %s in %s", decision.Data, decision.Stream)
	}
	if logged := h.logged.String(); !strings.Contains(logged, "a parked event is skipped") || strings.Contains(logged, "till") || strings.Contains(logged, fragment.String()) {
		t.Errorf("the log says\n%s", logged)
	}
}

func (h *house) decisions() []events.Recorded {
	h.t.Helper()
	all, err := h.log.ReadStream(h.t.Context(), projections.ParkedStream, 0, 100)
	must(h.t, err)
	return all
}

// Two who decide the same at once make one decision.
func TestSkipTwiceAtOnce(t *testing.T) {
	t.Parallel()
	h, _ := openBrokenHouse(t)
	path := "/v1/parked/" + h.goesWrong().String()
	var all sync.WaitGroup
	answers := make([]query.AcceptedAnswer, 4)
	for i := range answers {
		all.Go(func() { h.post("skip", path+"/skip", skipping(1, ""), http.StatusAccepted, &answers[i]) })
	}
	all.Wait()
	for _, a := range answers {
		if a != answers[0] {
			t.Errorf("they are told %+v", answers)
		}
	}
	if n := len(h.decisions()); n != 1 {
		t.Errorf("the log holds %d decisions", n)
	}
}

func TestSkipRefusals(t *testing.T) {
	t.Parallel()
	h, room := openBrokenHouse(t)
	fragment := h.goesWrong()
	path := "/v1/parked/" + fragment.String() + "/skip"
	cases := []struct {
		name, path, body string
		status           int
		pointer          string
	}{
		{"no position", path, `{"reason":"x"}`, http.StatusBadRequest, "/position"},
		{"no reason", path, `{"position":1}`, http.StatusBadRequest, "/reason"},
		{"a long reason", path, `{"position":1,"reason":"` + longText(501) + `"}`, http.StatusBadRequest, "/reason"},
		{"an unknown member", path, skipping(1, `,"why":1`), http.StatusBadRequest, "/why"},
		{"what is not in the log", path, skipping(900, ""), http.StatusConflict, "/position"},
		{"another fragment", "/v1/parked/" + uuid.Nil.String() + "/skip", skipping(1, ""), http.StatusConflict, "/position"},
		{"no id", "/v1/parked/somebody/skip", skipping(1, ""), http.StatusBadRequest, "?id"},
	}
	for _, c := range cases {
		var p struct{ Pointer, Detail string }
		h.post("skip", c.path, c.body, c.status, &p)
		if p.Pointer != c.pointer || p.Detail == "" {
			t.Errorf("%s is refused with %+v, want the place %q", c.name, p, c.pointer)
		}
	}
	room.mended.Store(true)
	h.post("redrive", "/v1/parked/"+fragment.String()+"/redrive", "", http.StatusAccepted, nil)
	h.post("skip", path, skipping(1, ""), http.StatusConflict, nil)
	if n := len(h.decisions()); n != 0 {
		t.Errorf("refusals left %d decisions", n)
	}
}
