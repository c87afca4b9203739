package demo_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
)

var end = time.Date(2026, 11, 21, 5, 32, 0, 0, time.UTC)

func small() demo.Plan { return demo.Plan{Seed: 360, Customers: 300, Months: 6, End: end} }

func company(t testing.TB, p demo.Plan) *demo.Company {
	t.Helper()
	c, err := demo.New(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func digest(t testing.TB, p demo.Plan) string {
	t.Helper()
	h := sha256.New()
	for tp := range company(t, p).History() {
		raw, err := json.Marshal(tp)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(raw)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestEqualPlansMakeEqualTouchpoints(t *testing.T) {
	t.Parallel()
	first := digest(t, small())
	// On every machine, with every Go: change this only together with the company.
	if want := "e511db691043a38ded6fcfb96be1af05ab4281ced14517b563ef518eefb5c911"; first != want {
		t.Errorf("the company is %s, it was %s", first, want)
	}
	if again := digest(t, small()); again != first {
		t.Fatalf("two runs of one plan differ: %s and %s", first, again)
	}
	for name, other := range map[string]demo.Plan{
		"seed":      {Seed: 361, Customers: 300, Months: 6, End: end},
		"customers": {Seed: 360, Customers: 301, Months: 6, End: end},
		"end":       {Seed: 360, Customers: 300, Months: 6, End: end.Add(time.Hour)},
	} {
		if digest(t, other) == first {
			t.Errorf("another %s makes the same company", name)
		}
	}
}

// A company can be walked through twice at once.
func TestHistoryCanBeRangedOverAgain(t *testing.T) {
	t.Parallel()
	c := company(t, small())
	for tp := range c.History() {
		for same := range c.History() {
			if same.ID != tp.ID {
				t.Fatalf("the second walk begins with %s, the first with %s", same.ID, tp.ID)
			}
			return
		}
	}
	t.Fatal("nothing happened")
}

func TestHistoryIsInOrderAndWhole(t *testing.T) {
	t.Parallel()
	c := company(t, small())
	seen := map[string]bool{}
	last := c.Plan().Start()
	for tp := range c.History() {
		switch {
		case seen[tp.ID]:
			t.Fatalf("id %s twice", tp.ID)
		case tp.At.Before(last) || !tp.At.Before(end):
			t.Fatalf("%s at %s, after one at %s", tp.Type, tp.At, last)
		case !json.Valid(tp.Data):
			t.Fatalf("%s: %s is not JSON", tp.Type, tp.Data)
		case tp.Person < 0 && tp.Who.User+tp.Who.Loyalty+tp.Who.Phone != "":
			t.Fatalf("a stranger with a name: %+v", tp.Who)
		}
		seen[tp.ID], last = true, tp.At
	}
	if len(seen) < 5000 {
		t.Errorf("only %d touchpoints", len(seen))
	}
}

// No browser may reach further than a browser can: only web and app are Segment, and they never say more than an
// anonymous id, a device, a user id.
func TestSourcesSayWhatTheyCanKnow(t *testing.T) {
	t.Parallel()
	for tp := range company(t, small()).History() {
		w := tp.Who
		known := strings.Join([]string{w.Loyalty, w.Phone}, "")
		switch tp.Source {
		case demo.SourceWeb, demo.SourceApp:
			if known != "" || w.Anonymous == "" {
				t.Fatalf("%s %s says %+v", tp.Source, tp.Type, w)
			}
		case demo.SourceCall:
			if w.Phone == "" || w != (demo.Who{Phone: w.Phone}) {
				t.Fatalf("the call center says %+v", w)
			}
		case demo.SourcePOS:
			if w.User+w.Anonymous+w.Email != "" {
				t.Fatalf("the till says %+v", w)
			}
		case demo.SourceShop:
			if w == (demo.Who{}) && tp.Type != "product.arrived" {
				t.Fatalf("the shop does not know who did %s", tp.Type)
			}
		default:
			t.Fatalf("source %q", tp.Source)
		}
	}
}

func TestPlansThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]demo.Plan{
		"few":   {Customers: 10, Months: 6, End: end},
		"many":  {Customers: 2_000_000, Months: 6, End: end},
		"short": {Customers: 300, Months: 1, End: end},
		"long":  {Customers: 300, Months: 1000, End: end},
		"when":  {Customers: 300, Months: 6},
	} {
		if _, err := demo.New(p); err == nil || !strings.Contains(err.Error(), "give") {
			t.Errorf("%s: error %v does not say what to give", name, err)
		}
	}
}

func TestTrickleGoesOnAndNeverRepeats(t *testing.T) {
	t.Parallel()
	c := company(t, small())
	old := map[string]bool{}
	for tp := range c.History() {
		old[tp.ID] = true
	}
	var all []demo.Touchpoint
	for tp := range c.Trickle(end, 2) {
		if len(all) == 3000 {
			break
		}
		all = append(all, tp)
	}
	for i, tp := range all {
		if old[tp.ID] {
			t.Fatalf("%s %s was there before, or twice", tp.Type, tp.ID)
		}
		old[tp.ID] = true
		if i > 0 && tp.At.Before(all[i-1].At) {
			t.Fatalf("%s after %s", tp.At, all[i-1].At)
		}
	}
	if took := all[len(all)-1].At.Sub(end); took < 10*time.Minute || took > 60*time.Minute {
		t.Errorf("3000 touchpoints at 2 a second take %s", took)
	}
	later := all[1700].At
	n := 1700 + slices.IndexFunc(all[1700:], func(tp demo.Touchpoint) bool { return !tp.At.Before(later) })
	for tp := range c.Trickle(later, 2) {
		if tp.ID != all[n].ID {
			t.Fatalf("started later, the trickle goes on with %s, not %s", tp.ID, all[n].ID)
		}
		break
	}
}

func TestEpilogueBeginsAfterTheEnd(t *testing.T) {
	t.Parallel()
	all := company(t, small()).Epilogue()
	if len(all) != 6 {
		t.Fatalf("%d touchpoints", len(all))
	}
	for _, tp := range all {
		if tp.At.Before(end) || tp.At.After(end.Add(10*time.Minute)) {
			t.Errorf("%s at %s", tp.Type, tp.At)
		}
	}
	if all[2].Type != "call.ended" || all[2].Channel != events.ChannelCall {
		t.Errorf("the third is %s", all[2].Type)
	}
}

// BenchmarkHistory makes the default company's touchpoints and sends them nowhere.
func BenchmarkHistory(b *testing.B) {
	c, n := company(b, demo.DefaultPlan(end)), 0
	for b.Loop() {
		for range c.History() {
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "touchpoints/s")
}
