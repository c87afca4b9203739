package query_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/numbers"
)

// openSet opens a file of the public sets, or says loudly that it is not here.
func openSet(t testing.TB, name string) (io.ReadCloser, bool) {
	t.Helper()
	root := os.Getenv("C360_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(root, name))
	if err != nil {
		t.Logf("NOT RUN: there is no %s (%v); set C360_TEST_DATA to the folder of the public sets", name, err)
		return nil, false
	}
	return f, true
}

// retail is Online Retail (UCI, Chen 2015) up to 2011-09-30: an order.completed an invoice. Kept are rows with a customer, a
// price and a quantity above 0, of invoices that are no cancellation.
func retail(t testing.TB) ([]events.Event, bool) {
	t.Helper()
	f, ok := openSet(t, "online_retail/online_retail_to_2011-09-30.csv.gz")
	if !ok {
		return nil, false
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	must(t, err)
	rows, err := csv.NewReader(unzipped).ReadAll()
	must(t, err)
	orders := map[string]*events.Event{}
	totals := map[string]events.Money{}
	for _, row := range rows[1:] {
		number, customer := row[0], strings.TrimSuffix(row[6], ".0")
		quantity, _ := events.ParseMoney(row[3])
		price, _ := events.ParseMoney(row[5])
		if customer == "" || quantity <= 0 || price <= 0 || strings.HasPrefix(number, "C") {
			continue
		}
		if orders[number] == nil {
			at, err := time.ParseInLocation(time.DateTime, row[4], history.Zone)
			must(t, err)
			orders[number] = &events.Event{
				Source: "retail", ID: number, Type: history.OrderCompleted, Time: at, Channel: events.ChannelWeb,
				Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: customer, Grade: events.Asserted}},
			}
		}
		totals[number] += price * (quantity / 10_000)
	}
	var all []events.Event
	for number, e := range orders {
		e.Data = fmt.Appendf(nil, `{"order_id":%q,"total":%s,"currency":"GBP"}`, number, totals[number])
		all = append(all, *e)
	}
	slices.SortFunc(all, func(a, b events.Event) int { return strings.Compare(a.ID, b.ID) })
	return all, true
}

// delivered is what the network may make of events: each comes up to two days late, and one in a hundred comes twice.
func delivered(seed uint64, all []events.Event) []events.Event {
	r := rand.New(rand.NewPCG(seed, 1))
	due := map[string]time.Time{}
	for _, e := range all {
		due[e.ID] = e.Time.Add(time.Duration(r.Int64N(int64(48 * time.Hour))))
	}
	for _, e := range slices.Clone(all) {
		if r.IntN(100) == 0 {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b events.Event) int { return due[a.ID].Compare(due[b.ID]) })
	return all
}

// expectedRetail is expected_cohorts.json.
type expectedRetail struct {
	Customers int64              `json:"customers"`
	Invoices  int64              `json:"invoices"`
	Revenue   events.Money       `json:"revenue"`
	Months    map[string][]int64 `json:"cohorts"`
}

// TestOnlineRetail asks the API about Online Retail, delivered late and twice: totals and every cell of retention are exact.
func TestOnlineRetail(t *testing.T) {
	t.Parallel()
	all, ok := retail(t)
	f, there := openSet(t, "online_retail/expected_cohorts.json")
	if !ok || !there {
		return
	}
	defer f.Close()
	var want expectedRetail
	must(t, json.NewDecoder(f).Decode(&want))
	h := openCountingHouse(t)
	h.happenAll(delivered(7, all))
	var got numbers.RetentionAnswer
	h.get("retention", "/v1/analytics/retention?as_of=2011-09-30", http.StatusOK, &got)
	want.check(t, &got)

	var grid numbers.RFMAnswer
	h.get("rfm", "/v1/analytics/rfm?as_of=2011-09-30", http.StatusOK, &grid)
	if grid.Buyers != want.Customers || grid.Currency != "GBP" || !grid.Enough {
		t.Errorf("%d buyers in %s", grid.Buyers, grid.Currency)
	}
	// Online Retail tells no drop-out: that nobody ever leaves explains it as well (ACCURACY.md).
	var model numbers.ModelAnswer
	h.get("valueModel", "/v1/analytics/value/model?as_of=2011-09-30", http.StatusOK, &model)
	if model.Fitted == nil || model.Fitted.Customers != want.Customers || model.Fitted.Identifiable.OK || model.Fitted.Holdout == nil {
		t.Fatalf("%+v", model.Fitted)
	}
	r := model.Fitted.Holdout
	t.Logf("hold-out of %.0f weeks, %d purchases: model %+.1f %%, same rate %+.1f %%, nobody %+.1f %%; a customer %.3f, %.3f, %.3f",
		r.Weeks, r.Actual, r.Model.ErrorPercent, r.Naive.ErrorPercent, r.Zero.ErrorPercent, r.Model.MAE, r.Naive.MAE, r.Zero.MAE)
}

func (want *expectedRetail) check(t *testing.T, got *numbers.RetentionAnswer) {
	t.Helper()
	if got.Joined != want.Customers || got.Orders != want.Invoices || len(got.Revenue) != 1 ||
		(got.Revenue[0].Amount+50)/100*100 != want.Revenue { // the file has it in pence
		t.Errorf("%d customers, %d orders, %v; want %d, %d, %v", got.Joined, got.Orders, got.Revenue, want.Customers, want.Invoices, want.Revenue)
	}
	if len(got.Months) != len(want.Months) {
		t.Errorf("%d joining months, want %d", len(got.Months), len(want.Months))
	}
	for _, m := range got.Months {
		list := want.Months[m.Month]
		if len(list) != len(m.Since) {
			t.Errorf("%s: %d months, want %d", m.Month, len(m.Since), len(list))
			continue
		}
		for i, n := range list {
			if m.Since[i].Customers != n {
				t.Errorf("%s, month %d: %d, want %d", m.Month, i, m.Since[i].Customers, n)
			}
		}
	}
	t.Logf("%d customers, %d orders, %v", got.Joined, got.Orders, got.Revenue)
}
