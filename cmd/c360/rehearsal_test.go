package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sandbox builds one that begins at the second of the events that are there, and waits until it is ready.
func (p *process) sandbox(speed string) (id string) {
	p.tb.Helper()
	body := fmt.Sprintf(`{"kind":"sandbox","known_at":"2","speed":%q}`, speed)
	res, err := http.Post(p.base+"/v1/generations", "application/json", strings.NewReader(body))
	if err != nil {
		p.tb.Fatal(err)
	}
	defer res.Body.Close()
	var made struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || res.StatusCode != http.StatusAccepted {
		p.tb.Fatalf("a sandbox is answered %s (%v)", res.Status, err)
	}
	for range 1000 {
		var g struct{ State string }
		if p.get("/v1/generations/"+made.ID, &g); g.State == "ready" {
			return made.ID
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.tb.Fatal("the sandbox was never ready")
	return ""
}

// events returns how many events a customer has in a generation, which is "" for the one that serves.
func (p *process) events(generation string) (n int) {
	p.tb.Helper()
	var found struct{ Customers []struct{ Events int } }
	p.get("/v1/customers?identifier=phone:010-0482-7730&generation="+generation, &found)
	for _, c := range found.Customers {
		n += c.Events
	}
	return n
}

// TestRehearsal: what came after the beginning of a sandbox happens in it again, at its speed, and nowhere else.
func TestRehearsal(t *testing.T) {
	t.Parallel()
	p := startProcess(t, filepath.Join(t.TempDir(), "data"), "till:TILLKEY:asserted")
	const all = 6
	for i := range all {
		line := fmt.Sprintf(`{"id":"r-%d","type":"store.visited","time":"2026-05-03T12:0%d:00+09:00","channel":"store","identifiers":{"phone":"010-0482-7730"},"data":{"store":"성수"}}`, i, i)
		if status, answer := p.post("/v1/import?format=ndjson", "TILLKEY", []byte(line)); status != http.StatusOK {
			t.Fatalf("import is answered %d %s", status, answer)
		}
	}
	p.settle()
	live := p.events("")
	// The first event of a replay comes at once; the slow sandbox waits a minute, the longest silence, for the next.
	slow, quick := p.sandbox("0.00001x"), p.sandbox("0")
	for range 1000 {
		if p.events(quick) == all {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if live != all || p.events(quick) != all || p.events(slow) != 3 || p.events("") != all {
		t.Errorf("live has %d events, then %d; the quick sandbox %d, the slow one %d; want %d, %d, %d, 3",
			live, p.events(""), p.events(quick), p.events(slow), all, all, all)
	}
	for _, id := range []string{slow, quick} {
		r, err := http.NewRequest(http.MethodDelete, p.base+"/v1/generations/"+id, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode/100 != 2 {
			t.Errorf("dropping %s is answered %s", id, res.Status)
		}
	}
}
