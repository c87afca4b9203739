package demo_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/demo"
)

// What segments ask about is said by the company's own systems about nearly everybody.
func TestTraitsAndConsentsAreKnown(t *testing.T) {
	t.Parallel()
	people := len(whole().truth.People)
	said := map[string]map[int]bool{"consent": {}}
	for _, tp := range whole().all {
		if tp.Person < 0 || tp.Source == demo.SourceWeb || tp.Source == demo.SourceApp {
			continue
		}
		switch tp.Type {
		case "consent.given":
			said["consent"][tp.Person] = true
		case "customer.identified":
			var d struct {
				Traits map[string]any `json:"traits"`
			}
			if err := json.Unmarshal(tp.Data, &d); err != nil {
				t.Fatal(err)
			}
			for name := range d.Traits {
				if said[name] == nil {
					said[name] = map[int]bool{}
				}
				said[name][tp.Person] = true
			}
		}
	}
	for _, name := range []string{"gender", "birth_date", "birth_lunar", "city", "district", "tier", "joined_on", "home_store"} {
		if n := len(said[name]); n*100 < people*98 {
			t.Errorf("%s is known of %d of %d people", name, n, people)
		}
	}
	if n := len(said["consent"]); n*100 < people*60 || n == people {
		t.Errorf("%d of %d people agreed to something", n, people)
	}
}

// There is enough for tiles of satisfaction and response times.
func TestThereIsEnoughToMeasureServiceBy(t *testing.T) {
	t.Parallel()
	scores, sent := map[string][]int{}, map[string]int{}
	opened, waits := map[string]time.Time{}, []time.Duration{}
	for _, tp := range whole().all {
		var d struct {
			Kind    string `json:"kind"`
			Score   int    `json:"score"`
			Scale   int    `json:"scale"`
			Inquiry string `json:"inquiry_id"`
		}
		if tp.Type[:6] != "survey" && tp.Type[:7] != "inquiry" {
			continue
		}
		if err := json.Unmarshal(tp.Data, &d); err != nil {
			t.Fatal(err)
		}
		switch tp.Type {
		case "survey.sent":
			sent[d.Kind]++
		case "survey.answered":
			if scores[d.Kind] = append(scores[d.Kind], d.Score); d.Score < 0 || d.Score > d.Scale || d.Scale == 0 {
				t.Errorf("%s scored %d of %d", d.Kind, d.Score, d.Scale)
			}
		case "inquiry.opened":
			opened[d.Inquiry] = tp.At
		case "inquiry.answered":
			waits = append(waits, tp.At.Sub(opened[d.Inquiry]))
		}
	}
	slices.Sort(waits)
	t.Logf("asked %v, answered csat %d, nps %d; %d inquiries, half answered within %s", sent, len(scores["csat"]), len(scores["nps"]), len(opened), waits[len(waits)/2])
	if len(scores["csat"]) < 300 || len(scores["nps"]) < 200 || len(opened) < 500 || len(waits) < len(opened)*8/10 || waits[0] <= 0 {
		t.Errorf("csat %d, nps %d, %d inquiries, %d answers", len(scores["csat"]), len(scores["nps"]), len(opened), len(waits))
	}
}
