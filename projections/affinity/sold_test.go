package affinity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/projections/affinity"
)

// What sold best in the last days is first, then what sold best at all; what was only looked at is not there.
func TestSold(t *testing.T) {
	t.Parallel()
	m := affinity.New(affinity.Default())
	m.Add((&tale{name: "kim"}).order(noon(0), "A", thing("hat", "잡화", 9)).order(noon(1), "B", thing("hat", "잡화", 9)).look(noon(90), "bag", "가방").history(), noon(100))
	m.Add((&tale{name: "lee"}).order(noon(95), "C", thing("coat", "아우터", 200)).order(noon(2), "D", thing("sock", "잡화", 5)).history(), noon(100))
	var got []string
	for _, s := range m.Sold(noon(100)) {
		got = append(got, s.SKU+" "+s.Category+" "+string(rune('0'+s.Baskets))+string(rune('0'+s.Recent)))
	}
	if diff := cmp.Diff([]string{"coat 아우터 11", "hat 잡화 20", "sock 잡화 10"}, got); diff != "" {
		t.Errorf("what sold (-want +got):\n%s", diff)
	}
}

// Telling the same again, as of a later time, changes nothing; telling of a look does.
func TestTheSameAgain(t *testing.T) {
	t.Parallel()
	m, s := affinity.New(affinity.Default()), (&tale{name: "kim"}).order(noon(1), "A", thing("coat", "아우터", 200), thing("hat", "잡화", 9))
	m.Add(s.history(), noon(10))
	before := m.Counts()
	m.Add(s.history(), noon(11))
	if diff := cmp.Diff(before, m.Counts()); diff != "" {
		t.Errorf("told again:\n%s", diff)
	}
	m.Put(&affinity.Purchases{Customer: who("kim"), At: noon(10)}) // an earlier time does not count any more
	if diff := cmp.Diff(before, m.Counts()); diff != "" {
		t.Errorf("told of an earlier time:\n%s", diff)
	}
	m.Add(s.look(noon(3), "bag", "가방").history(), noon(12))
	if _, known := m.Product("bag"); !known {
		t.Error("what was looked at is not known")
	}
}
