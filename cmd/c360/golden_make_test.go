package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/delivery"
	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

// TestMakeGolden writes the golden folder of the next release when make golden asks for it by name; see TestGolden. It never
// writes over one that is there. Without the name it makes one nobody keeps, so that it works when it is needed.
func TestMakeGolden(t *testing.T) {
	t.Parallel()
	to := filepath.Join(t.TempDir(), "next")
	if name := os.Getenv("C360_GOLDEN"); name != "" {
		to = filepath.Join("testdata/golden", filepath.Base(name))
	}
	if _, err := os.Stat(to); err == nil {
		t.Fatalf("%s is there already and is never changed; make golden NAME=… gives the next one", to)
	}
	data := t.TempDir()
	m := liveThrough(t, data)
	if err := os.MkdirAll(to, 0o750); err != nil {
		t.Fatal(err)
	}
	pack(t, data, filepath.Join(to, "folder.tar.gz"))
	text, err := json.MarshalIndent(m, "", " ")
	if err == nil {
		err = os.WriteFile(filepath.Join(to, "manifest.json"), append(text, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	m.open(t, data)
}

// goldenEvents is how many touchpoints of the demo's company a golden folder holds.
const goldenEvents = 400

// liveThrough fills a folder as an installation does in its life: touchpoints, an event that cannot be folded and is skipped,
// decisions about who is who. It returns what the folder answers.
func liveThrough(t *testing.T, data string) *manifest {
	t.Helper()
	p := startProcess(t, data, demo.SourcesSpec(demoKeys))
	sendDemo(t, p)
	fragment := stopAndPark(t, p, data)
	p = startProcess(t, data, demo.SourcesSpec(demoKeys))
	p.settle()
	m := &manifest{MadeBy: version}
	ids := p.someCustomers()
	p.decide("/v1/parked/"+fragment+"/skip", fmt.Sprintf(`{"position":%d,"reason":"golden"}`, p.head()))
	p.decide("/v1/identity/links", fmt.Sprintf(`{"a":%q,"b":%q,"reason":"golden"}`, ids[0], ids[1]))
	p.decide("/v1/identity/links", fmt.Sprintf(`{"a":%q,"b":%q,"reason":"golden"}`, ids[1], ids[2]))
	p.decide("/v1/identity/unlinks", fmt.Sprintf(`{"a":%q,"b":%q,"reason":"golden"}`, ids[1], ids[2]))
	p.settle()
	for _, id := range []string{ids[0], ids[2], ids[3]} {
		m.ask(p, "/v1/customers/"+id, "id", "name", "fragments", "totals", "first_seen", "last_seen")
		m.ask(p, "/v1/customers/"+id+"/timeline?group=0", "events")
	}
	m.Events = p.head()
	p.stop()
	var digest string
	m.Fingerprint, digest = digestOf(t, data)
	m.Digest = strings.Split(strings.TrimSuffix(digest, "\n"), "\n")
	m.Head = headOf(t, data)
	return m
}

// sendDemo sends the first touchpoints of the demo's company.
func sendDemo(t *testing.T, p *process) {
	t.Helper()
	c, err := demo.New(demo.Plan{Seed: 360, Customers: 100, Months: 3, End: time.Date(2026, 6, 30, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	first := func(yield func(demo.Touchpoint) bool) {
		for x := range c.History() {
			if n++; n > goldenEvents || !yield(x) {
				return
			}
		}
	}
	s := &demo.Sender{Client: &delivery.Client{URL: p.base}, Keys: demoKeys}
	if err := s.Send(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	p.settle()
}

// stopAndPark stops c360 and leaves behind what only a newer one can read; it returns whose that is.
func stopAndPark(t *testing.T, p *process, data string) string {
	t.Helper()
	p.stop()
	c := config{data: data}
	log, err := pebblelog.Open(t.Context(), c.logOptions(silentLogger()))
	if err != nil {
		t.Fatal(err)
	}
	e := events.Event{
		ID: "from-the-future", Source: "pos", Type: "order.completed", Schema: 1000, Channel: events.ChannelStore,
		Time: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Received: time.Now(),
		Identifiers: []events.Identifier{{Kind: events.KindLoyaltyID, Value: "LM-FUTURE", Grade: events.Asserted}}, Data: []byte(`{}`),
	}
	if _, err := log.Append(t.Context(), events.Touchpoint(e)); err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	fragment, _ := e.Fragment()
	return fragment.String()
}

// someCustomers returns four customers about whom there is something to tell.
func (p *process) someCustomers() []string {
	p.tb.Helper()
	var ids []string
	for at := 1; at < goldenEvents && len(ids) < 4; at += 37 {
		var e struct{ Fragment *string }
		p.get(fmt.Sprintf("/v1/events/%d", at), &e)
		if e.Fragment == nil {
			continue
		}
		var c struct{ ID string }
		p.get("/v1/customers/"+*e.Fragment, &c)
		if !strings.Contains(fmt.Sprint(ids), c.ID) {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) < 4 {
		p.tb.Fatalf("only %d customers found", len(ids))
	}
	return ids
}

func (p *process) head() int {
	p.tb.Helper()
	var s struct{ Head int }
	p.get("/v1/projections", &s)
	return s.Head
}

// decide posts a decision and demands that it is accepted.
func (p *process) decide(path, body string) {
	p.tb.Helper()
	if status, answer := p.send(path, body); status != 202 {
		p.tb.Fatalf("%s answers %d %s", path, status, answer)
	}
}

// stop ends c360 as an operator does.
func (p *process) stop() {
	p.tb.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		p.tb.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.tb.Fatalf("c360 ended with %v: %s", err, p.said)
	}
}

// ask notes some members of an answer.
func (m *manifest) ask(p *process, path string, members ...string) {
	p.tb.Helper()
	var answer map[string]any
	p.get(path, &answer)
	kept := map[string]any{}
	for _, name := range members {
		kept[name] = answer[name]
	}
	m.Customers = append(m.Customers, asked{path, kept})
}

func headOf(t *testing.T, data string) string {
	t.Helper()
	h := openHouseAt(t, data)
	head, err := h.log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", head.Hash)
}

// pack writes a folder into a file, which must stay small: it is part of the repository for ever.
func pack(t *testing.T, from, to string) {
	t.Helper()
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	out := tar.NewWriter(z)
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(from, path)
		if err := out.WriteHeader(&tar.Header{Name: filepath.ToSlash(name), Mode: 0o600, Size: int64(len(text))}); err != nil {
			return err
		}
		_, err = out.Write(text)
		return err
	})
	for _, next := range []func() error{out.Close, z.Close} {
		if err == nil {
			err = next()
		}
	}
	if err == nil && packed.Len() > 300<<10 {
		err = fmt.Errorf("it has %d bytes; a golden folder has at most 300 KiB", packed.Len())
	}
	if err == nil {
		err = os.WriteFile(to, packed.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// send posts JSON without a key, as an operator does.
func (p *process) send(path, body string) (int, []byte) {
	p.tb.Helper()
	res, err := http.Post(p.base+path, "application/json", strings.NewReader(body))
	if err != nil {
		p.tb.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		p.tb.Fatal(err)
	}
	return res.StatusCode, answer
}
