package events_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/c360hq/c360/events"
)

// steps are what a type's history would look like: version 1 said revenue, version 2 total, version 3 has amounts in
// an object.
func steps() []events.Upcaster {
	return []events.Upcaster{
		{Type: "order.completed", From: 1, Data: func(data []byte) ([]byte, error) {
			return []byte(strings.Replace(string(data), `"revenue"`, `"total"`, 1)), nil
		}},
		{Type: "call.ended", From: 1, Data: func([]byte) ([]byte, error) { return nil, errors.New("no duration") }},
		{Type: "order.completed", From: 2, Data: func(data []byte) ([]byte, error) {
			return fmt.Appendf(nil, `{"money":%s}`, data), nil
		}},
	}
}

func recorded(eventType string, schema int, data string) *events.Recorded {
	return &events.Recorded{Event: events.Event{Type: eventType, Schema: schema, Data: []byte(data)}, Position: 7}
}

func TestUpcastGolden(t *testing.T) {
	t.Parallel()
	u, err := events.NewUpcasters(steps()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		typ    string
		schema int
		in     string
		want   string
		latest int
	}{
		{"order.completed", 0, `{"revenue":5}`, `{"money":{"total":5}}`, 3},
		{"order.completed", 1, `{"revenue":5}`, `{"money":{"total":5}}`, 3},
		{"order.completed", 2, `{"total":5}`, `{"money":{"total":5}}`, 3},
		{"order.completed", 3, `{"money":{"total":5}}`, `{"money":{"total":5}}`, 3},
		{"page.viewed", 0, `{"revenue":5}`, `{"revenue":5}`, 0},
		{"page.viewed", 1, `{"revenue":5}`, `{"revenue":5}`, 1},
	} {
		r := recorded(c.typ, c.schema, c.in)
		before := r.Data
		if err := u.Apply(r); err != nil || string(r.Data) != c.want || r.Schema != c.latest {
			t.Errorf("%s %d %s became %d %s, %v; want %d %s", c.typ, c.schema, c.in, r.Schema, r.Data, err, c.latest, c.want)
		}
		if string(before) != c.in {
			t.Errorf("%s: the data was written to: %s", c.typ, before)
		}
		if err := u.Apply(r); err != nil || string(r.Data) != c.want {
			t.Errorf("%s: applied twice: %s, %v", c.typ, r.Data, err)
		}
	}
}

func TestUpcastRefuses(t *testing.T) {
	t.Parallel()
	u, err := events.NewUpcasters(steps()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*events.Recorded{recorded("order.completed", 4, `{}`), recorded("page.viewed", 2, `{}`), recorded("call.ended", 1, `{}`)} {
		var bad *events.UpcastError
		if err := u.Apply(r); !errors.As(err, &bad) || bad.Type != r.Type || bad.Position != 7 || string(r.Data) != `{}` {
			t.Errorf("%s %d: %v", r.Type, r.Schema, err)
		}
	}
	if _, err := events.NewUpcasters(steps()[2]); err == nil {
		t.Error("a step from version 2 without one from version 1 was taken")
	}
	if _, err := events.NewUpcasters(steps()[0], steps()[0]); err == nil {
		t.Error("two steps from version 1 were taken")
	}
}

// TestPublishedUpcastersMatchTheCatalogue holds each type's schema version and its steps together.
func TestPublishedUpcastersMatchTheCatalogue(t *testing.T) {
	t.Parallel()
	for _, typ := range catalogue(t).Types() {
		if got := events.LatestSchema(typ.Name); got != typ.Schema {
			t.Errorf("%s: the schema is version %d, the upcasters lead to %d", typ.Name, typ.Schema, got)
		}
		for schema := range typ.Schema + 1 {
			if err := events.Upcast(recorded(typ.Name, schema, `{}`)); err != nil {
				t.Errorf("%s %d: %v", typ.Name, schema, err)
			}
		}
		if err := events.Upcast(recorded(typ.Name, typ.Schema+1, `{}`)); err == nil {
			t.Errorf("%s: a version from the future was taken", typ.Name)
		}
	}
}

func ExampleUpcasters_Apply() {
	u, err := events.NewUpcasters(events.Upcaster{Type: "order.completed", From: 1, Data: func(data []byte) ([]byte, error) {
		return []byte(strings.Replace(string(data), `"revenue"`, `"total"`, 1)), nil
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := events.Recorded{Event: events.Event{Type: "order.completed", Schema: 1, Data: []byte(`{"revenue":128000}`)}}
	fmt.Println(u.Apply(&r), r.Schema, string(r.Data))
	// Output: <nil> 2 {"total":128000}
}
