package importer_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"

	"github.com/c360hq/c360/cmd/c360/importer"
)

const page = `{"id":"%d","type":"page.viewed","time":"2026-11-01T10:00:00Z","identifiers":{"user_id":"u"},"data":{"title":"홈"}}` + "\n"

// A file that cannot be read is refused with its place and what to do, and nothing is sent.
func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	hangul := []byte("id,type,data.name\n1,page.viewed,가나다라마바사\n2,page.viewed,뷁똠방각하\n")
	cp949, err := korean.EUCKR.NewEncoder().Bytes(hangul)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes(hangul)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte
		change  func(*importer.Options)
		want    []string
	}{
		"Korean Excel":     {cp949, nil, []string{"EUC-KR/CP949", "가나다라마바사", "--charset euc-kr"}},
		"UTF-16":           {utf16, nil, []string{"--charset utf-16"}},
		"unknown charset":  {hangul, func(o *importer.Options) { o.Charset = "latin-9" }, []string{"latin-9", "utf-8, euc-kr"}},
		"array":            {[]byte(`[{"type":"page.viewed"}]`), nil, []string{"one object per line", "jq"}},
		"xlsx":             {[]byte("PK\x03\x04rest"), nil, []string{"Excel", "CSV UTF-8"}},
		"not gzip":         {[]byte("\x1f\x8bnot really"), nil, []string{"gzip"}},
		"empty CSV":        {nil, func(o *importer.Options) { o.Format = "csv" }, []string{"empty", "names of its columns"}},
		"unknown column":   {[]byte("id,type,colour\n"), nil, []string{`"colour"`, "--map"}},
		"no type":          {[]byte("id,phone\n"), nil, []string{"no column type", "--map"}},
		"column twice":     {[]byte("id,type,id\n"), nil, []string{`"id"`, "twice"}},
		"header unclosed":  {[]byte("id,\"type\n1,2\n"), nil, []string{"column names", "never closed"}},
		"wrong key":        {fmt.Appendf(nil, page, 1), func(o *importer.Options) { o.Key = "NOKEY" }, []string{"401", "write key"}},
		"misspelt mapping": {hangul, mapFile(t, `{"typ":"page.viewed"}`), []string{"map.json", "typ"}},
		"broken mapping":   {hangul, mapFile(t, "{\n\"type\": \"x\",\n}"), []string{"map.json", "line 3"}},
		"mapping no type":  {hangul, mapFile(t, `{}`), []string{`"type"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			_, err := h.importFile(t, "in.csv", c.content, c.change)
			if err == nil {
				t.Fatal("it was taken")
			}
			for _, word := range c.want {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q does not say %q", err, word)
				}
			}
			if n := len(h.all()); n != 0 {
				t.Errorf("%d events are in the log", n)
			}
		})
	}
	h := newHouse(t)
	for path, word := range map[string]string{t.TempDir(): "folder", filepath.Join(t.TempDir(), "none.csv"): "no such file"} {
		o, _ := h.options(path)
		if err := importer.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%v does not say %q", err, word)
		}
	}
}

// rejects reads the rejects file beside path.
func rejects(t *testing.T, path string) []importer.Reject {
	t.Helper()
	raw, err := os.ReadFile(path + ".rejects.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	var out []importer.Reject
	for line := range bytes.Lines(raw) {
		var r importer.Reject
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// A line that cannot be used is rejected with its number, its reason and what it says; all others are in.
func TestLinesThatAreRejected(t *testing.T) {
	t.Parallel()
	good := func(n int) string { return fmt.Sprintf(page, n) }
	for name, c := range map[string]struct {
		content string
		events  int
		line    int
		reason  string
	}{
		"half a line at the end": {good(1) + `{"id":"2","type":"page`, 1, 2, "breaks off"},
		"not JSON":               {good(1) + "hello\n" + good(3), 2, 2, "not JSON"},
		"twice the same member":  {good(1) + `{"type":"a.b","type":"c.d"}` + "\n" + good(3), 2, 2, "duplicate"},
		"two objects":            {good(1) + `{"type":"a.b"} {"type":"c.d"}` + "\n" + good(3), 2, 2, "something follows"},
		"a list":                 {good(1) + "[1]\n" + good(3), 2, 2, "one JSON object"},
		"bad bytes":              {good(1) + "{\"type\":\"a.b\xff\"}\n" + good(3), 2, 2, "not UTF-8"},
		"NUL":                    {good(1) + "{\"type\":\"a\x00b\"}\n" + good(3), 2, 2, "NUL"},
		"deep":                   {good(1) + `{"type":"a.b","data":` + strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40) + "}\n" + good(3), 2, 2, "deep"},
		"too long":               {good(1) + `{"type":"` + strings.Repeat("x", 3<<20) + "\"}\n" + good(3), 2, 2, "longer than"},
		"no type":                {good(1) + `{"id":"2"}` + "\n" + good(3), 2, 2, "type"},
		"what the server knows":  {good(1) + `{"type":"order.completed","data":{"total":1}}` + "\n" + good(3), 2, 2, "order_id"},
		"half a row":             {"id,type,data.a\n1,page.viewed,x\n2,page.viewed\n3,page.viewed,y\n", 2, 3, "2 fields, the header 3"},
		"a row too wide":         {"id,type,data.a\n1,page.viewed,x\n2,page.viewed,a,b\n3,page.viewed,y\n", 2, 3, "4 fields"},
		"quote never closed":     {"id,type,data.a\n1,page.viewed,x\n2,page.viewed,\"a\n3,page.viewed,y\n", 2, 3, "never closed"},
		"quote swallowing":       {"id,type,data.a\n1,page.viewed,x\n2,\"page.viewed,a\n3,page.viewed,\"y\"\n4,page.viewed,z\n", 3, 3, "quote"},
		"text after a quote":     {"id,type,data.a\n1,page.viewed,x\n2,page.viewed,\"a\"b\n3,page.viewed,y\n", 2, 3, "closing quote"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			path := file(t, "in", []byte(c.content))
			o, out := h.options(path)
			if err := importer.Run(t.Context(), o); !errors.Is(err, importer.ErrPartial) {
				t.Fatalf("%v\n%s", err, out)
			}
			list := rejects(t, path)
			if len(list) != 1 || list[0].Line != c.line || !strings.Contains(list[0].Reason, c.reason) || list[0].Raw == "" {
				t.Errorf("rejects %.300v, want line %d and %q", list, c.line, c.reason)
			}
			if n := len(h.all()); n != c.events {
				t.Errorf("%d events, want %d", n, c.events)
			}
		})
	}
}

// The server names the reasons of a hundred lines; the client finds out about the others.
func TestMoreRejectsThanTheServerTells(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	for n := range 700 {
		if n%2 == 0 {
			fmt.Fprintf(&lines, page, n)
		} else {
			fmt.Fprintf(&lines, `{"id":"%d","type":"order.completed","data":{}}`+"\n", n)
		}
	}
	h := newHouse(t)
	path := file(t, "in.ndjson", []byte(lines.String()))
	o, out := h.options(path)
	if err := importer.Run(t.Context(), o); !errors.Is(err, importer.ErrPartial) {
		t.Fatal(err)
	}
	list := rejects(t, path)
	for i, r := range list {
		if r.Line != 2*i+2 || !strings.Contains(r.Reason, "order_id") {
			t.Fatalf("reject %d is line %d: %s", i, r.Line, r.Reason)
		}
	}
	if len(list) != 350 || len(h.all()) != 350 || !strings.Contains(out.String(), "350 accepted, 0 known already, 350 rejected") {
		t.Errorf("%d rejects, %d events\n%s", len(list), len(h.all()), out)
	}
}

func TestCharsetsThatAreDeclaredOrMarked(t *testing.T) {
	t.Parallel()
	text := "id,type,data.name\r\n1,page.viewed,뷁 안경\r\n"
	cp949, err := korean.EUCKR.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	marked, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ content, charset string }{
		"CP949": {cp949, "euc-kr"}, "UTF-16 with a mark": {marked, ""}, "UTF-16 declared": {marked, "utf-16"},
		"UTF-8 with a mark": {"\xef\xbb\xbf" + text, ""}, "UTF-8 declared": {text, "utf-8"},
	} {
		for _, zip := range []bool{false, true} {
			content := []byte(c.content)
			if zip {
				content = zipped(c.content)
			}
			h := newHouse(t)
			if said, err := h.importFile(t, "in.csv", content, func(o *importer.Options) { o.Charset = c.charset }); err != nil {
				t.Errorf("%s: %v\n%s", name, err, said)
			}
			for _, e := range h.all() {
				if string(e.Data) != `{"name":"뷁 안경"}` {
					t.Errorf("%s: %s", name, e.Data)
				}
			}
			if len(h.all()) != 1 {
				t.Errorf("%s: %d events", name, len(h.all()))
			}
		}
	}
}

// UTF-8 that is declared to be EUC-KR must not become nonsense in the log.
func TestWrongDeclarationIsNoticed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	path := file(t, "in.csv", []byte("id,type,data.name\n1,page.viewed,안경을 쓴 고양이\n2,page.viewed,plain\n"))
	o, _ := h.options(path)
	o.Charset = "euc-kr"
	if err := importer.Run(t.Context(), o); !errors.Is(err, importer.ErrPartial) {
		t.Fatal(err)
	}
	if list := rejects(t, path); len(list) != 1 || list[0].Line != 2 || !strings.Contains(list[0].Reason, "charset") {
		t.Errorf("rejects %v", list)
	}
}

// A gzip file that breaks off anywhere keeps what was whole before, says so, and never sends half a line.
func TestGzipThatBreaksOff(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	for n := range 300 {
		fmt.Fprintf(&lines, `{"id":"e%04d","type":"page.viewed","identifiers":{"user_id":"u%x"}}`+"\n", n, n*n*7919)
	}
	content := zipped(lines.String())
	kept := 0
	for cut := 12; cut < len(content); cut += 97 {
		h := newHouse(t)
		_, err := h.importFile(t, "in.ndjson.gz", content[:cut], nil)
		if err == nil || !strings.Contains(err.Error(), "cut off") || !strings.Contains(err.Error(), "again") {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		n := len(h.all())
		if n < kept {
			t.Errorf("cut at %d: %d events, before it were %d", cut, n, kept)
		}
		kept = n
	}
	if kept == 0 {
		t.Error("nothing before the cut was kept")
	}
}

func TestDryRunSendsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	said, err := h.importFile(t, "in.csv", []byte(receipts), func(o *importer.Options) {
		mapFile(t, receiptsMap)(o)
		o.DryRun = true
	})
	if !errors.Is(err, importer.ErrPartial) || len(h.all()) != 0 {
		t.Fatalf("%v, %d events", err, len(h.all()))
	}
	for _, word := range []string{`"R-1"`, `"total": 22000`, "would be rejected: the row has 3 fields", "6 events, 1 lines that would be rejected", "order.completed"} {
		if !strings.Contains(said, word) {
			t.Errorf("it does not say %q:\n%s", word, said)
		}
	}
}

func TestSourceIsPutOnEventsThatHaveNone(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"in.ndjson": fmt.Sprintf(page, 1) + `{"id":"2","source":"pos/other","type":"page.viewed"}` + "\n",
		"in.csv":    "id,type,user_id\n1,page.viewed,u\n",
	} {
		h := newHouse(t)
		if _, err := h.importFile(t, name, []byte(content), func(o *importer.Options) { o.Source = "pos/store-12" }); err != nil {
			t.Fatal(err)
		}
		for _, e := range h.all() {
			if want := map[string]string{"1": "pos/store-12", "2": "pos/other"}[e.ID]; e.Source != want {
				t.Errorf("%s: event %s is from %q", name, e.ID, e.Source)
			}
		}
	}
}

// A line that never ends (a bomb: 128 MiB in 128 KiB) must not be held in memory. The test does not run beside
// others, because it counts what is allocated.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	_, _ = w.Write([]byte(`{"type":"a.b","data":"`))
	for range 128 {
		_, _ = w.Write(bytes.Repeat([]byte("a"), 1<<20))
	}
	_, _ = w.Write([]byte("\"}\n" + fmt.Sprintf(page, 2)))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t)
	o, _ := h.options(file(t, "bomb.gz", bomb.Bytes()))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := importer.Run(t.Context(), o)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, importer.ErrPartial) || len(h.all()) != 1 {
		t.Errorf("%v, %d events", err, len(h.all()))
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
		t.Errorf("%d MiB were allocated for a file of 128", used>>20)
	}
}
