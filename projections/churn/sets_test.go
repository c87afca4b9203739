package churn_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
)

// cdnow reads the sample of 2,357 customers (Fader & Hardie): "id, number in the sample, day, CDs, dollars" a line.
func cdnow(t *testing.T) []*history.History {
	t.Helper()
	touches := map[string][]history.Touchpoint{}
	var names []string
	lines := bufio.NewScanner(set(t, "cdnow/CDNOW_sample.txt"))
	for n := 0; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		day, err := time.ParseInLocation("20060102", f[2], history.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if touches[f[1]] == nil {
			names = append(names, f[1])
		}
		touches[f[1]] = append(touches[f[1]], order(day.UnixMicro()+oneDay/2, strconv.Itoa(n), 10))
	}
	return customers(names, touches)
}

func customers(names []string, touches map[string][]history.Touchpoint) []*history.History {
	var list []*history.History
	for i, name := range names {
		list = append(list, customer(i, touches[name]...))
	}
	return list
}

// The set of ACCURACY.md that is about churn by name, Telco, is not used: it is one row a customer, a snapshot without touchpoints
// and without dates, so there is neither a rhythm to break nor a day as of which to judge.

// endOf returns the last moment of a day.
func endOf(t testing.TB, day string) int64 {
	t.Helper()
	d, err := time.ParseInLocation(time.DateOnly, day, history.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return d.UnixMicro() + oneDay - 1
}

// CDNOW: who buys nothing in the 39 weeks after the first 39 (ACCURACY.md: plain recency .771, the model .779, which is
// Pareto/NBD by the purchases it expects; by its probability of being alive it ranks worse than recency).
func TestCDNOW(t *testing.T) {
	t.Parallel()
	list := cdnow(t)
	trial := churn.Trial{Cutoffs: []int64{endOf(t, "1997-09-30")}, HorizonDays: 39 * 7, Label: churn.NoPurchase, Now: endOf(t, "1998-06-30")}
	const (
		pareto = `"name":"pareto_nbd","parameters":{"r":0.553,"alpha":10.578,"s":0.606,"beta":11.669}`
		mbg    = `"name":"mbg_nbd","parameters":{"r":0.525,"alpha":6.183,"a":0.891,"b":1.614}`
	)
	for _, c := range []struct {
		name, model string
		want        float64
	}{
		{"Pareto/NBD, expected purchases", pareto + `,"within_weeks":39`, .779},
		{"MBG/NBD, expected purchases", mbg + `,"within_weeks":39`, .773},
		{"Pareto/NBD, alive", pareto, .726},
		{"MBG/NBD, alive", mbg, .687},
	} {
		p := compile(t, `{"version":1,"counts":{"of":"purchases"},"model":{`+c.model+`}}`)
		r := backtest(t, p, trial, list).Result()
		t.Logf("%s: %s", c.name, line(r.All))
		if r.All.Customers != 2357 || math.Abs(r.All.Recency.AUC-.771) > .001 {
			t.Errorf("%d customers, AUC of plain recency %.4f; want 2357, .771", r.All.Customers, r.All.Recency.AUC)
		}
		if math.Abs(r.All.AUC-c.want) > .001 {
			t.Errorf("%s: AUC %.4f; want %.3f", c.name, r.All.AUC, c.want)
		}
	}
}

func line(m churn.Metrics) string {
	return fmt.Sprintf("%d customers, base rate %.3f, %d flagged: precision %.3f recall %.3f F1 %.3f lift %.2f AUC %.4f; plain recency: precision %.3f recall %.3f F1 %.3f AUC %.4f",
		m.Customers, m.BaseRate, m.Flagged, m.Precision, m.Recall, m.F1, m.Lift, m.AUC, m.Recency.Precision, m.Recency.Recall, m.Recency.F1, m.Recency.AUC)
}

// onlineRetail reads the invoices (UCI, to 2011-09-30): one order an invoice, cancellations left out.
func onlineRetail(t *testing.T) []*history.History {
	t.Helper()
	unzipped, err := gzip.NewReader(set(t, "online_retail/online_retail_to_2011-09-30.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	rows := csv.NewReader(unzipped)
	touches, seen := map[string][]history.Touchpoint{}, map[string]bool{}
	var names []string
	for n := 0; ; n++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 || row[6] == "" || strings.HasPrefix(row[0], "C") || seen[row[0]] {
			continue
		}
		seen[row[0]] = true
		at, err := time.ParseInLocation(time.DateTime, row[4], history.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if touches[row[6]] == nil {
			names = append(names, row[6])
		}
		touches[row[6]] = append(touches[row[6]], order(at.UnixMicro(), row[0], 10))
	}
	return customers(names, touches)
}

// Online Retail: silence of more than twice the own mean gap (ACCURACY.md: precision .34, recall .27, base rate 20 %). That page does not
// say as of which date and for how long; with at least three days of purchases and a look of 90 days ahead the middle of May comes
// nearest. The other dates are printed beside it.
func TestOnlineRetail(t *testing.T) {
	t.Parallel()
	list := onlineRetail(t)
	p := compile(t, `{"version":1,"counts":{"of":"purchases"},"rhythm":{"gap":"mean","factor":2,"gaps":128,"min_visits":3,"floor_days":0,"ceiling_days":3650}}`)
	trial := churn.Trial{HorizonDays: 90, Label: churn.NoPurchase, Now: endOf(t, "2011-09-30"), MinVisits: 3}
	for _, day := range []string{"2011-04-14", "2011-04-30", "2011-05-14", "2011-05-31", "2011-06-14", "2011-06-30"} {
		trial.Cutoffs = append(trial.Cutoffs, endOf(t, day)+1)
	}
	r := backtest(t, p, trial, list).Result()
	for _, m := range r.Cutoffs {
		t.Logf("%s: %s", clock(m.Cutoff), line(m))
	}
	t.Logf("all: %s", line(r.All))
	may := r.Cutoffs[2]
	if math.Abs(may.Precision-.34) > .01 || math.Abs(may.Recall-.27) > .01 || math.Abs(may.BaseRate-.2) > .03 {
		t.Errorf("in May: %s; want precision .34, recall .27, base rate .20", line(may))
	}
}

// What a fresh install would come up with, on customers who buy now and then and on households who shop every week. All candidates are
// printed beside what is picked; the fourth is plain recency.
func TestCalibrateOnPublicSets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, until string
		read        func(*testing.T) []*history.History
	}{{"Online Retail", "2011-09-30", onlineRetail}, {"Complete Journey", "2017-12-31", completeJourney}} {
		list := c.read(t)
		got, err := churn.Calibrate(churn.Goal{Now: endOf(t, c.until), Counts: churn.Counts{Of: churn.Purchases}}, func(each func(*history.History)) error {
			for _, h := range list {
				each(h)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range got.Tried {
			if m := x.Measured; x.Found {
				t.Logf("%s: %s %s: top %.3f J %.3f; %d customers, base rate %.3f, %d flagged (and %d of whom nothing can be told): precision %.3f recall %.3f AUC %.3f; plain recency: precision %.3f recall %.3f AUC %.3f",
					c.name, x.Policy.Kind(), short(x.Policy), x.Top, x.J, m.Customers, m.BaseRate, m.Flagged, m.Unjudged, m.Precision, m.Recall, m.AUC, m.RecencyPrecision, m.RecencyRecall, m.RecencyAUC)
			}
		}
		t.Logf("%s: picked %s: %s", c.name, got.Policy.Kind(), got.Words.En)
		if m := got.Policy.Measured; !got.Enough || m.Precision < 1.2*m.BaseRate || m.Precision < m.RecencyPrecision-.01 {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func short(p churn.Policy) string {
	switch {
	case p.Rhythm != nil:
		return fmt.Sprintf("%+v", *p.Rhythm)
	case p.Decline != nil:
		return fmt.Sprintf("%+v", *p.Decline)
	}
	return fmt.Sprintf("%+v", *p.Model)
}

// completeJourney reads the store purchases of 2,377 households in 2017 out of touchpoints.jsonl.gz.
func completeJourney(t *testing.T) []*history.History {
	t.Helper()
	unzipped, err := gzip.NewReader(set(t, "touchpoints.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	touches := map[string][]history.Touchpoint{}
	var names []string
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var x struct {
			ID, Type, At, Source string
			Customer             string `json:"customer_key"`
		}
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		if x.Source != "complete_journey" || x.Type != "PurchaseCompleted" {
			continue
		}
		at, err := time.ParseInLocation(time.DateTime, x.At, history.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if touches[x.Customer] == nil {
			names = append(names, x.Customer)
		}
		touches[x.Customer] = append(touches[x.Customer], order(at.UnixMicro(), x.ID, 10))
	}
	return customers(names, touches)
}
