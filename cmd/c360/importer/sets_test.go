package importer_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/c360hq/c360/cmd/c360/importer"
	"github.com/c360hq/c360/events"
)

// set returns a file of the public sets, or says loudly that it is not here.
func set(t *testing.T, name string) (string, bool) {
	t.Helper()
	root := os.Getenv("C360_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	path := filepath.Join(root, name)
	if _, err := os.Stat(path); err != nil {
		t.Logf("NOT RUN: there is no %s (%v); set C360_TEST_DATA to the folder of the public sets", name, err)
		return "", false
	}
	return path, true
}

// importSet imports a public set with its mapping; state and rejects go to a folder of the test's own.
func (h *house) importSet(t *testing.T, path, mapping string) (string, error) {
	t.Helper()
	o, out := h.options(path)
	o.Map = filepath.Join("testdata", "maps", mapping+".json")
	o.State = t.TempDir()
	o.Rejects = filepath.Join(o.State, "rejects.ndjson")
	err := importer.Run(t.Context(), o)
	return out.String(), err
}

// touchpointTypes counts the file's types without the importer.
func touchpointTypes(t *testing.T, path string) map[string]int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{
		"PurchaseCompleted": "order.completed", "PurchaseCancelled": "order.cancelled", "PaymentApproved": "payment.approved",
		"ShipmentDispatched": "shipment.dispatched", "ShipmentDelivered": "shipment.delivered", "ReviewSubmitted": "review.submitted",
		"ReviewAnswered": "review.answered", "InquiryReceived": "inquiry.opened", "InquiryAnswered": "inquiry.answered",
		"CampaignReceived": "campaign.received", "CouponRedeemed": "coupon.redeemed", "StockAdjusted": "stock.adjusted",
	}
	counts := map[string]int{}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		counts[names[line.Type]]++
	}
	return counts
}

func TestAllTouchpointsAreIn(t *testing.T) {
	t.Parallel()
	path, ok := set(t, "touchpoints.jsonl.gz")
	if !ok {
		return
	}
	h := newHouse(t)
	said, err := h.importSet(t, path, "touchpoints")
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	all := h.all()
	if len(all) != 146_574 {
		t.Errorf("%d touchpoints are in the log, 146,574 in the file", len(all))
	}
	types := map[string]int{}
	channels := map[string]map[events.Channel]bool{}
	for _, e := range all {
		types[e.Type]++
		if f, named := e.Fragment(); named {
			if channels[f.String()] == nil {
				channels[f.String()] = map[events.Channel]bool{}
			}
			channels[f.String()][e.Channel] = true
		} else if e.Type != "stock.adjusted" && e.Type != "order.cancelled" {
			t.Errorf("%s %s names nobody", e.Type, e.ID)
		}
	}
	if want := touchpointTypes(t, path); !maps.Equal(types, want) {
		t.Errorf("types %v, in the file %v", types, want)
	}
	both := 0
	for _, c := range channels {
		if c[events.ChannelWeb] && c[events.ChannelStore] {
			both++
		}
	}
	if both < 1000 {
		t.Errorf("%d customers are seen on the web and in the store", both)
	}
	again, err := h.importSet(t, path, "touchpoints")
	if err != nil || len(h.all()) != len(all) {
		t.Errorf("a second import: %v\n%s", err, again)
	}
	t.Logf("%d customers on both channels\n%s%s", both, said, again)
}

func TestPublicSets(t *testing.T) {
	t.Parallel()
	for _, set1 := range []struct {
		file, mapping string
		types         map[string]int
	}{
		{"cdnow/CDNOW_sample.txt", "cdnow", map[string]int{"order.completed": 6919}},
		{"clvtools/apparelTrans.csv", "apparel", map[string]int{"order.completed": 3187}},
		{"groceries_arules/Groceries.basket.csv", "groceries", map[string]int{"order.completed": 9835}},
		{"churn_tabular/wa_churn_telco.csv", "telco", map[string]int{"customer.identified": 7043}},
		{"febrl/dataset1.csv", "febrl", map[string]int{"customer.identified": 1000}},
		{"febrl/dataset2.csv", "febrl", map[string]int{"customer.identified": 5000}},
		{"febrl/dataset4a.csv", "febrl", map[string]int{"customer.identified": 5000}},
		{"febrl/dataset4b.csv", "febrl", map[string]int{"customer.identified": 5000}},
		{"rldata/RLdata500.csv", "rldata", map[string]int{"customer.identified": 500}},
		{"online_retail/online_retail_to_2011-09-30.csv.gz", "online_retail", map[string]int{"order.completed": 15_897, "order.cancelled": 2887}},
	} {
		t.Run(set1.file, func(t *testing.T) {
			t.Parallel()
			path, ok := set(t, set1.file)
			if !ok {
				return
			}
			h := newHouse(t)
			said, err := h.importSet(t, path, set1.mapping)
			if err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			if got := h.types(); !maps.Equal(got, set1.types) {
				t.Errorf("types %v, want %v\n%s", got, set1.types, said)
			}
		})
	}
}
