package lookalike

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Kind says what a feature is.
type Kind string

// The kinds of features.
const (
	// KindTrait: the trait Name is Value. A customer has it or not.
	KindTrait Kind = "trait"
	// KindNumber: the trait Name, a number. Customers without it are left out.
	KindNumber Kind = "number"
	// KindRate: touchpoints of the type Name in 30 days, since the customer was first heard of.
	KindRate Kind = "rate"
	// KindChannel: the share of the customer's touchpoints in the channel Name.
	KindChannel Kind = "channel"
	// KindCategory: something of the category Name was bought. A customer has or has not.
	KindCategory Kind = "category"
	// KindFigure: "orders", "returned_orders", "revenue KRW", "silent_days", "known_days".
	KindFigure Kind = "figure"
)

// Key names a feature.
type Key struct {
	Kind  Kind   `json:"kind"`
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
}

// clone copies the names, which else would keep the row they were read from.
func (k Key) clone() Key { return Key{k.Kind, strings.Clone(k.Name), strings.Clone(k.Value)} }

// binary features a customer has or has not.
func (k Key) binary() bool { return k.Kind == KindTrait || k.Kind == KindCategory }

// Options say which features are looked at.
type Options struct {
	// At is the instant as of which customers are looked at, Unix microseconds.
	At int64
	// Leave says which features to leave out, nil for none.
	Leave func(Key) bool
	// MaxValues is how many different values a trait may have to be looked at; 0 stands for 200. Beyond that it names people
	// rather than kinds of people.
	MaxValues int
	// Titles are what types are called, nil for their names.
	Titles func(kind string) events.Text
}

func (o *Options) maxValues() int {
	if o.MaxValues <= 0 {
		return 200
	}
	return o.MaxValues
}

// feature is what a customer has of one.
type feature struct {
	key   Key
	value float64
}

// collect returns a customer's features as of the instant, sorted, nil if nothing had been heard of them.
func (o *Options) collect(h *history.History) []feature {
	n := h.Until(o.At)
	if n == 0 {
		return nil
	}
	c := collector{o: o, h: h, list: h.Touchpoints[:n]}
	c.traits()
	c.rates()
	c.orders()
	slices.SortFunc(c.features, func(a, b feature) int { return compareKeys(a.key, b.key) })
	return c.features
}

// collector gathers features.
type collector struct {
	o        *Options
	h        *history.History
	list     []history.Touchpoint
	features []feature
}

func (c *collector) put(key Key, value float64) {
	if c.o.Leave == nil || !c.o.Leave(key) {
		c.features = append(c.features, feature{key, value})
	}
}

func (c *collector) traits() {
	c.h.Traits(c.o.At, func(t events.Trait, _ *history.Touchpoint) {
		switch (t.Value + " ")[0] {
		case '"':
			if text := unquote(t.Value); text != "" {
				c.put(Key{KindTrait, t.Name, text}, 1)
			}
		case 't', 'f':
			c.put(Key{KindTrait, t.Name, t.Value}, 1)
		default:
			if n, err := strconv.ParseFloat(t.Value, 64); err == nil && math.Abs(n) <= maxNumber {
				c.put(Key{KindNumber, t.Name, ""}, n)
			}
		}
	})
}

// unquote returns the text of a JSON string, "" if it is none.
func unquote(value string) string {
	if n := len(value); n >= 2 && value[n-1] == '"' && strings.IndexByte(value, '\\') < 0 {
		return value[1 : n-1]
	}
	var text string
	if json.Unmarshal([]byte(value), &text) != nil {
		return ""
	}
	return text
}

// maxNumber bounds numbers; a larger one is no measure of anything but a number people are called by.
const maxNumber = 1e12

// rates are touchpoints by type and by channel.
func (c *collector) rates() {
	types, channels := map[string]float64{}, map[events.Channel]float64{}
	for i := range c.list {
		types[c.list[i].Type]++
		channels[c.list[i].Channel]++
	}
	days := c.days(c.list[0].At)
	for name, n := range types {
		c.put(Key{KindRate, name, ""}, n*30/max(days, 30))
	}
	for name, n := range channels {
		c.put(Key{KindChannel, string(name), ""}, n/float64(len(c.list)))
	}
	c.put(Key{KindFigure, "known_days", ""}, days)
	c.put(Key{KindFigure, "silent_days", ""}, c.days(c.list[len(c.list)-1].At))
}

// days is how long ago something was.
func (c *collector) days(from int64) float64 {
	return float64((c.o.At - from) / (24 * 3600 * 1_000_000))
}

// orders are what was bought.
func (c *collector) orders() {
	orders, returned := 0.0, 0.0
	spent, bought := map[string]events.Money{}, map[string]bool{}
	all := c.h.Orders()
	for i := range all {
		s, ok := all[i].AsOf(c.o.At)
		switch {
		case !ok:
			continue
		case s.Cancelled:
			returned++
			continue
		case s.Returned:
			returned++
		}
		orders++
		spent[s.Currency] += s.Net
		for _, item := range s.Items {
			bought[item.Category] = true
		}
	}
	c.put(Key{KindFigure, "orders", ""}, orders)
	c.put(Key{KindFigure, "returned_orders", ""}, returned)
	for currency, amount := range spent {
		c.put(Key{KindFigure, "revenue " + currency, ""}, float64(amount)/1e4)
	}
	for category := range bought {
		if category != "" {
			c.put(Key{KindCategory, category, ""}, 1)
		}
	}
}
