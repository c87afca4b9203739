package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// slowEvent is a touchpoint as the slow model knows it.
type slowEvent struct {
	id          string
	at          time.Time
	identifiers []string // kind:value
	order       int      // KRW, 0 if it is no order
}

// line is the event in c360's own file format.
func (e slowEvent) line() string {
	quoted := make([]string, len(e.identifiers))
	for i, id := range e.identifiers {
		quoted[i] = fmt.Sprintf("%q", id)
	}
	kind, data := "page.viewed", `{"url":"https://shop.example.com/"}`
	if e.order > 0 {
		kind, data = "order.completed", fmt.Sprintf(`{"order_id":"O-%s","total":%d,"currency":"KRW"}`, e.id, e.order)
	}
	return fmt.Sprintf(`{"id":%q,"type":%q,"time":%q,"channel":"web","identifiers":[%s],"data":%s}`+"\n",
		e.id, kind, e.at.Format(time.RFC3339Nano), strings.Join(quoted, ","), data)
}

// randomEvent makes a touchpoint of one of people persons, who each go by a browser, an account and a phone; some
// touchpoints name two of them and so tie them together.
func randomEvent(r *rand.Rand, id string, people int) slowEvent {
	who := r.IntN(people)
	names := []string{fmt.Sprintf("anonymous_id:a%d", who), fmt.Sprintf("user_id:u%d", who), fmt.Sprintf("phone:+8210%08d", 2000_0000+who)}
	e := slowEvent{id: id, at: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(300*24*3600)) * time.Second)}
	first := r.IntN(3)
	e.identifiers = []string{names[first]}
	if who%3 != 0 && r.IntN(20) == 0 { // a third of the people is never tied together
		e.identifiers = append(e.identifiers, names[(first+1)%3])
	}
	if r.IntN(4) == 0 {
		e.order = 1000 * (1 + r.IntN(300))
	}
	return e
}

// slowCustomer is what the model says about one customer.
type slowCustomer struct {
	identifiers []string
	timeline    []string // ids, newest first
	orders      int
	revenue     int
}

// slowModel works everything out from scratch: customers are the groups of identifiers that touchpoints tie.
func slowModel(all []slowEvent) []slowCustomer {
	group := map[string]string{}
	var find func(string) string
	find = func(id string) string {
		if parent, ok := group[id]; ok && parent != id {
			return find(parent)
		}
		group[id] = id
		return id
	}
	for _, e := range all {
		for _, id := range e.identifiers[1:] {
			group[find(id)] = find(e.identifiers[0])
		}
		find(e.identifiers[0])
	}
	byGroup := map[string][]slowEvent{}
	for _, e := range all {
		root := find(e.identifiers[0])
		byGroup[root] = append(byGroup[root], e)
	}
	var out []slowCustomer
	for root, events := range byGroup {
		c := summarise(events)
		for id := range group {
			if find(id) == root {
				c.identifiers = append(c.identifiers, id)
			}
		}
		slices.Sort(c.identifiers)
		out = append(out, c)
	}
	return out
}

func summarise(events []slowEvent) slowCustomer {
	c := slowCustomer{}
	slices.SortFunc(events, func(a, b slowEvent) int {
		if d := b.at.Compare(a.at); d != 0 {
			return d
		}
		return strings.Compare(b.id, a.id)
	})
	for _, e := range events {
		c.timeline = append(c.timeline, e.id)
		if e.order > 0 {
			c.orders++
			c.revenue += e.order
		}
	}
	return c
}

// compare asks c360 for every customer of the model.
func (p *process) compare(t *testing.T, want []slowCustomer) {
	t.Helper()
	for _, w := range want {
		var found struct{ Customers []struct{ ID string } }
		p.get("/v1/customers?identifier="+url.QueryEscape(w.identifiers[0]), &found)
		if len(found.Customers) != 1 {
			t.Fatalf("%s: %d customers, want 1", w.identifiers[0], len(found.Customers))
		}
		got := p.customer(found.Customers[0].ID)
		if !slices.Equal(got.identifiers, w.identifiers) || got.orders != w.orders || got.revenue != w.revenue {
			t.Fatalf("customer %s: got %v, %d orders, %d; want %v, %d orders, %d", found.Customers[0].ID,
				got.identifiers, got.orders, got.revenue, w.identifiers, w.orders, w.revenue)
		}
		slices.Sort(got.timeline) // ties in time are c360's own to order
		slices.Sort(w.timeline)
		if !slices.Equal(got.timeline, w.timeline) {
			t.Fatalf("customer %s: %d events in the timeline, want %d", found.Customers[0].ID, len(got.timeline), len(w.timeline))
		}
	}
}

// customer reads a customer's page and whole timeline.
func (p *process) customer(id string) slowCustomer {
	p.tb.Helper()
	var page struct {
		Identifiers []struct{ Kind, Value string }
		Totals      struct {
			Events, Orders int
			Revenue        []struct{ Amount float64 }
		}
	}
	p.get("/v1/customers/"+id, &page)
	c := slowCustomer{orders: page.Totals.Orders, timeline: p.timeline(id)}
	for _, i := range page.Identifiers {
		c.identifiers = append(c.identifiers, i.Kind+":"+i.Value)
	}
	slices.Sort(c.identifiers)
	for _, r := range page.Totals.Revenue {
		c.revenue += int(r.Amount)
	}
	if page.Totals.Events != len(c.timeline) {
		p.tb.Fatalf("customer %s: totals say %d events, the timeline has %d", id, page.Totals.Events, len(c.timeline))
	}
	return c
}

func (p *process) timeline(id string) []string {
	p.tb.Helper()
	var ids []string
	times := ""
	for cursor := ""; ; {
		var page struct {
			Events []struct{ ID, Time string }
			Next   string
		}
		p.get("/v1/customers/"+id+"/timeline?group=0&limit=200&before="+url.QueryEscape(cursor), &page)
		for _, e := range page.Events {
			if times != "" && e.Time > times {
				p.tb.Fatalf("customer %s: the timeline goes back up at %s", id, e.ID)
			}
			times = e.Time
			ids = append(ids, e.ID)
		}
		if cursor = page.Next; cursor == "" {
			return ids
		}
	}
}
