package churns_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/churns"
)

func TestCursors(t *testing.T) {
	t.Parallel()
	for _, r := range []churns.Ranked{
		{}, {Customer: uuid.UUID{1, 2, 3}, Since: 1_790_000_000_000_000, Risk: 100}, {Customer: uuid.Max, Since: -5, Risk: 50},
	} {
		got, err := churns.ParseCursor(r.Cursor())
		if err != nil || *got != r {
			t.Errorf("%+v comes back as %+v, %v", r, got, err)
		}
	}
	for _, text := range []string{"x", "AQ", "AQ==", churns.Ranked{}.Cursor() + "AA"} {
		if _, err := churns.ParseCursor(text); err == nil {
			t.Errorf("%q is taken for a cursor", text)
		}
	}
}

// A page goes on after its last one, also when that one has gone meanwhile.
func TestAfter(t *testing.T) {
	t.Parallel()
	all := []churns.Ranked{{Customer: uuid.UUID{1}, Risk: 60}, {Customer: uuid.UUID{2}, Risk: 90}, {Customer: uuid.UUID{3}, Risk: 60, Since: 9}, {Customer: uuid.UUID{4}, Risk: 60}}
	churns.Rank(all)
	if all[0].Risk != 90 || all[1].Since != 9 || all[2].Customer != (uuid.UUID{1}) {
		t.Errorf("ranked: %+v", all)
	}
	if rest := churns.After(all, all[1]); !slices.Equal(rest, all[2:]) {
		t.Errorf("after the second: %+v", rest)
	}
	gone := slices.Concat(all[:1], all[2:])
	if rest := churns.After(gone, all[1]); !slices.Equal(rest, all[2:]) {
		t.Errorf("after one that has gone: %+v", rest)
	}
}

func TestMonthsOfABacktest(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	q := churns.BacktestRequest{Months: 3, HorizonDays: 30}
	trial, err := q.Trial(churn.Default(), now.UnixMicro())
	if err != nil {
		t.Fatal(err)
	}
	var days []string
	for _, at := range trial.Cutoffs {
		days = append(days, time.UnixMicro(at).UTC().Format(time.RFC3339Nano))
	}
	want := []string{"2025-11-30T14:59:59.999999Z", "2025-12-31T14:59:59.999999Z", "2026-01-31T14:59:59.999999Z"}
	if !slices.Equal(days, want) {
		t.Errorf("the ends of months in Seoul are %v, want %v", days, want)
	}
}

// Which policy is meant if none is named: what people wrote goes before what a calibration did.
func TestUsualPolicy(t *testing.T) {
	t.Parallel()
	define := func(name, actor string) standing.Definition {
		return standing.Definition{
			Name: name, From: 1, Source: "c360", ID: name, Body: []byte(`{"rule":{"version":1,"rhythm":{}},"actor":"` + actor + `"}`),
		}
	}
	for _, c := range []struct {
		want string
		all  []standing.Definition
	}{
		{"default", []standing.Definition{define("default", "c360")}},
		{"b", []standing.Definition{define("b", "kim"), define("default", "c360")}},
		{"default", []standing.Definition{define("b", "kim"), define("default", "kim")}},
		{"b", []standing.Definition{define("b", "kim"), define("c", "kim")}},
	} {
		book := churns.NewBook(standing.NewSet(c.all, churn.ParseDefinition), 2)
		if held, ok := book.Named(""); !ok || held.Name != c.want {
			t.Errorf("of %d policies %+v is meant, want %s", len(c.all), held, c.want)
		}
	}
	if _, ok := churns.NewBook(standing.NewSet(nil, churn.ParseDefinition), 2).Named(""); ok {
		t.Error("there is a policy where there is none")
	}
}
