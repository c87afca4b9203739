package dataset

import (
	"context"

	"github.com/c360hq/c360/events"
)

const orderCompleted = "order.completed"

// item is a row of order_items.
type item struct {
	*event
	*events.Item
	line int
}

// orderItems is what was in the orders.
func orderItems() *Dataset {
	d := define("order_items", "One row for every line of every order.completed; join orders on source and event_id, "+
		"so that an order which two sources tell of counts once.", itemFields(), eachItem)
	d.Log = true
	return d
}

func itemFields() []field[item] {
	return []field[item]{
		as(Column{Name: "position", Type: Int, Doc: "Place of the event in the log."},
			func(i *item) Value { return count(i.Position) }),
		as(Column{Name: "line", Type: Int, Doc: "Place of the line in the order, from 1."},
			func(i *item) Value { return count(i.line) }),
		as(Column{Name: "time", Type: Timestamp, Doc: "When the order was completed."},
			func(i *item) Value { return moment(i.Time) }),
		as(Column{Name: "source", Type: Text, Few: true, Doc: "Who told us."},
			func(i *item) Value { return text(i.Source) }),
		as(Column{Name: "event_id", Type: Text, Index: true, Doc: "The event's id at its source."},
			func(i *item) Value { return text(i.ID) }),
		as(Column{Name: "order_id", Type: Text, Nullable: true, Index: true, Doc: "Order number."},
			func(i *item) Value { return maybe(i.body.OrderID) }),
		as(Column{Name: "customer", Type: Text, Nullable: true, Index: true, Doc: "Who ordered; null if the order names nobody or waits parked."},
			func(i *item) Value { return maybe(i.customer) }),
		as(Column{Name: "channel", Type: Text, Few: true, Doc: "Where it was ordered."},
			func(i *item) Value { return text(string(i.Channel)) }),
		as(Column{Name: "sku", Type: Text, Few: true, Nullable: true, Index: true, Doc: "Article number."},
			func(i *item) Value { return maybe(i.SKU) }),
		as(Column{Name: "product", Type: Text, Few: true, Nullable: true, Doc: "Name of the article."},
			func(i *item) Value { return maybe(i.Name) }),
		as(Column{Name: "category", Type: Text, Few: true, Nullable: true, Doc: "Category of the article."},
			func(i *item) Value { return maybe(i.Category) }),
		as(Column{Name: "quantity", Type: Real, Unit: "pieces, or whatever the article is measured in", Doc: "How much of it; 1 if nothing was said."},
			func(i *item) Value { return money(i.Quantity) }),
		as(Column{Name: "price", Type: Real, Unit: "currency", Doc: "Price of one; 0 if nothing was said."},
			func(i *item) Value { return money(i.Price) }),
		as(Column{Name: "currency", Type: Text, Few: true, Nullable: true, Doc: "ISO 4217 code, as the source sent it."},
			func(i *item) Value { return maybe(i.body.Currency) }),
	}
}

func eachItem(ctx context.Context, s *Source, q Query, emit func([]item) error) error {
	if len(q.Types) == 0 {
		q.Types = []string{orderCompleted}
	}
	var rows []item
	return eachEvent(ctx, s, q, func(page []event) error {
		rows = rows[:0]
		for i := range page {
			if page[i].Type == orderCompleted {
				rows = append(rows, lines(&page[i])...)
			}
		}
		return emit(rows)
	})
}

func lines(e *event) []item {
	all := make([]item, len(e.body.Items))
	for i := range all {
		all[i] = item{e, &e.body.Items[i], i + 1}
	}
	return all
}
