package dataset

import (
	"context"
	"strings"

	"github.com/c360hq/c360/events"
)

// event is a row of events.
type event struct {
	*touched
	owner
}

// eventsTable is every event of the log, those included that name nobody, and decisions.
func eventsTable() *Dataset {
	d := define("events", "One row for everything that happened or was decided, in the order in which the log took it.",
		eventFields(), eachEvent)
	d.Log = true
	return d
}

func eventFields() []field[event] {
	return append(append(append([]field[event]{
		as(Column{Name: "position", Type: Int, Index: true, Doc: "Place in the log; later events have greater ones."},
			func(e *event) Value { return count(e.Position) }),
		as(Column{Name: "recorded_at", Type: Timestamp, Doc: "When c360 took it (known)."},
			func(e *event) Value { return moment(e.RecordedAt) }),
		as(Column{Name: "time", Type: Timestamp, Index: true, Doc: "When it happened (occurred)."},
			func(e *event) Value { return moment(e.Time) }),
		as(Column{Name: "day", Type: Date, Few: true, Doc: "The day on which it happened, in Asia/Seoul."},
			func(e *event) Value { return dayOf(e.Time) }),
		as(Column{Name: "source", Type: Text, Few: true, Doc: "Who told us; with id it names the event for ever."},
			func(e *event) Value { return text(e.Source) }),
		as(Column{Name: "id", Type: Text, Doc: "The event's id at its source."},
			func(e *event) Value { return text(e.ID) }),
		as(Column{Name: "type", Type: Text, Few: true, Index: true, Doc: "What happened, for example order.completed."},
			func(e *event) Value { return text(e.Type) }),
		as(Column{Name: "channel", Type: Text, Few: true, Doc: "Where: web, app, store, call, inquiry, message or other."},
			func(e *event) Value { return text(string(e.Channel)) }),
		as(Column{Name: "stream", Type: Text, Doc: "The stream it was appended to."},
			func(e *event) Value { return text(e.Stream) }),
		as(Column{Name: "fragment", Type: Text, Nullable: true, Doc: "Whose it is for ever; null if it names nobody."},
			func(e *event) Value { return maybe(e.owner.fragment) }),
		as(Column{
			Name: "customer", Type: Text, Nullable: true, Index: true,
			Doc: "The customer that the fragment belongs to at the position of this export; null if it names nobody or waits parked.",
		},
			func(e *event) Value { return maybe(e.customer) }),
	}, shopFields()...), contactFields()...),
		as(Column{Name: "data", Type: JSON, Nullable: true, Doc: "All that the source said, brought up to today's schema."},
			func(e *event) Value { return maybe(e.Data) }))
}

// shopFields are the main fields of the catalogue's web, retail and order types.
func shopFields() []field[event] {
	return []field[event]{
		as(Column{Name: "order_id", Type: Text, Nullable: true, Index: true, Doc: "Order number."},
			func(e *event) Value { return maybe(e.body.OrderID) }),
		as(Column{Name: "total", Type: Real, Unit: "currency", Nullable: true, Doc: "What the order or refund came to; the sum of its items if no total was given."},
			total),
		as(Column{Name: "currency", Type: Text, Few: true, Nullable: true, Doc: "ISO 4217 code, as the source sent it."},
			func(e *event) Value { return maybe(e.body.Currency) }),
		as(Column{Name: "sku", Type: Text, Few: true, Nullable: true, Doc: "Article number of what it is about, or of the first item."},
			func(e *event) Value {
				return maybe(firstItem(e, e.body.SKU, func(i *events.Item) string { return i.SKU }))
			}),
		as(Column{Name: "product", Type: Text, Few: true, Nullable: true, Doc: "Name of what it is about, or of the first item."},
			func(e *event) Value {
				return maybe(firstItem(e, e.body.Name, func(i *events.Item) string { return i.Name }))
			}),
		as(Column{Name: "category", Type: Text, Few: true, Nullable: true, Doc: "Category of what it is about, or of the first item."},
			func(e *event) Value {
				return maybe(firstItem(e, e.body.Category, func(i *events.Item) string { return i.Category }))
			}),
		as(Column{Name: "price", Type: Real, Unit: "currency", Nullable: true, Doc: "Price of the article it is about."},
			func(e *event) Value { return given(e.body.HasPrice, e.body.Price) }),
		as(Column{Name: "items", Type: Int, Unit: "lines", Nullable: true, Doc: "How many lines an order or basket has; order_items has them."},
			func(e *event) Value { return some(len(e.body.Items)) }),
		as(Column{Name: "store", Type: Text, Few: true, Nullable: true, Doc: "The store it happened in."},
			func(e *event) Value { return maybe(e.body.Store) }),
		as(Column{Name: "coupon", Type: Text, Few: true, Nullable: true, Doc: "Coupon that was used."},
			func(e *event) Value { return maybe(e.body.Coupon) }),
		as(Column{Name: "path", Type: Text, Few: true, Nullable: true, Doc: "Path of the page."},
			func(e *event) Value { return maybe(e.body.Path) }),
		as(Column{Name: "query", Type: Text, Nullable: true, Doc: "What was searched for."},
			func(e *event) Value { return maybe(e.body.Query) }),
	}
}

// contactFields are the main fields of the catalogue's call, inquiry and message types.
func contactFields() []field[event] {
	return []field[event]{
		as(Column{Name: "inquiry_id", Type: Text, Nullable: true, Doc: "Inquiry number."},
			func(e *event) Value { return maybe(e.body.InquiryID) }),
		as(Column{Name: "case_id", Type: Text, Nullable: true, Doc: "Case number."},
			func(e *event) Value { return maybe(e.body.CaseID) }),
		as(Column{Name: "call_id", Type: Text, Nullable: true, Doc: "Call number."},
			func(e *event) Value { return maybe(e.body.CallID) }),
		as(Column{Name: "subject", Type: Text, Nullable: true, Doc: "What an inquiry or call is about; free text."},
			func(e *event) Value { return maybe(firstOf(e.body.Subject, e.body.Topic)) }),
		as(Column{Name: "duration", Type: Real, Unit: "seconds", Nullable: true, Doc: "How long a call took."},
			func(e *event) Value { return number(e.body.Duration) }),
		as(Column{Name: "score", Type: Real, Nullable: true, Doc: "Answer to a survey."},
			func(e *event) Value { return number(e.body.Score) }),
		as(Column{Name: "campaign", Type: Text, Few: true, Nullable: true, Doc: "Campaign of a message or visit."},
			func(e *event) Value { return maybe(e.body.Campaign) }),
		as(Column{Name: "medium", Type: Text, Few: true, Nullable: true, Doc: "Medium of a message or consent: email, sms, push, …"},
			func(e *event) Value { return maybe(e.body.Medium) }),
		as(Column{Name: "reason", Type: Text, Few: true, Nullable: true, Doc: "Why: of a cancellation, refund, failure or decision."},
			func(e *event) Value { return maybe(e.body.Reason) }),
	}
}

func eachEvent(ctx context.Context, s *Source, q Query, emit func([]event) error) error {
	o := newOwners(s)
	var rows []event
	return touches(ctx, s, q, func(page []touched) error {
		if err := o.find(ctx, page); err != nil {
			return err
		}
		rows = rows[:0]
		for i := range page {
			e := event{touched: &page[i]}
			if e.somebody {
				e.owner = o.known[e.touched.fragment]
			}
			rows = append(rows, e)
		}
		return emit(rows)
	})
}

// total is what an order, cancellation or refund came to.
func total(e *event) Value {
	b := &e.body
	if b.HasTotal || len(b.Items) == 0 || !strings.HasPrefix(e.Type, "order.") {
		return given(b.HasTotal, b.Total)
	}
	var sum events.Money
	for i := range b.Items {
		sum += b.Items[i].Cost()
	}
	return money(sum)
}

func given(has bool, m events.Money) Value {
	if !has {
		return Value{}
	}
	return money(m)
}

// some is null for 0.
func some(n int) Value {
	if n == 0 {
		return Value{}
	}
	return count(n)
}

func firstItem(e *event, own string, of func(*events.Item) string) string {
	if own != "" || len(e.body.Items) == 0 {
		return own
	}
	return of(&e.body.Items[0])
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
