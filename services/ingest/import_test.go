package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/ingest"
)

func importing(format, body string) call {
	return call{path: "/v1/import?format=" + format, key: posKey, body: body}
}

const twoLines = `{"id":"R1","source":"pos/store-12","type":"order.completed","time":"2024-03-01T09:30:00+09:00","channel":"store","identifiers":{"phone":"010-4821-7730","loyalty_id":["L7","L8"]},"subject":"receipt","data":{"order_id":"R1","total":31000}}
{"id":"R2","type":"stock.adjusted","time":"2024-03-02 10:00:00"}
`

func TestImportLines(t *testing.T) {
	t.Parallel()
	for _, zipped := range []bool{false, true} {
		e := newEdge(t)
		c := importing("ndjson", twoLines)
		c.gzip = zipped
		a := e.do(c)
		m := a.json(t)
		if a.StatusCode != http.StatusOK || m["accepted"] != 2.0 || m["duplicates"] != 0.0 || m["rejected"] != 0.0 || m["position"] != 2.0 || m["lines"] != 2.0 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		if m := e.do(c).json(t); m["accepted"] != 0.0 || m["duplicates"] != 2.0 {
			t.Errorf("again: %v", m)
		}
		list := e.all()
		if got := list[0]; got.Source != "pos/store-12" || idents(got) != "phone:+821048217730/asserted loyalty_id:L7/asserted loyalty_id:L8/asserted" ||
			got.Time.Format("2006-01-02T15:04") != "2024-03-01T00:30" || got.Subject != "receipt" || string(got.Data) != `{"order_id":"R1","total":31000}` {
			t.Errorf("got %+v", got)
		}
		if got := list[1]; got.Stream != "source-pos" || got.Time.Format("2006-01-02T15:04") != "2024-03-02T10:00" {
			t.Errorf("got %+v", got)
		}
	}
}

func TestIdentifiersInImportedData(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`{"type":"customer.identified","data":{"traits":{"email":"a@example.com"},"email":"b@example.com"}}`:                     "email:a@example.com/asserted",
		`{"type":"inquiry.opened","identifiers":{"user_id":7},"data":{"inquiry_id":"1","phone":"010-4821-7730"}}`:                "user_id:7/asserted phone:+821048217730/asserted",
		`{"type":"product.shared","data":{"email":"friend@example.com"}}`:                                                        "",
		`{"specversion":"1.0","id":"1","source":"pos","type":"order.completed","data":{"order_id":"1","email":"a@example.com"}}`: "email:a@example.com/asserted",
	} {
		if got := idents(newEdge(t).one(importing("ndjson", line))); got != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
}

// TestTimesThatAreNotTaken: a time in the right form that lies too far away is not said to have the wrong form.
func TestTimesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`{"type":"t","time":"2300-01-01T00:00:00Z"}`:                                             "1700 to 2250",
		`{"type":"t","time":"2300-01-01"}`:                                                       "1700 to 2250",
		`{"type":"t","time":"0001-01-01T00:00:00+09:00"}`:                                        "1700 to 2250",
		`{"type":"t","time":"2300-13-01"}`:                                                       "not RFC 3339",
		`{"specversion":"1.0","id":"1","source":"pos","type":"t","time":"2300-01-01T00:00:00Z"}`: "1700 to 2250",
		`{"specversion":"1.0","id":"1","source":"pos","type":"t","time":"2026-01-01"}`:           "not RFC 3339",
	} {
		e := newEdge(t)
		e.do(importing("ndjson", line))
		if list := e.rejects(""); len(list) != 1 || list[0].Pointer != "/time" || !strings.Contains(list[0].Detail, want) {
			t.Errorf("%s: rejected as %+v, want %q", line, list, want)
		}
	}
}

// TestOneMintedIDOfAClaim: who may only claim cannot tie a stranger's minted id to its own.
func TestOneMintedIDOfAClaim(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]float64{webKey: 0, posKey: 2} {
		c := importing("ndjson", `{"type":"t","identifiers":{"anonymous_id":["mine","theirs"]}}`+"\n"+`{"type":"t","identifiers":["device:mine","device:theirs"]}`)
		c.key = key
		if m := newEdge(t).do(c).json(t); m["accepted"] != want || m["rejected"] != 2-want {
			t.Errorf("%s: %v", key, m)
		}
	}
}

func TestImportRefusesLines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`{"id":"1"`:                                  "json /id",
		`{"type":"t","type":"u"}`:                    "json /type",
		`{"type":"t","Data":{}}`:                     "field /Data",
		`{"type":"t","typo":1}`:                      "field /typo",
		`{}`:                                         "field ",
		`[]`:                                         "field ",
		`{"id":"1"}`:                                 "field /type",
		`{"type":"identity.linked","data":{}}`:       "field /type",
		`{"type":"clock.ticked"}`:                    "field /type",
		`{"id":[],"type":"t"}`:                       "field /id",
		`{"type":"t","time":"yesterday"}`:            "field /time",
		`{"type":"t","time":17}`:                     "field /time",
		`{"type":"t","channel":"billboard"}`:         "field /channel",
		`{"type":"t","source":"web"}`:                "source /source",
		`{"type":"t","source":"pos/"}`:               "source /source",
		`{"type":"t","data":[]}`:                     "data /data",
		`{"type":"t","identifiers":"x"}`:             "identity /identifiers",
		`{"type":"t","identifiers":["x"]}`:           "identity /identifiers",
		`{"type":"t","identifiers":{"phone":"1"}}`:   "identity /identifiers/phone",
		`{"type":"t","identifiers":{"Phone":"1"}}`:   "identity /identifiers/Phone",
		`{"type":"t","identifiers":{"user_id":{}}}`:  "identity /identifiers/user_id",
		`{"type":"order.completed","data":{"a":1}}`:  "data /data/order_id",
		`{"specversion":"1.0","id":"1","type":"t"}`:  "field /source",
		"{\"type\":\"\xff\"}":                        "json /type",
		`{"type":"t","subject":"a\u0000"}`:           "json /subject",
		`{"type":"t","data":` + deep(40) + `}`:       "json",
		`{"type":"` + strings.Repeat("t", 65536):     "size ",
		`{"type":"` + strings.Repeat("t", 600_000):   "size ",
		"\xef\xbb\xbf{\"type\":\"t\"} {\"type\":\"t": "json ",
	} {
		t.Run(line[:min(30, len(line))], func(t *testing.T) {
			t.Parallel()
			e := newEdge(t)
			a := e.do(importing("ndjson", `{"id":"before","type":"t"}`+"\n\n"+line+"\n"+`{"id":"after","type":"t"}`))
			m := a.json(t)
			if a.StatusCode != http.StatusOK || m["accepted"] != 2.0 || m["rejected"] != 1.0 || m["lines"] != 4.0 {
				t.Fatalf("%d %.500s", a.StatusCode, a.body)
			}
			list := e.rejects("?request=" + m["request"].(string))
			if len(list) != 1 || list[0].Line != 3 || list[0].Detail == "" || !strings.HasPrefix(list[0].Reason+" "+list[0].Pointer, want) {
				t.Errorf("rejected as %.400q, want %s", fmt.Sprint(list), want)
			}
			shown := m["rejects"].([]any)[0].(map[string]any)
			if shown["line"] != 3.0 || shown["reason"] != list[0].Reason {
				t.Errorf("the answer shows %v", shown)
			}
		})
	}
}

func deep(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }

func TestImportRows(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	file := "\xef\xbb\xbfid,type,time,channel,phone,email,identifiers.stamp_card,data.order_id,data.total,data.ship.city,data.items,data.code\r\n" +
		`R1,order.completed,2024-03-01 09:30:00,store,010-4821-7730,,S9,R1,31000.5,"서울, 중구","[{""sku"":""A""}]",007` + "\r\n" +
		`R2,order.completed,2024-03-01,store,,a@example.com,,R2,-5,"line` + "\n" + `break ""quoted""",,1e5` + "\n" +
		"\n" +
		`R3,page.viewed,,web,,,,,,,,` // the file may end without a line end
	a := e.do(importing("csv", file))
	if m := a.json(t); m["accepted"] != 3.0 || m["rejected"] != 0.0 || m["lines"] != 6.0 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	list := e.all()
	if got := string(list[0].Data); got != `{"order_id":"R1","total":31000.5,"ship":{"city":"서울, 중구"},"items":[{"sku":"A"}],"code":"007"}` {
		t.Errorf("got %s", got)
	}
	if got := idents(list[0]); got != "phone:+821048217730/asserted stamp_card:S9/asserted" {
		t.Errorf("got %s", got)
	}
	if got := string(list[1].Data); got != `{"order_id":"R2","total":-5,"ship":{"city":"line\nbreak \"quoted\""},"code":"1e5"}` {
		t.Errorf("got %s", got)
	}
	if list[2].Data != nil || list[2].Channel != events.ChannelWeb {
		t.Errorf("got %+v", list[2])
	}
}

func TestImportRefusesRows(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]string{
		`B,page.viewed`:                          "row the row has 2 fields, the header has 3",
		`B`:                                      "row the row has 1 fields",
		`B,page.viewed,1,2`:                      "row the row has 4 fields",
		`B,"page.viewed,2024-01-01`:              "row a quoted field is not closed",
		`B,page"viewed,x`:                        "row a quote stands in the wrong place",
		`B,"page"viewed,x`:                       "row a quote stands in the wrong place",
		`B,page.viewed,yesterday`:                "field time is not",
		`B,,2024-01-01`:                          "field the type is missing",
		"B,\xff,2024-01-01":                      "row the row is not UTF-8",
		"B,a\x00b,2024-01-01":                    "json holds a NUL",
		`"B,"",2024-01-01`:                       "row a quoted field is not closed",
		`B,` + strings.Repeat("t", 70_000) + ",": "size",
	} {
		t.Run(row[:min(30, len(row))], func(t *testing.T) {
			t.Parallel()
			e := newEdge(t)
			a := e.do(importing("csv", "id,type,time\nA,t,2024-01-01\n"+row+"\nC,t,2024-01-01\nD,t,2024-01-01\n"))
			m := a.json(t)
			if a.StatusCode != http.StatusOK || m["accepted"] != 3.0 || m["rejected"] != 1.0 || m["lines"] != 5.0 {
				t.Fatalf("%d %.500s", a.StatusCode, a.body)
			}
			list := e.rejects("")
			if len(list) != 1 || list[0].Line != 3 || !strings.HasPrefix(list[0].Reason+" "+list[0].Detail, want) {
				t.Errorf("rejected as %.400q, want %s", fmt.Sprint(list), want)
			}
		})
	}
}

func TestImportRefusesFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]call{
		"no format":            importing("xml", "x"),
		"unknown column":       importing("csv", "id,type,total\n1,t,3\n"),
		"column twice":         importing("csv", "id,type,type\n1,t,3\n"),
		"no type":              importing("csv", "id,time\n1,2\n"),
		"column inside column": importing("csv", "type,data.a,data.a.b\n1,2,3\n"),
		"half a header":        importing("csv", "id,\"type\n1,2\n"),
	} {
		e := newEdge(t)
		if a := e.do(c); a.StatusCode != http.StatusBadRequest || len(e.all()) != 0 {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	e := newEdge(t)
	for _, key := range []string{"", "WRONG"} {
		c := importing("ndjson", twoLines)
		c.key = key
		if a := e.do(c); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("key %q: %d", key, a.StatusCode)
		}
	}
}

func TestImportWithoutIDsTwiceAddsNone(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	for _, c := range []call{
		importing("ndjson", `{"type":"t","time":"2024-01-01"}`+"\n"+`{"type":"t","time":"2024-01-02"}`),
		importing("csv", "type,time\nt,2024-01-01\nt,2024-01-02\n"),
	} {
		before := len(e.all())
		for _, want := range []float64{2, 0} {
			if m := e.do(c).json(t); m["accepted"] != want {
				t.Errorf("accepted %v, want %v", m["accepted"], want)
			}
		}
		if n := len(e.all()) - before; n != 2 {
			t.Errorf("%d events are stored, want 2", n)
		}
	}
}

// cutReader ends with an error after n bytes, as a connection does that is cut.
type cutReader struct {
	r io.Reader
	n int
}

var errCut = errors.New("cut")

func (c *cutReader) Read(p []byte) (int, error) {
	if c.n == 0 {
		return 0, errCut
	}
	n, err := c.r.Read(p[:min(len(p), c.n)])
	c.n -= n
	return n, err
}

// TestImportCutAtEveryByte cuts a file at every one of its bytes, sends it whole again, and asks for exactly the
// events of the whole file: no half line may have become an event.
func TestImportCutAtEveryByte(t *testing.T) {
	t.Parallel()
	for format, file := range map[string]string{
		"ndjson": twoLines + `{"id":"3","type":"t","data":{"n":1}}` + "\n",
		"csv":    "id,type,data.total\nA,t,1234\n\"B\",t,\"56\n78\"\nC,t,90\n",
	} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			whole := imported(t, format, len(file)+1, file)
			for cut := range len(file) {
				if got := imported(t, format, cut, file); got != whole {
					t.Fatalf("cut after %d bytes: got\n%s\nwant\n%s", cut, got, whole)
				}
			}
		})
	}
}

func imported(t *testing.T, format string, cut int, file string) string {
	t.Helper()
	service, log, source := newService(t)
	ctx := context.Background()
	first, err := service.Import(ctx, ingest.Import{Source: source, Format: format, Body: &cutReader{strings.NewReader(file), cut}})
	if cut <= len(file) && err == nil {
		t.Fatalf("cut after %d bytes: no error", cut)
	}
	head, _ := log.Head(ctx)
	if int(head.Position) != first.Accepted || first.Rejected != 0 {
		t.Fatalf("cut after %d bytes: %+v, %d stored", cut, first, head.Position)
	}
	second, err := service.Import(ctx, ingest.Import{Source: source, Format: format, Body: strings.NewReader(file)})
	if err != nil || second.Rejected != 0 || second.Duplicates != first.Accepted {
		t.Fatalf("cut after %d bytes: %+v then %+v, %v", cut, first, second, err)
	}
	list, err := log.Read(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, r := range list {
		fmt.Fprintf(&b, "%s %s %s %s\n", r.Source, r.ID, r.Type, r.Data)
	}
	return b.String()
}

func TestImportInChunks(t *testing.T) {
	t.Parallel()
	service, log, source := newService(t)
	var file strings.Builder
	for i := range 2500 {
		fmt.Fprintf(&file, `{"id":"%d","type":"t","identifiers":{"user_id":"u%d"},"data":{"n":%d}}`+"\n", i, i%7, i)
	}
	var seen []int
	report, err := service.Import(context.Background(), ingest.Import{
		Source: source, Format: "ndjson", Body: strings.NewReader(file.String()),
		Progress: func(r ingest.Report) { seen = append(seen, r.Lines) },
	})
	if err != nil || report.Accepted != 2500 || report.Position != 2500 || report.Lines != 2500 || fmt.Sprint(seen) != "[1000 2000 2500]" {
		t.Errorf("%+v, %v, progress %v", report, err, seen)
	}
	if head, _ := log.Head(context.Background()); head.Position != 2500 {
		t.Errorf("the log ends at %d", head.Position)
	}
}
