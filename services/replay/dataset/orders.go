package dataset

import (
	"context"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/profile"
)

// order is a row of orders.
type order struct {
	customer uuid.UUID
	profile.Order
}

// orders is every order once, however many sources tell of it.
func orders() *Dataset {
	return define("orders", "One row for every order of every customer, as its best source tells of it.", []field[order]{
		as(Column{Name: "order_id", Type: Text, Index: true, Doc: "Order number; an order without one is called by the id of its event."},
			func(o *order) Value { return text(o.Number) }),
		as(Column{Name: "customer", Type: Text, Index: true, Doc: "Who ordered."},
			func(o *order) Value { return id(o.customer) }),
		as(Column{Name: "fragment", Type: Text, Doc: "The fragment that tells of it best."},
			func(o *order) Value { return id(o.Fragment) }),
		as(Column{Name: "completed_at", Type: Timestamp, Nullable: true, Index: true, Doc: "When it was completed; null if only a cancellation or refund tells of it."},
			func(o *order) Value { return moment(o.CompletedAt) }),
		as(Column{Name: "day", Type: Date, Few: true, Nullable: true, Doc: "The day on which it was completed, in Asia/Seoul."},
			func(o *order) Value { return dayOf(o.CompletedAt) }),
		as(Column{Name: "currency", Type: Text, Few: true, Nullable: true, Doc: "ISO 4217 code; KRW if none was given, XXX if it was none."},
			func(o *order) Value { return maybe(o.Currency) }),
		as(Column{Name: "total", Type: Real, Unit: "currency", Doc: "What it cost."},
			func(o *order) Value { return money(o.Total) }),
		as(Column{Name: "revenue", Type: Real, Unit: "currency", Doc: "What is left of that after cancellation; refunds are not taken off."},
			func(o *order) Value { return money(o.Revenue) }),
		as(Column{Name: "cancelled", Type: Bool, Doc: "True if it was cancelled, wholly or in part."},
			func(o *order) Value { return flag(o.Cancelled) }),
		as(Column{Name: "refunds", Type: Int, Unit: "refunds", Doc: "How many refunds there were."},
			func(o *order) Value { return count(o.Refunds) }),
		as(Column{Name: "refunded", Type: Real, Unit: "currency of the refund", Doc: "What was paid back, in the order's currency or the only one there is."},
			func(o *order) Value { return money(refundedOf(&o.Order)) }),
		as(Column{Name: "source", Type: Text, Few: true, Nullable: true, Doc: "Who told us what it cost."},
			func(o *order) Value { return maybe(o.Source) }),
		as(Column{Name: "event_id", Type: Text, Nullable: true, Index: true, Doc: "That event's id at its source."},
			func(o *order) Value { return maybe(o.EventID) }),
	}, perCustomer(func(ctx context.Context, s *Source, who uuid.UUID, of []uuid.UUID) ([]order, error) {
		all, err := s.Profile.Orders(ctx, s.View, of)
		rows := make([]order, len(all))
		for i := range all {
			rows[i] = order{who, all[i]}
		}
		return rows, err
	}))
}

func refundedOf(o *profile.Order) events.Money {
	if len(o.Refunded) == 1 {
		return o.Refunded[0].Amount
	}
	return amountIn(o.Refunded, o.Currency)
}

// service is a row of cases.
type service struct {
	customer uuid.UUID
	profile.Case
}

// cases is what people asked for.
func cases() *Dataset {
	return define("cases", "One row for every inquiry or case of every customer.", []field[service]{
		as(Column{Name: "case_id", Type: Text, Index: true, Doc: "The number of the inquiry it began with, or of the case."},
			func(c *service) Value { return text(c.ID) }),
		as(Column{Name: "customer", Type: Text, Index: true, Doc: "Whose case it is."},
			func(c *service) Value { return id(c.customer) }),
		as(Column{Name: "state", Type: Text, Few: true, Doc: "open, answered or closed."},
			func(c *service) Value { return text(string(c.State)) }),
		as(Column{Name: "subject", Type: Text, Nullable: true, Doc: "What it is about; free text."},
			func(c *service) Value { return maybe(c.Subject) }),
		as(Column{Name: "category", Type: Text, Few: true, Nullable: true, Doc: "Category."},
			func(c *service) Value { return maybe(c.Category) }),
		as(Column{Name: "complaint", Type: Bool, Doc: "True if it is a complaint."},
			func(c *service) Value { return flag(c.Complaint) }),
		as(Column{Name: "priority", Type: Text, Few: true, Nullable: true, Doc: "Priority."},
			func(c *service) Value { return maybe(c.Priority) }),
		as(Column{Name: "opened_at", Type: Timestamp, Nullable: true, Index: true, Doc: "When it was first opened."},
			func(c *service) Value { return moment(c.OpenedAt) }),
		as(Column{Name: "answered_at", Type: Timestamp, Nullable: true, Doc: "When it was answered last."},
			func(c *service) Value { return moment(c.AnsweredAt) }),
		as(Column{Name: "closed_at", Type: Timestamp, Nullable: true, Doc: "When it was closed; null while it is not."},
			func(c *service) Value { return moment(c.ClosedAt) }),
		as(Column{Name: "channel", Type: Text, Few: true, Nullable: true, Doc: "Channel through which it came."},
			func(c *service) Value { return maybe(c.Channel) }),
		as(Column{Name: "order_id", Type: Text, Nullable: true, Doc: "The order it is about."},
			func(c *service) Value { return maybe(c.OrderID) }),
		as(Column{Name: "agent", Type: Text, Few: true, Nullable: true, Doc: "Who answered or closed it last."},
			func(c *service) Value { return maybe(c.Agent) }),
	}, perCustomer(func(ctx context.Context, s *Source, who uuid.UUID, of []uuid.UUID) ([]service, error) {
		all, err := s.Profile.Cases(ctx, s.View, of)
		rows := make([]service, len(all))
		for i := range all {
			rows[i] = service{who, all[i]}
		}
		return rows, err
	}))
}
