package query_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// TestKeptUpIsCountedAnew: whatever happens, counts that were kept up answer as counts that are made anew. What happens is
// orders, views, cancellations and refunds, late and repeated ones; people who turn out to be one, by an identifier or by a
// decision, and to be two after all; a phone number that too many share; and another generation that serves.
func TestKeptUpIsCountedAnew(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := &wanderer{house: openHouse(t), r: rand.New(rand.NewPCG(seed, 77))}
			w.appends(w.order(0)) // of an empty log there is no position to wait for
			w.counted()
			for range 12 {
				w.someHappens(1 + w.r.IntN(25))
				w.same()
			}
			for n := range 24 { // the 21st holder makes the number say nothing, and all fall apart
				w.appends(w.order(n, "phone:+821000000099"))
			}
			w.same()
			id := w.rebuilt()
			w.post("swap", "/v1/generations/"+id+"/swap", "", http.StatusAccepted, nil)
			w.someHappens(10)
			w.same()
		})
	}
}

// wanderer makes things happen at random.
type wanderer struct {
	*house
	r      *rand.Rand
	orders []string
	people []uuid.UUID
	last   events.Position
}

const wanderers = 40

func (w *wanderer) sku() string {
	return []string{"COAT-1", "COAT-2", "SCARF", "HAT", "LENS", "SOCKS", "TV"}[w.r.IntN(7)]
}

// order is an order of somebody, with more identifiers.
func (w *wanderer) order(n int, more ...string) events.Event {
	skus := []string{w.sku()}
	for range w.r.IntN(3) {
		skus = append(skus, w.sku())
	}
	number := fmt.Sprintf("W-%d", len(w.orders))
	w.orders = append(w.orders, number)
	e := buys(time.Duration(w.r.IntN(200*24))*time.Hour, fmt.Sprintf("user_id:w%02d", n), number, skus...)
	for _, text := range more {
		id, err := events.ParseIdentifier(text)
		must(w.t, err)
		id.Grade = events.Asserted
		e.Identifiers = append(e.Identifiers, id)
	}
	f, _ := e.Fragment()
	if !slices.Contains(w.people, f) {
		w.people = append(w.people, f)
	}
	return e
}

// someHappens makes so many things happen.
func (w *wanderer) someHappens(n int) {
	w.t.Helper()
	for range n {
		who := w.r.IntN(wanderers)
		user := fmt.Sprintf("user_id:w%02d", who)
		ago := time.Duration(w.r.IntN(100*24)) * time.Hour
		switch w.r.IntN(9) {
		case 0:
			w.appends(looksAt(ago, user, w.sku()))
		case 1, 2:
			w.about(ago, user, "order.cancelled", `{"order_id":%q}`)
		case 3:
			w.about(ago, user, "order.refunded", `{"order_id":%q,"amount":60000,"currency":"KRW","items":`+lines(w.sku())+`}`)
		case 4:
			w.appends(w.order(who, fmt.Sprintf("phone:+8210000000%02d", w.r.IntN(12))))
		case 5, 6:
			w.decides()
		default:
			w.appends(w.order(who))
		}
	}
}

// about tells something of an order there was, told by whomever.
func (w *wanderer) about(ago time.Duration, user, kind, data string) {
	if len(w.orders) > 0 {
		w.appends(touch(ago, events.ChannelWeb, kind, fmt.Sprintf(data, w.orders[w.r.IntN(len(w.orders))]), user))
	}
}

// decides links two people, or takes them apart.
func (w *wanderer) decides() {
	if len(w.people) < 2 {
		return
	}
	i, j := w.r.IntN(len(w.people)), w.r.IntN(len(w.people))
	if i == j {
		return
	}
	kind := []string{"identity.linked", "identity.unlinked"}[w.r.IntN(2)]
	w.last++
	e := events.Event{
		ID: fmt.Sprintf("d%d", w.last), Source: "c360", Type: kind, Time: now.Add(time.Duration(w.last) * time.Microsecond), Received: now,
		Channel: events.ChannelOther, Data: fmt.Appendf(nil, `{"a":%q,"b":%q}`, w.people[i], w.people[j]),
	}
	_, err := w.log.Append(context.Background(), events.Entry{Stream: "identity", Event: e})
	must(w.t, err)
}

// same demands that the counts that were kept up answer as new ones do.
func (w *wanderer) same() {
	w.t.Helper()
	head, err := w.log.Head(context.Background())
	must(w.t, err)
	kept, anew := w.asks(), w.again()
	for _, path := range w.paths(head.Position) {
		a, b := answered(w.t, kept(path)), answered(w.t, anew(path))
		if a != b {
			w.t.Fatalf("at %d, kept up and counted anew differ about %s:\n%s\n%s", head.Position, path, a, b)
		}
	}
}

// asks returns what asks the house itself.
func (w *wanderer) asks() func(path string) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	w.service.Routes(mux)
	return func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		return rec
	}
}

// paths are what is asked at a position.
func (w *wanderer) paths(at events.Position) []string {
	all := []string{
		fmt.Sprintf("/v1/products?limit=200&wait=%d", at), fmt.Sprintf("/v1/products/rules?min_support=0.0005&min_confidence=0&limit=1000&wait=%d", at),
	}
	for sku := range shop {
		all = append(all, "/v1/products/"+sku+"/bought-together?limit=100")
	}
	for range min(6, len(w.people)) {
		all = append(all, fmt.Sprintf("/v1/customers/%s/recommendations?limit=50&within=60", w.people[w.r.IntN(len(w.people))]))
	}
	return all
}

// answered reads an answer, without how much memory it took to know it.
func answered(t testing.TB, rec *httptest.ResponseRecorder) string {
	t.Helper()
	if rec.Code != http.StatusOK && rec.Code != http.StatusNotFound {
		t.Fatalf("answers %d: %s", rec.Code, rec.Body)
	}
	var tree map[string]any
	must(t, json.Unmarshal(rec.Body.Bytes(), &tree))
	if model, ok := tree["model"].(map[string]any); ok {
		delete(model, "bytes")
	}
	return textOf(t, tree)
}

// What could not be folded is counted when it has been, though the position does not move on for that.
func TestRedrivenIsCounted(t *testing.T) {
	t.Parallel()
	h, room := openBrokenHouse(t)
	h.openShop()
	bad := touch(day, events.ChannelStore, badType, `{}`, "user_id:bad")
	h.happens(bad)
	h.happens(buys(day, "user_id:bad", "B1", "TV", "SOCKS"))
	before := h.counted()
	room.mended.Store(true)
	fragment, _ := bad.Fragment()
	h.post("redrive", "/v1/parked/"+fragment.String()+"/redrive", "", http.StatusAccepted, nil)
	w := &wanderer{house: h, r: rand.New(rand.NewPCG(1, 1))}
	for h.counted().Model.Baskets == before.Model.Baskets {
		w.happens(looksAt(day, "user_id:other", "HAT")) // has it look
	}
	w.same()
}
