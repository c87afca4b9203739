package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/c360hq/c360/services/query"
)

// asks is an API of which a test says what it answers.
func asks(t *testing.T, answer http.HandlerFunc) *api {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return &api{url: server.URL + "/", doer: http.DefaultClient, said: io.Discard} // people write the slash
}

// TestReplayDays: a day is one of --zone, also for a c360 that lives in Seoul.
func TestReplayDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, from, to, wantFrom, wantTo string }{
		{"UTC", "2026-05-03", "2026-05-03", "2026-05-03T00:00:00Z", "2026-05-03T23:59:59.999999Z"},
		{"Asia/Seoul", "2026-05-03", "2026-05-03", "2026-05-03T00:00:00+09:00", "2026-05-03T23:59:59.999999+09:00"},
		{"UTC", "7", "900", "7", "900"},
		{"UTC", "2026-05-03T18:00:00+09:00", "", "2026-05-03T18:00:00+09:00", ""},
		{"UTC", "yesterday", "", "yesterday", ""},
	} {
		f := replayFlags{from: c.from, to: c.to, instantFlags: instantFlags{zone: c.zone}}
		q, err := f.asked(t.Context(), nil)
		if err != nil || q.Get("from") != c.wantFrom || q.Get("to") != c.wantTo {
			t.Errorf("from %s to %s in %s asks for %s to %s, %v", c.from, c.to, c.zone, q.Get("from"), q.Get("to"), err)
		}
	}
}

// TestReplayOfOne: a name that several customers have names nobody; who only claims to have it does not count.
func TestReplayOfOne(t *testing.T) {
	t.Parallel()
	const anna, ben = "10773a4d-8d8d-5b84-8815-1a459044bb57", "3bedbc7a-1731-5c0b-8138-a824b0e00a5e"
	hit := func(id string, proven bool) string {
		return fmt.Sprintf(`{"id":%q,"matched":{"proven":%t}}`, id, proven)
	}
	for _, c := range []struct{ hits, want, says string }{
		{hit(anna, true), anna, ""},
		{hit(anna, true) + "," + hit(ben, false), anna, ""},
		{hit(anna, false), anna, ""},
		{hit(anna, true) + "," + hit(ben, true), "", "give the id of one of them: " + anna + " " + ben},
		{hit(anna, false) + "," + hit(ben, false), "", "2 customers"},
		{"", "", "nothing is known"},
	} {
		a := asks(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"customers":[%s]}`, c.hits) })
		id, err := a.findCustomer(t.Context(), "phone:+821048217730")
		if c.says == "" && (err != nil || id != c.want) || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s is %s, %v", c.hits, id, err)
		}
	}
}

// TestSlash: an address with a slash at its end is the same address, for decisions too.
func TestSlash(t *testing.T) {
	t.Parallel()
	asked := ""
	a := asks(t, func(_ http.ResponseWriter, r *http.Request) { asked = r.Method + " " + r.URL.Path })
	if err := a.call(t.Context(), http.MethodPost, "/v1/generations", struct{}{}, nil); err != nil || asked != "POST /v1/generations" {
		t.Errorf("it asks %s: %v", asked, err)
	}
}

// TestDiffBreaksOff: a list of who differs that broke off does not lie there as if it were whole.
func TestDiffBreaksOff(t *testing.T) {
	t.Parallel()
	a := asks(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	path := filepath.Join(t.TempDir(), "all.ndjson")
	page := &query.DifferenceAnswer{Customers: make([]query.CustomerDifference, 3), Next: "more"}
	if err := a.writeAll(t.Context(), path, "000002", page); err == nil {
		t.Error("it did not break off")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) > 0 {
		t.Errorf("it leaves %v", left)
	}
	page.Next = ""
	if err := a.writeAll(t.Context(), path, "000002", page); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "\n") != 3 {
		t.Errorf("%v: %s", err, text)
	}
}
