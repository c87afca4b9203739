package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/replay/mask"
	"github.com/c360hq/c360/services/replay/pace"
)

// TestMaskedDemo: of the demo company's customers no identifier, no name and nothing that was said or written
// is left, no birthday is the right one, and every event is still there, of as many people.
func TestMaskedDemo(t *testing.T) {
	t.Parallel()
	h := openDemoHouse(t, demo.Plan{Seed: 360, Customers: 100, Months: 3, End: time.Date(2026, 6, 30, 9, 0, 0, 0, time.UTC)})
	catalogue, err := events.NewCatalogue()
	must(t, err)
	m, err := mask.New([]byte("a key of a test, the same always"), catalogue, events.Normaliser{Region: "KR"})
	must(t, err)
	log := mask.Log(h.log, m)
	secrets, people, maskedPeople := map[string]bool{}, map[string]bool{}, map[string]bool{}
	var out []string
	for at := events.Position(0); ; {
		was, err := h.log.Read(t.Context(), at, 1000)
		must(t, err)
		is, err := log.Read(t.Context(), at, 1000)
		must(t, err)
		if len(was) != len(is) {
			t.Fatalf("%d events are %d", len(was), len(is))
		}
		if len(was) == 0 {
			break
		}
		for i := range was {
			tellsOf(&was[i], secrets)
			if was, is := birthday(&was[i]), birthday(&is[i]); was != "" && (was == is || was[:4] != is[:4]) {
				t.Errorf("born on %s, masked %s", was, is)
			}
			if f, ok := was[i].Fragment(); ok {
				people[f.String()] = true
			}
			if f, ok := is[i].Fragment(); ok {
				maskedPeople[f.String()] = true
			}
			text, err := json.Marshal(pace.Tell(&is[i]))
			must(t, err)
			out = append(out, string(text))
		}
		at = was[len(was)-1].Position
	}
	maps.Copy(secrets, people)
	if len(people) != len(maskedPeople) || len(people) < 100 || len(secrets) < 1000 || len(out) < 1000 {
		t.Errorf("%d fragments are %d; %d events, %d secrets", len(people), len(maskedPeople), len(out), len(secrets))
	}
	var pairs []string
	for s := range secrets {
		pairs = append(pairs, s, "\x00")
	}
	find := strings.NewReplacer(pairs...)
	for _, text := range out {
		if found := find.Replace(text); found != text {
			t.Fatalf("this tells something: %s\n%s", text, found)
		}
	}
}

// birthday is the birth date that an event tells; another one may well be somebody else's.
func birthday(r *events.Recorded) string {
	var data struct {
		Traits struct {
			Date string `json:"birth_date"`
		}
	}
	_ = json.Unmarshal(r.Data, &data) // there may be none
	return data.Traits.Date
}

// said are fields that name or reach somebody or are free text; the words of the others (a city, a gender) are in many a
// harmless text, too.
var said = []string{
	"traits.name", "traits.email", "traits.phone", "traits.address", "body", "text", "subject", "summary", "resolution",
	"number_dialled", "previous_id", "order_id", "inquiry_id", "case_id", "call_id",
}

// tellsOf collects what an event tells of somebody.
func tellsOf(r *events.Recorded, secrets map[string]bool) {
	add := func(s string) {
		if len(s) > 4 {
			secrets[s] = true
		}
	}
	add(r.ID)
	for _, id := range r.Identifiers {
		add(id.Value)
	}
	var data map[string]any
	if json.Unmarshal(r.Data, &data) != nil {
		return
	}
	traits, _ := data["traits"].(map[string]any)
	for name, v := range traits {
		data["traits."+name] = v
	}
	for name, v := range data {
		if s, is := v.(string); is && slices.Contains(said, name) {
			add(s)
		}
	}
}
