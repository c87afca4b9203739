package dataset

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/profile"
)

// customer is a row of customers.
type customer struct {
	id        uuid.UUID
	fragments int
	*profile.Profile
	cases, open int
	rhythm      profile.Rhythm
	main        profile.Amount
	refunded    events.Money
}

// customers is who there is.
func customers() *Dataset {
	return define("customers", "One row for every customer: the merge of its fragments.",
		append(append(whoFields(), channelFields()...), buyingFields()...), perCustomer(readCustomer))
}

func whoFields() []field[customer] {
	trait := func(name, doc string, few bool) field[customer] {
		return as(Column{Name: name, Type: Text, Few: few, Nullable: true, Doc: doc},
			func(c *customer) Value { return maybe(c.Text(name)) })
	}
	return []field[customer]{
		as(Column{Name: "customer", Type: Text, Index: true, Doc: "Customer id: the smallest of its fragments' ids."},
			func(c *customer) Value { return id(c.id) }),
		as(Column{Name: "name", Type: Text, Nullable: true, Doc: "Name, as the best and latest source gave it."},
			func(c *customer) Value { return maybe(c.Name) }),
		as(Column{Name: "first_seen", Type: Timestamp, Nullable: true, Doc: "When the earliest event happened; null if there is none."},
			func(c *customer) Value { return moment(c.FirstSeen) }),
		as(Column{Name: "last_seen", Type: Timestamp, Nullable: true, Doc: "When the latest event happened; null if there is none."},
			func(c *customer) Value { return moment(c.LastSeen) }),
		as(Column{Name: "last_channel", Type: Text, Few: true, Nullable: true, Doc: "Channel of the latest event."},
			func(c *customer) Value { return maybe(c.LastChannel) }),
		as(Column{Name: "fragments", Type: Int, Unit: "fragments", Doc: "How many fragments it is made of."},
			func(c *customer) Value { return count(c.fragments) }),
		trait("tier", "Loyalty tier.", true),
		trait("city", "City.", true),
		trait("gender", "Gender, as told.", true),
		as(Column{Name: "birth_date", Type: Date, Nullable: true, Doc: "Birth date; null if it was not told as a whole date."},
			func(c *customer) Value { return date(c.Text("birth_date")) }),
		as(Column{Name: "traits", Type: JSON, Nullable: true, Doc: "Everything that was said about the person, by name."},
			func(c *customer) Value { return traits(c.Traits) }),
		as(Column{Name: "usual_gap", Type: Real, Unit: "days", Nullable: true, Doc: "Median of the days from one visit day to the next; null with fewer than three visit days."},
			func(c *customer) Value { return positive(c.rhythm.UsualGapDays) }),
		as(Column{Name: "silent", Type: Int, Unit: "days", Nullable: true, Doc: "Days from the last visit day to the day of this export's instant; null if there was no visit."},
			func(c *customer) Value { return notNegative(c.rhythm.SilentDays) }),
	}
}

// channelFields are the events, all and by channel.
func channelFields() []field[customer] {
	all := []field[customer]{as(Column{Name: "events", Type: Int, Unit: "events", Doc: "How many events there are."},
		func(c *customer) Value { return count(c.Events) })}
	for _, channel := range events.Channels {
		all = append(all, as(
			Column{Name: "events_" + string(channel), Type: Int, Unit: "events", Doc: "How many of them came through " + string(channel) + "."},
			func(c *customer) Value { return count(c.ByChannel[channel]) },
		))
	}
	return all
}

// buyingFields are orders, money and cases.
func buyingFields() []field[customer] {
	return []field[customer]{
		as(Column{Name: "orders", Type: Int, Unit: "orders", Doc: "Orders completed, those cancelled later included."},
			func(c *customer) Value { return count(c.Orders) }),
		as(Column{Name: "cancelled", Type: Int, Unit: "orders", Doc: "How many orders were cancelled."},
			func(c *customer) Value { return count(c.Cancelled) }),
		as(Column{Name: "refunds", Type: Int, Unit: "refunds", Doc: "How many refunds there were."},
			func(c *customer) Value { return count(c.Refunds) }),
		as(Column{Name: "currency", Type: Text, Few: true, Nullable: true, Doc: "The main currency: that of the greatest revenue, or refund if nothing was earned. amounts has all."},
			func(c *customer) Value { return maybe(c.main.Currency) }),
		as(Column{Name: "revenue", Type: Real, Unit: "main currency", Doc: "What the orders earned, cancellations taken off, refunds not."},
			func(c *customer) Value { return money(c.main.Amount) }),
		as(Column{Name: "refunded", Type: Real, Unit: "main currency", Doc: "What was paid back."},
			func(c *customer) Value { return money(c.refunded) }),
		as(Column{Name: "amounts", Type: JSON, Nullable: true, Doc: "Revenue and refunds of every currency."},
			func(c *customer) Value { return amounts(c.Profile) }),
		as(Column{Name: "first_order_at", Type: Timestamp, Nullable: true, Doc: "When the earliest order was completed."},
			func(c *customer) Value { return moment(c.FirstOrderAt) }),
		as(Column{Name: "last_order_at", Type: Timestamp, Nullable: true, Doc: "When the latest order was completed."},
			func(c *customer) Value { return moment(c.LastOrderAt) }),
		as(Column{Name: "cases", Type: Int, Unit: "cases", Doc: "How many cases there are."},
			func(c *customer) Value { return count(c.cases) }),
		as(Column{Name: "open_cases", Type: Int, Unit: "cases", Doc: "How many of them are not closed."},
			func(c *customer) Value { return count(c.open) }),
	}
}

func readCustomer(ctx context.Context, s *Source, who uuid.UUID, of []uuid.UUID) ([]customer, error) {
	p, err := s.Profile.Load(ctx, s.View, of)
	if err != nil {
		return nil, err
	}
	c := customer{id: who, fragments: len(of), Profile: p, rhythm: p.Rhythm(s.Moment())}
	if len(p.Cases) > 0 { // Load knows the newest only
		all, err := s.Profile.Cases(ctx, s.View, of)
		if err != nil {
			return nil, err
		}
		c.cases = len(all)
		for i := range all {
			if all[i].State != profile.Closed {
				c.open++
			}
		}
	}
	if len(p.Revenue)+len(p.Refunded) > 0 {
		c.main = mainAmount(p)
		c.refunded = amountIn(p.Refunded, c.main.Currency)
	}
	return []customer{c}, nil
}

// mainAmount is the greatest revenue, or nothing in the currency of the greatest refund if nothing was earned; of
// equals the first by name.
func mainAmount(p *profile.Profile) profile.Amount {
	if len(p.Revenue) == 0 {
		return profile.Amount{Currency: greatest(p.Refunded).Currency}
	}
	return greatest(p.Revenue)
}

func greatest(all []profile.Amount) profile.Amount {
	return slices.MaxFunc(all, func(a, b profile.Amount) int {
		return cmp.Or(cmp.Compare(a.Amount, b.Amount), cmp.Compare(b.Currency, a.Currency))
	})
}

func amountIn(all []profile.Amount, currency string) events.Money {
	for _, a := range all {
		if a.Currency == currency {
			return a.Amount
		}
	}
	return 0
}

// amounts is {"KRW":{"refunded":0,"revenue":42000}}.
func amounts(p *profile.Profile) Value {
	all := map[string]map[string]events.Money{}
	for _, a := range p.Revenue {
		all[a.Currency] = map[string]events.Money{"revenue": a.Amount}
	}
	for _, a := range p.Refunded {
		if all[a.Currency] == nil {
			all[a.Currency] = map[string]events.Money{}
		}
		all[a.Currency]["refunded"] = a.Amount
	}
	return object(all)
}

func traits(all map[string]profile.Trait) Value {
	values := make(map[string]json.RawMessage, len(all))
	for name, t := range all {
		values[name] = json.RawMessage(t.Value)
	}
	return object(values)
}

func positive(f float64) Value {
	if f <= 0 {
		return Value{}
	}
	return float(f)
}

func notNegative(n int) Value {
	if n < 0 {
		return Value{}
	}
	return count(n)
}

// consent is a row of consents.
type consent struct {
	customer uuid.UUID
	profile.Consent
}

// consents is what people allowed.
func consents() *Dataset {
	return define("consents", "One row for the latest word of every customer on every purpose through every medium.", []field[consent]{
		as(Column{Name: "customer", Type: Text, Index: true, Doc: "Whose word it is."},
			func(c *consent) Value { return id(c.customer) }),
		as(Column{Name: "purpose", Type: Text, Few: true, Doc: "What for, for example marketing."},
			func(c *consent) Value { return text(c.Purpose) }),
		as(Column{Name: "medium", Type: Text, Few: true, Doc: "Through what: email, sms, push, …; * is any."},
			func(c *consent) Value { return text(c.Medium) }),
		as(Column{Name: "given", Type: Bool, Doc: "True if it was given, false if it was withdrawn."},
			func(c *consent) Value { return flag(c.Given) }),
		as(Column{Name: "time", Type: Timestamp, Nullable: true, Doc: "When that was said."},
			func(c *consent) Value { return moment(c.Time) }),
		as(Column{Name: "text_version", Type: Text, Few: true, Nullable: true, Doc: "Version of the text that was agreed to."},
			func(c *consent) Value { return maybe(c.TextVersion) }),
		as(Column{Name: "source", Type: Text, Few: true, Doc: "Who told us."},
			func(c *consent) Value { return text(c.Source) }),
		as(Column{Name: "event_id", Type: Text, Doc: "The event's id at its source."},
			func(c *consent) Value { return text(c.EventID) }),
	}, perCustomer(func(ctx context.Context, s *Source, who uuid.UUID, of []uuid.UUID) ([]consent, error) {
		all, err := s.Profile.Consents(ctx, s.View, of)
		rows := make([]consent, len(all))
		for i := range all {
			rows[i] = consent{who, all[i]}
		}
		return rows, err
	}))
}
