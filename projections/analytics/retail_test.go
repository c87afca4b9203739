package analytics_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
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
type retail struct {
	rows   int
	events []events.Event
}

func readRetail(t testing.TB) (*retail, bool) {
	t.Helper()
	f, ok := openSet(t, "online_retail/online_retail_to_2011-09-30.csv.gz")
	if !ok {
		return nil, false
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r := &retail{}
	r.read(t, rows[1:])
	return r, true
}

// invoice gathers the rows of one.
type invoice struct {
	customer string
	at       time.Time
	total    events.Money
}

func (r *retail) read(t testing.TB, rows [][]string) {
	t.Helper()
	invoices := map[string]*invoice{}
	var numbers []string
	for _, row := range rows {
		number, customer := row[0], strings.TrimSuffix(row[6], ".0")
		quantity, _ := events.ParseMoney(row[3])
		price, _ := events.ParseMoney(row[5])
		if customer == "" || quantity <= 0 || price <= 0 || strings.HasPrefix(number, "C") {
			continue
		}
		r.rows++
		at, err := time.ParseInLocation(time.DateTime, row[4], history.Zone)
		if err != nil {
			t.Fatal(err)
		}
		i := invoices[number]
		if i == nil {
			i = &invoice{customer: customer, at: at}
			invoices[number] = i
			numbers = append(numbers, number)
		}
		i.total += price * (quantity / 10_000)
	}
	for _, number := range numbers {
		r.events = append(r.events, invoices[number].event(number))
	}
}

func (i *invoice) event(number string) events.Event {
	return events.Event{
		Source: "retail", ID: number, Type: history.OrderCompleted, Time: i.at, Channel: events.ChannelWeb,
		Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: i.customer, Grade: events.Asserted}},
		Data:        fmt.Appendf(nil, `{"order_id":%q,"total":%s,"currency":"GBP"}`, number, i.total),
	}
}

// deliver is what the network makes of events: each comes up to two days late, and one in a hundred comes twice.
func deliver(seed uint64, list []events.Event) []events.Event {
	type delivery struct {
		at    time.Time
		event events.Event
	}
	r := splitmix(seed)
	var all []delivery
	send := func(e events.Event) {
		all = append(all, delivery{e.Time.Add(time.Duration(r.next() % uint64(48*time.Hour))), e})
	}
	for _, e := range list {
		send(e)
		if r.next()%100 == 0 {
			send(e)
		}
	}
	sortBy(all, func(d delivery) int64 { return d.at.UnixNano() })
	out := make([]events.Event, len(all))
	for i := range all {
		out[i] = all[i].event
	}
	return out
}

// expected is expected_cohorts.json.
type expected struct {
	Rows      int                `json:"rows"`
	Customers int64              `json:"customers"`
	Invoices  int64              `json:"invoices"`
	Revenue   events.Money       `json:"revenue"`
	Months    map[string][]int64 `json:"cohorts"`
}

func readExpected(t testing.TB) (want expected, ok bool) {
	t.Helper()
	f, ok := openSet(t, "online_retail/expected_cohorts.json")
	if !ok {
		return want, false
	}
	defer f.Close()
	if err := json.NewDecoder(f).Decode(&want); err != nil {
		t.Fatal(err)
	}
	return want, true
}

// retailEnd is the end of the set: the last moment of September 2011.
var retailEnd = time.Date(2011, 10, 1, 0, 0, 0, 0, history.Zone).UnixMicro() - 1

// TestOnlineRetail folds the set twice, as it happened and as the network may deliver it.
func TestOnlineRetail(t *testing.T) {
	t.Parallel()
	set, ok := readRetail(t)
	want, there := readExpected(t)
	if !ok || !there {
		return
	}
	if set.rows != want.Rows {
		t.Errorf("%d rows kept, want %d", set.rows, want.Rows)
	}
	inOrder, late := scan(t, set.events), scan(t, deliver(7, set.events))
	empty := made(t, analytics.NewRetention, analytics.RetentionOptions{At: retailEnd})
	got := result(t, empty, inOrder...)
	want.check(t, &got)
	if jsonOf(t, result(t, empty, late...)) != jsonOf(t, got) {
		t.Error("seed 7: the retention table is another one when events come late and twice")
	}
	again := everything(t, late)
	for name, result := range everything(t, inOrder) {
		if again[name] != result {
			t.Errorf("seed 7: %s is another one when events come late and twice", name)
		}
	}
	forecastOrders(t, inOrder)
}

// forecastOrders predicts the orders from the weeks that were over.
func forecastOrders(t *testing.T, all []*history.History) {
	t.Helper()
	o := analytics.KPIOptions{At: retailEnd, Period: analytics.Period{From: retailEnd - 28*analytics.Day, To: retailEnd}, Weeks: 60}
	k := kpis(t, o, all...)
	f, found := k.Forecast(analytics.Orders, "", 52, 4)
	if !found || !f.Enough || f.HeldOut != 10 || len(f.Ahead) != 4 {
		t.Errorf("%v, %+v", found, f)
	}
	t.Logf("%s of %+v: %+v", f.Method, f.Methods, f.Ahead)
	if _, found = k.Forecast(analytics.Revenue, "KRW", 52, 4); found {
		t.Error("revenue in won is forecast and there is none")
	}
}

func (want *expected) check(t *testing.T, got *analytics.RetentionTable) {
	t.Helper()
	// The exact sum is 6,192,078.944; the file has it in pence.
	if got.Customers != want.Customers || got.Orders != want.Invoices || len(got.Revenue) != 1 || pence(got.Revenue[0].Amount) != want.Revenue {
		t.Errorf("%d customers, %d orders, %v; want %d, %d, %v", got.Customers, got.Orders, got.Revenue, want.Customers, want.Invoices, want.Revenue)
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
			if m.Since[i].Customers != n || m.Since[i].InProgress {
				t.Errorf("%s, month %d: %+v, want %d and over", m.Month, i, m.Since[i], n)
			}
		}
	}
	t.Logf("%d customers, %d orders, %v", got.Customers, got.Orders, got.Revenue)
}

func pence(m events.Money) events.Money { return (m + 50) / 100 * 100 }
