package importer_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/delivery"
	"github.com/c360hq/c360/cmd/c360/importer"
)

// receipts is a file with everything that makes a place in it hard to find again: rows of one order, a quoted line
// break, Hangul, a bad row, a row that the server refuses.
const receipts = "order,sku,name,qty,price,phone,at\r\n" +
	"1,A,안경테,1,12000,010-0821-7730,2026-11-01 10:00:00\r\n" +
	"1,B,\"클리너,\n 케이스\",2,5000,010-0821-7730,2026-11-01 10:00:00\r\n" +
	"2,C,니트,1,59000,010-0203-9394,2026-11-02 11:00:00\r\n" +
	"3,D,half a row\r\n" +
	"4,E,코트,1,248000,not a phone,2026-11-03 12:00:00\r\n" +
	"\r\n" +
	"5,F,\"a quote \"\"inside\"\"\",1,1000,,2026-11-04 13:00:00\r\n" +
	"6,G,머플러,1,39000,01008217730,2026-11-05 14:00:00\r\n" +
	"6,H,장갑,1,29000,01008217730,2026-11-05 14:00:00\r\n" +
	"7,I,양말,3,3000,,2026-11-06 15:00:00"

const receiptsMap = `{
	"group": "{order}", "id": "R-{order}", "type": "order.completed", "channel": "store",
	"time": {"from": "{at}", "zone": "Asia/Seoul"},
	"identifiers": {"phone": "{phone}"},
	"data": {
		"order_id": "R-{order}", "total": {"from": "{rows}", "sum": ["{qty}", "{price}"]},
		"items": {"from": "{rows}", "each": {"sku": "{sku}", "name": "{name}", "quantity": {"from": "{qty}", "as": "integer"}}}
	}
}`

func zipped(content string) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write([]byte(content))
	_ = w.Close()
	return out.Bytes()
}

// cable cuts the connection after so many bytes, for good.
type cable struct {
	to   delivery.Doer
	left int
	cut  context.CancelFunc
}

var errCut = errors.New("the cable was cut")

func (c *cable) Do(r *http.Request) (*http.Response, error) {
	r.Body = &cutBody{c, r.Body}
	resp, err := c.to.Do(r)
	if c.left <= 0 {
		c.cut()
		return nil, errCut
	}
	return resp, err
}

type cutBody struct {
	cable *cable
	io.ReadCloser
}

func (b *cutBody) Read(p []byte) (int, error) {
	if b.cable.left <= 0 {
		return 0, errCut
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.cable.left)])
	b.cable.left -= n
	return n, err
}

func (b *cutBody) Close() error { return b.ReadCloser.Close() }

// whole is what an import that is not interrupted leaves.
func whole(t *testing.T, name string, content []byte, change func(*importer.Options)) (events map[string]string, rejects string, counts string) {
	t.Helper()
	h := newHouse(t)
	path := file(t, name, content)
	o, out := h.options(path)
	change(&o)
	if err := importer.Run(t.Context(), o); !errors.Is(err, importer.ErrPartial) {
		t.Fatalf("%v\n%s", err, out)
	}
	said, err := os.ReadFile(path + ".rejects.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	return h.contents(), string(said), firstWords(out.String())
}

// contents is what every event says.
func (h *house) contents() map[string]string {
	out := map[string]string{}
	for key, e := range h.all() {
		out[key] = fmt.Sprintf("%s %s %s %v %s", e.Type, e.Channel, e.Time, e.Identifiers, e.Data)
	}
	return out
}

// firstWords takes the time it took out of the summary.
func firstWords(said string) string {
	_, said, _ = strings.Cut(said, ": ")
	said, _, _ = strings.Cut(said, " left out")
	return said
}

// An import that is cut off at any byte of what it sends, and then resumed, leaves what an undisturbed one leaves:
// the same events, none twice, the same rejects.
func TestResumeAfterAnyByte(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{"receipts.csv": []byte(receipts), "receipts.csv.gz": zipped(receipts)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withMap := mapFile(t, receiptsMap)
			change := func(o *importer.Options) { withMap(o); o.Chunk, o.Workers = 2, 1 }
			want, rejects, _ := whole(t, name, content, change)
			if len(want) != 5 || strings.Count(rejects, "\n") != 2 {
				t.Fatalf("%d events, rejects %s", len(want), rejects)
			}
			// gzip changes what is read, not what is sent: every seventh byte will do.
			step := map[bool]int{false: 1, true: 7}[strings.HasSuffix(name, ".gz") || testing.Short()]
			for sent := 1; ; sent += step {
				h := newHouse(t)
				path := file(t, name, content)
				if h.interrupted(t, path, sent, change) {
					break
				}
				o, out := h.options(path)
				change(&o)
				o.Resume = true
				if err := importer.Run(t.Context(), o); !errors.Is(err, importer.ErrPartial) {
					t.Fatalf("resumed after %d bytes: %v\n%s", sent, err, out)
				}
				said, err := os.ReadFile(path + ".rejects.ndjson")
				if err != nil {
					t.Fatal(err)
				}
				if got := h.contents(); !maps.Equal(got, want) || string(said) != rejects {
					t.Fatalf("cut after %d bytes: events %v, want %v\nrejects %s\nwant %s", sent, got, want, said, rejects)
				}
			}
		})
	}
}

// interrupted imports until so many bytes were sent, and reports whether the import was over before.
func (h *house) interrupted(t *testing.T, path string, sent int, change func(*importer.Options)) bool {
	t.Helper()
	ctx, cut := context.WithCancel(t.Context())
	defer cut()
	o, _ := h.options(path)
	change(&o)
	o.Doer = &cable{to: o.Doer, left: sent, cut: cut}
	err := importer.Run(ctx, o)
	if errors.Is(err, importer.ErrPartial) {
		return true
	}
	if err == nil || !strings.Contains(err.Error(), "--resume") {
		t.Fatalf("cut after %d bytes: %v", sent, err)
	}
	return false
}

func TestResumeWhenDoneDoesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o, out := h.options(file(t, "a.ndjson", []byte(`{"id":"1","type":"page.viewed","identifiers":{"user_id":"u"}}`)))
	for _, resume := range []bool{false, true} {
		o.Resume = resume
		if err := importer.Run(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(out.String(), "was imported already") || len(h.all()) != 1 {
		t.Errorf("%s", out)
	}
}

func TestResumeRefusesWhatIsNotTheSame(t *testing.T) {
	t.Parallel()
	line := `{"id":"1","type":"page.viewed","identifiers":{"user_id":"u"}}` + "\n"
	for name, change := range map[string]func(*importer.Options){
		"the file is not the one": func(o *importer.Options) {
			if err := os.WriteFile(o.Files[0], []byte(line+line), 0o600); err != nil {
				t.Error(err)
			}
		},
		"mapping or the charset": mapFile(t, `{"type":"page.viewed"}`),
		"another address":        func(o *importer.Options) { o.Key = "WEBKEY" },
		"is damaged": func(o *importer.Options) {
			if err := os.WriteFile(o.Files[0]+".c360-import", []byte("{"), 0o600); err != nil {
				t.Error(err)
			}
		},
	} {
		h := newHouse(t)
		o, _ := h.options(file(t, "a.ndjson", []byte(line)))
		if err := importer.Run(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		o.Resume = true
		change(&o)
		if err := importer.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "without --resume") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Several requests at once are settled in order: the note never runs ahead of what is acknowledged.
func TestManyWorkersSettleInOrder(t *testing.T) {
	t.Parallel()
	var lines bytes.Buffer
	for n := range 5000 {
		fmt.Fprintf(&lines, `{"id":"e%d","type":"page.viewed","identifiers":{"user_id":"u%d"}}`+"\n", n, n%7)
	}
	h := newHouse(t)
	path := file(t, "many.ndjson", lines.Bytes())
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	o, _ := h.options(path)
	o.Chunk, o.Workers = 10, 8
	requests := 0
	o.Workers = 1
	to := o.Doer
	o.Doer = doer(func(r *http.Request) (*http.Response, error) {
		if requests++; requests == 200 {
			stop()
		}
		return to.Do(r)
	})
	if err := importer.Run(ctx, o); err == nil {
		t.Fatal("it was not interrupted")
	}
	o.Doer, o.Workers, o.Resume = to, 8, true
	if err := importer.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got := len(h.all()); got != 5000 {
		t.Errorf("%d events", got)
	}
}

func TestServerThatIsBusy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o, _ := h.options(file(t, "a.ndjson", []byte(`{"id":"1","type":"page.viewed","identifiers":{"user_id":"u"}}`)))
	statuses := []int{http.StatusTooManyRequests, http.StatusServiceUnavailable}
	to := o.Doer
	o.Doer = doer(func(r *http.Request) (*http.Response, error) {
		if len(statuses) == 0 {
			return to.Do(r)
		}
		status := statuses[0]
		statuses = statuses[1:]
		return &http.Response{
			StatusCode: status, Status: http.StatusText(status), Header: http.Header{"Retry-After": {"3"}}, Body: http.NoBody,
		}, nil
	})
	var pauses []time.Duration
	o.Wait = func(_ context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		return nil
	}
	if err := importer.Run(t.Context(), o); err != nil || len(h.all()) != 1 {
		t.Errorf("%v, %d events", err, len(h.all()))
	}
	if !slices.Equal(pauses, []time.Duration{3 * time.Second, 3 * time.Second}) {
		t.Errorf("pauses %v", pauses)
	}
}
