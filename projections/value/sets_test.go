package value_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/value"
)

// set opens a file of the public sets, or says loudly that it is not here.
func set(tb testing.TB, name string) (io.Reader, bool) {
	tb.Helper()
	root := os.Getenv("C360_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(root, name))
	if err != nil {
		tb.Logf("NOT RUN: there is no %s (%v); set C360_TEST_DATA to the folder of the public sets", name, err)
		return nil, false
	}
	tb.Cleanup(func() { _ = f.Close() })
	return bufio.NewReader(f), true
}

// noon returns noon of a day, as 2006-01-02, in the company's zone.
func noon(tb testing.TB, date string) int64 {
	tb.Helper()
	at, err := time.ParseInLocation(time.DateOnly, date, history.Zone)
	if err != nil {
		tb.Fatal(err)
	}
	return at.Add(12 * time.Hour).UnixMicro()
}

func money(tb testing.TB, text string) events.Money {
	tb.Helper()
	m, ok := events.ParseMoney(text)
	if !ok {
		tb.Fatalf("%q is not an amount", text)
	}
	return m
}

// cdnow reads the one in ten customers of CDNOW (Fader & Hardie): who, when, how many, how much.
func cdnow(tb testing.TB) ([]value.Transaction, bool) {
	tb.Helper()
	r, ok := set(tb, "cdnow/CDNOW_sample.txt")
	if !ok {
		return nil, false
	}
	var lines []value.Transaction
	for s := bufio.NewScanner(r); s.Scan(); {
		f := strings.Fields(s.Text())
		date := f[2][:4] + "-" + f[2][4:6] + "-" + f[2][6:]
		lines = append(lines, value.Transaction{
			Customer: f[1], Key: uint64(len(lines)), Day: value.DayOf(noon(tb, date)), Amount: money(tb, f[4]),
		})
	}
	return lines, true
}

// apparel reads apparelTrans of CLVTools.
func apparel(tb testing.TB) ([]value.Transaction, bool) {
	tb.Helper()
	r, ok := set(tb, "clvtools/apparelTrans.csv")
	if !ok {
		return nil, false
	}
	var lines []value.Transaction
	for _, f := range rows(tb, r) {
		lines = append(lines, value.Transaction{
			Customer: f[0], Key: uint64(len(lines)), Day: value.DayOf(noon(tb, f[1])), Amount: money(tb, f[2]),
		})
	}
	return lines, true
}

// retail reads the bought lines of Online Retail (UCI): no cancellations, nobody anonymous, nothing for nothing.
func retail(tb testing.TB) ([]value.Transaction, bool) {
	tb.Helper()
	r, ok := set(tb, "online_retail/online_retail_to_2011-09-30.csv.gz")
	if !ok {
		return nil, false
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		tb.Fatal(err)
	}
	var lines []value.Transaction
	for _, f := range rows(tb, z) {
		count, err := strconv.ParseInt(f[3], 10, 64)
		if price := money(tb, f[5]); err == nil && count > 0 && price > 0 && f[6] != "" && !strings.HasPrefix(f[0], "C") {
			lines = append(lines, value.Transaction{
				Customer: f[6], Key: uint64(len(lines)), Day: value.DayOf(noon(tb, f[4][:10])), Amount: price * events.Money(count),
			})
		}
	}
	return lines, true
}

// rows reads a CSV without its head.
func rows(tb testing.TB, r io.Reader) [][]string {
	tb.Helper()
	all, err := csv.NewReader(r).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	return all[1:]
}

// calibrate collects the customers of CDNOW up to the day that everybody who publishes on it calibrates to.
func calibrate(tb testing.TB, lines []value.Transaction) *value.Calibration {
	tb.Helper()
	c := value.NewCalibration(noon(tb, "1997-01-01"), noon(tb, "1997-09-30"), "USD")
	for _, list := range value.Collect(lines) {
		c.AddBought(list)
	}
	return c
}

// holdout collects customers for a trial.
func holdout(tb testing.TB, lines []value.Transaction, from, cut, to string) *value.Holdout {
	tb.Helper()
	o := value.NewHoldout(noon(tb, from), noon(tb, cut), noon(tb, to), "USD")
	for _, list := range value.Collect(lines) {
		o.AddBought(list, list)
	}
	return o
}
