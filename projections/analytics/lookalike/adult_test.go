package lookalike_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics/lookalike"
	"github.com/c360hq/c360/projections/history"
)

// adultTraits are the columns of Adult (UCI, Becker & Kohavi 1996); the weight of the survey says nothing of a person.
var adultTraits = []string{
	"age", "workclass", "", "education", "education_num", "marital_status", "occupation", "relationship", "race", "sex",
	"capital_gain", "capital_loss", "hours_per_week", "native_country",
}

// now is the instant as of which the tests look.
const now = int64(1_700_000_000_000_000)

var at = lookalike.Options{At: now, Leave: func(k lookalike.Key) bool { return k.Kind == lookalike.KindTrait && k.Name == "rich" }}

// readAdult returns a person a line, with what is known of them as traits, and "rich" for what is to be told.
func readAdult(t testing.TB, name string) ([]*history.History, bool) {
	t.Helper()
	root := os.Getenv("C360_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(root, "adult", name))
	if err != nil {
		t.Logf("NOT RUN: %v; set C360_TEST_DATA to the folder of the public sets", err)
		return nil, false
	}
	defer f.Close()
	var all []*history.History
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Split(lines.Text(), ", "); len(fields) == len(adultTraits)+1 {
			all = append(all, adult(fmt.Sprint(name, len(all)), fields))
		}
	}
	return all, true
}

func adult(name string, fields []string) *history.History {
	traits := []events.Trait{{Name: "rich", Value: strconv.FormatBool(strings.HasPrefix(fields[len(adultTraits)], ">"))}}
	for i, trait := range adultTraits {
		value := fields[i]
		if _, err := strconv.Atoi(value); err != nil {
			value = strconv.Quote(value)
		}
		if trait != "" && value != `"?"` {
			traits = append(traits, events.Trait{Name: trait, Value: value})
		}
	}
	return person(name, history.Touchpoint{At: now - 1, Type: "customer.identified", Channel: events.ChannelWeb, Traits: traits})
}

// person is the history of a made-up customer.
func person(name string, list ...history.Touchpoint) *history.History {
	id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(name))
	for i := range list {
		t := &list[i]
		t.Fragment, t.Key, t.Grade = id, history.KeyOf(name, strconv.Itoa(i)), events.Asserted
	}
	return history.Merge(&history.Fragment{ID: id, Touchpoints: list})
}

func rich(h *history.History) bool {
	value, _ := h.Trait("rich", now)
	return value == "true"
}

// TestLookAlikesOfAdult fits on adult.data who earns more than 50K and ranks the people of adult.test, whom it has not seen.
func TestLookAlikesOfAdult(t *testing.T) {
	t.Parallel()
	train, ok := readAdult(t, "adult.data")
	test, there := readAdult(t, "adult.test")
	if !ok || !there {
		return
	}
	if len(train) != 32561 || len(test) != 16281 {
		t.Fatalf("%d and %d people, want 32561 and 16281", len(train), len(test))
	}
	m := fit(t, at, rich, train...)
	h := m.HoldOut
	t.Logf("hold-out of %d+%d: AUC %.4f (%.4f–%.4f); best single %s %.4f, busiest first %.4f",
		h.Seeds, h.Others, h.AUC, h.Interval.Low, h.Interval.High, h.Single.Name, h.SingleAUC, h.BusyAUC)
	auc := aucOf(t, m, test)
	t.Logf("adult.test: AUC %.4f", auc)
	if auc < .89 || h.AUC < .89 || h.AUC <= h.SingleAUC || h.BusyAUC != .5 {
		t.Errorf("AUC %.4f on adult.test and %.4f on the hold-out beside %.4f of %s; want .89 and more than the baseline", auc, h.AUC, h.SingleAUC, h.Single.Name)
	}
	if auc < h.Interval.Low-.01 || auc > h.Interval.High+.01 {
		t.Errorf("the hold-out says %.4f to %.4f, but on adult.test it is %.4f", h.Interval.Low, h.Interval.High, auc)
	}
}

func aucOf(t testing.TB, m *lookalike.Model, all []*history.History) float64 {
	t.Helper()
	scores, seed := make([]float64, len(all)), make([]bool, len(all))
	for i, h := range all {
		score, ok := m.Score(at, h)
		if !ok {
			t.Fatal("a person without a score")
		}
		scores[i], seed[i] = score, rich(h)
	}
	return lookalike.AUC(scores, seed)
}

func fit(t testing.TB, o lookalike.Options, seed func(*history.History) bool, all ...*history.History) *lookalike.Model {
	t.Helper()
	trainer := lookalike.NewTrainer(o, seed)
	for _, h := range all {
		trainer.Add(h)
	}
	m, err := trainer.Fit()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// BenchmarkAdult measures a fit on 32,561 people, and what a comparison and a score of one of them cost.
func BenchmarkAdult(b *testing.B) {
	all, ok := readAdult(b, "adult.data")
	if !ok {
		b.SkipNow()
	}
	m := fit(b, at, rich, all...)
	b.Run("fit", func(b *testing.B) {
		for b.Loop() {
			fit(b, at, rich, all...)
		}
	})
	contrast := lookalike.NewContrast(at, rich)
	ranking := lookalike.NewRanking(m, at, func(h *history.History) bool { return !rich(h) }, 100)
	for name, add := range map[string]func(*history.History){"contrast": contrast.Add, "rank": ranking.Add} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				add(all[i%len(all)])
				i++
			}
		})
	}
}

// TestContrastOfAdult holds the shares of the report against plain counts of the lines.
func TestContrastOfAdult(t *testing.T) {
	t.Parallel()
	all, ok := readAdult(t, "adult.data")
	if !ok {
		return
	}
	c, married, size := lookalike.NewContrast(at, rich), [2]float64{}, [2]float64{}
	for _, h := range all {
		c.Add(h)
		side := 1
		if rich(h) {
			side = 0
		}
		size[side]++
		if status, _ := h.Trait("marital_status", now); status == `"Married-civ-spouse"` {
			married[side]++
		}
	}
	r := c.Result(10)
	d := find(t, r, lookalike.Key{Kind: lookalike.KindTrait, Name: "marital_status", Value: "Married-civ-spouse"})
	if d.Group != married[0]/size[0] || d.Rest != married[1]/size[1] || !d.Significant {
		t.Errorf("%+v; want %v against %v", d, married[0]/size[0], married[1]/size[1])
	}
	for _, d := range r.Differences {
		t.Logf("%s | %s | effect %.2f (%.2f to %.2f)", d.Text.Ko, d.Text.En, d.Effect, d.EffectInterval.Low, d.EffectInterval.High)
	}
}
