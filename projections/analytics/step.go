package analytics

import (
	"errors"
	"fmt"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Step is a kind of touchpoint: of a type and, if conditions are given, with these fields.
type Step struct {
	Type string `json:"type"`
	// Where must all hold, 8 at most.
	Where []Where `json:"where,omitempty"`
}

// Where is a condition on a field: one of those history keeps (history.Fields), "channel", "order_id", "currency",
// "amount", "item.sku" or "item.category". A text is one of In, a number lies between Least and Most.
type Where struct {
	Field string        `json:"field"`
	In    []string      `json:"in,omitempty"`
	Least *events.Money `json:"least,omitempty"`
	Most  *events.Money `json:"most,omitempty"`
}

const (
	maxWhere = 8
	maxIn    = 100
)

// check refuses a step that could never happen or cannot be told.
func (s *Step) check() error {
	switch {
	case s.Type == "":
		return errors.New("it has no type; give the type of a touchpoint")
	case len(s.Where) > maxWhere:
		return fmt.Errorf("it has %d conditions; give %d at most", len(s.Where), maxWhere)
	}
	for i := range s.Where {
		if err := s.Where[i].check(); err != nil {
			return fmt.Errorf("condition %d: %w", i+1, err)
		}
	}
	return nil
}

func (w *Where) check() error {
	texts := []string{"channel", "order_id", "currency", "item.sku", "item.category"}
	kind, known := history.Fields()[w.Field]
	numeric := w.Field == "amount" || kind == history.FieldNumber
	switch {
	case !known && w.Field != "amount" && !slices.Contains(texts, w.Field):
		return fmt.Errorf("histories keep no field %.40q", w.Field)
	case len(w.In) == 0 && w.Least == nil && w.Most == nil:
		return fmt.Errorf("%s: nothing is asked; give \"in\", \"least\" or \"most\"", w.Field)
	case (w.Least != nil || w.Most != nil) && !numeric:
		return fmt.Errorf("%s is no number; give \"in\"", w.Field)
	case len(w.In) > maxIn:
		return fmt.Errorf("%s: %d values; give %d at most", w.Field, len(w.In), maxIn)
	}
	return nil
}

// fits reports whether a touchpoint is such a step.
func (s *Step) fits(t *history.Touchpoint) bool {
	if t.Type != s.Type {
		return false
	}
	for i := range s.Where {
		if !s.Where[i].holds(t) {
			return false
		}
	}
	return true
}

func (w *Where) holds(t *history.Touchpoint) bool {
	switch w.Field {
	case "channel":
		return slices.Contains(w.In, string(t.Channel))
	case "order_id":
		return slices.Contains(w.In, t.Order)
	case "currency":
		return slices.Contains(w.In, t.Currency)
	case "item.sku":
		return slices.ContainsFunc(t.Items, func(i history.Item) bool { return slices.Contains(w.In, i.SKU) })
	case "item.category":
		return slices.ContainsFunc(t.Items, func(i history.Item) bool { return slices.Contains(w.In, i.Category) })
	case "amount":
		return t.HasAmount && w.between(t.Amount) && (len(w.In) == 0 || slices.Contains(w.In, t.Amount.String()))
	}
	return w.value(t.Field(w.Field))
}

// value judges the value of a field.
func (w *Where) value(text string) bool {
	if text == "" || len(w.In) > 0 && !slices.Contains(w.In, text) {
		return false
	}
	if w.Least == nil && w.Most == nil {
		return true
	}
	n, ok := events.ParseMoney(text)
	return ok && w.between(n)
}

func (w *Where) between(n events.Money) bool {
	return (w.Least == nil || n >= *w.Least) && (w.Most == nil || n <= *w.Most)
}
