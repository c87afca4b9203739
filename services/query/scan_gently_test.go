package query_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/numbers"
)

// TestGentlyAsQuickly: what is counted gently, from many views of which each shows more than the one before, is what is counted
// at once from one: nobody is left out or counted twice while their touchpoints, and new customers, come in.
func TestGentlyAsQuickly(t *testing.T) {
	t.Parallel()
	h := openCountingHouse(t)
	h.happenAll(company())
	var quickly numbers.ModelAnswer
	h.get("valueModel", "/v1/analytics/value/model", http.StatusOK, &quickly)
	enough := make(chan struct{})
	var looks sync.WaitGroup
	looks.Go(func() { h.looksAround(enough) })
	for range 3 {
		gently, err := h.service.MeasureGently(t.Context())
		must(t, err)
		if gently.Customers < quickly.Customers {
			t.Errorf("%d customers counted gently, %d were there before", gently.Customers, quickly.Customers)
		}
		if got, want := measures(t, *gently), measures(t, quickly); got != want {
			t.Errorf("measured gently:\n%s\nat once:\n%s", got, want)
		}
	}
	close(enough)
	looks.Wait()
}

// looksAround has customers, old ones and new ones, look at pages until it is enough.
func (h *house) looksAround(enough <-chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-enough:
			return
		default:
		}
		who := fmt.Sprintf("user_id:c%03d", n%700)
		e := touch(time.Hour, events.ChannelWeb, "page.viewed", `{"url":"https://shop.example.com/"}`, who)
		e.ID = fmt.Sprintf("look-%d", n)
		h.appends(e)
	}
}

// measures is what an answer says but for how many customers it is about and as of which position.
func measures(t *testing.T, a numbers.ModelAnswer) string {
	t.Helper()
	a.Basis = numbers.Basis{}
	text, err := json.MarshalIndent(a, "", " ")
	must(t, err)
	return string(text)
}
