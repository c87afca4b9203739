package events_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
)

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"k%d":%d`, i, i)
	}
	return "{" + b.String()[1:] + "}"
}

func TestCheckJSONAccepts(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{}`, `[]`, `null`, `true`, `false`, `0`, `-0.5e+10`, `""`, " {\"a\" : [ 1 , {} ] }\r\n\t", `{"a":{"a":1},"b":{"a":2}}`,
		`"\u00e9\ud83d\ude00\n\"\\\/"`, `"한글 😀 ` + "\ufffd" + `"`, `[{"a":1},{"A":2}]`, `{"":1}`, `{"@":1,"` + "`" + `":2}`, `1E9`,
		nested(events.MaxDepth), manyKeys(events.MaxKeys), `"` + strings.Repeat("x", events.MaxEvent-2) + `"`,
	} {
		if err := events.CheckJSON([]byte(doc)); err != nil {
			t.Errorf("%.60s: %v", doc, err)
		}
	}
}

func TestCheckJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ doc, pointer, problem string }{
		{``, "", "empty"},
		{" \n", "", "empty"},
		{`{"email":"a@x","email":"b@x"}`, "/email", "twice"},
		{`{"email":"a@x","EMAIL":"b@x"}`, "/EMAIL", "upper and lower case"},
		{`{"email":"a@x","\u0065mail":"b@x"}`, "/email", "twice"},
		{`{"kind":1,"` + "\u212a" + `ind":2}`, "/\u212aind", "upper and lower case"},
		{`{"ö":1,"Ö":2}`, "/Ö", "upper and lower case"},
		{`{"a":[0,{"b":{"c":1,"c":2}}]}`, "/a/1/b/c", "twice"},
		{`{"a/b":{"~":{"x":1,"x":1}}}`, "/a~1b/~0/x", "twice"},
		{nested(events.MaxDepth + 1), strings.Repeat("/0", events.MaxDepth), "deeper than 32"},
		{`{"a":` + manyKeys(events.MaxKeys+1) + `}`, "/a/k500", "more than 500 keys"},
		{`"` + strings.Repeat("x", events.MaxEvent) + `"`, "", "larger than 64 KiB"},
		{`{"a":"x\u0000y"}`, "/a", "NUL"},
		{"{\"a\":\"x\x00y\"}", "/a", "NUL"},
		{"{\"a\":\"x\xffy\"}", "/a", "UTF-8"},
		{"{\"a\xff\":1}", "", "UTF-8"},
		{`{"a":"\ud800"}`, "/a", "surrogate"},
		{`{"a":"\ude00\ud83d"}`, "/a", "surrogate"},
		{`{"a":"\ud83d\u0041"}`, "/a", "surrogate"},
		{`{"a":"\ud83dxxxxxx"}`, "/a", "surrogate"},
		{"{\"a\":\"x\ny\"}", "/a", "control"},
		{`{"a":"\x"}`, "/a", "escape"},
		{`{"a":"\u12g4"}`, "/a", "escape"},
		{`{"a":1}x`, "", "after the end"},
		{`{"a":1}{"b":2}`, "", "after the end"},
		{`{"a":1`, "/a", "middle"},
		{`{"a":`, "/a", "middle"},
		{`{"a"`, "/a", "middle"},
		{`{"a`, "", "middle"},
		{`{`, "", "middle"},
		{`[1,`, "/1", "middle"},
		{`"\`, "", "middle"},
		{`"\u12`, "", "middle"},
		{`tru`, "", "middle"},
		{`{"a" 1}`, "/a", `":"`},
		{`{"a":1 "b":2}`, "/a", `","`},
		{`{a:1}`, "", "double quotes"},
		{`{"a":1,}`, "/a", "double quotes"},
		{`[1,]`, "/1", "not a JSON value"},
		{`[1}`, "/0", `","`},
		{`01`, "", "number"},
		{`-`, "", "number"},
		{`1.`, "", "number"},
		{`1e`, "", "number"},
		{`+1`, "", "not a JSON value"},
		{`NaN`, "", "not a JSON value"},
		{`truE`, "", "not a JSON value"},
		{"\ufeff{}", "", "not a JSON value"},
	} {
		err := events.CheckJSON([]byte(c.doc))
		var bad *events.JSONError
		if !errors.As(err, &bad) || bad.Pointer != c.pointer || !strings.Contains(bad.Problem, c.problem) {
			t.Errorf("%.60q: %v; want %q %q", c.doc, err, c.pointer, c.problem)
		}
	}
}

// TestDuplicateAmongManyKeys looks for each key of a large object inside another large one, past what is kept on the stack.
func TestDuplicateAmongManyKeys(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 47, 48, 49, 100, events.MaxKeys - 1} {
		one := manyKeys(n)
		for _, k := range []int{0, n / 2, n - 1} {
			twice := fmt.Sprintf(`%s,"K%d":0}`, one[:len(one)-1], k)
			for _, doc := range []string{twice, `{"a":1,"nested":` + twice + `}`, one[:len(one)-1] + `,"z":` + twice + `}`} {
				if err := events.CheckJSON([]byte(doc)); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("/K%d: this key differs", k)) {
					t.Errorf("%d keys, the %d. twice: %v", n, k, err)
				}
			}
		}
		if err := events.CheckJSON([]byte(one[:len(one)-1] + `,"z":` + one + `}`)); err != nil {
			t.Errorf("%d keys and as many inside: %v", n, err)
		}
	}
}

func TestPointersAreBounded(t *testing.T) {
	t.Parallel()
	doc := `{"` + strings.Repeat("k", 5000) + `":{"a":1,"a":2}}`
	var bad *events.JSONError
	if err := events.CheckJSON([]byte(doc)); !errors.As(err, &bad) || len(bad.Pointer) > 300 {
		t.Fatalf("pointer of %d bytes", len(err.Error()))
	}
}

// strictly is CheckJSON as slowly and plainly as can be, on top of jsontext.
func strictly(raw []byte) error {
	if len(raw) > events.MaxEvent {
		return errors.New("too large")
	}
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	var keys [][]string
	for {
		token, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			return atEnd(raw)
		}
		if err != nil {
			return err
		}
		if d.StackDepth() > events.MaxDepth {
			return errors.New("too deep")
		}
		for len(keys) <= d.StackDepth() {
			keys = append(keys, nil)
		}
		switch token.Kind() {
		case '{', '[':
			keys[d.StackDepth()] = nil
		case '"':
			if strings.ContainsRune(token.String(), 0) {
				return errors.New("NUL")
			}
			if kind, n := d.StackIndex(d.StackDepth()); kind == '{' && n%2 == 1 {
				for _, k := range keys[d.StackDepth()] {
					if strings.EqualFold(k, token.String()) {
						return errors.New("key twice")
					}
				}
				keys[d.StackDepth()] = append(keys[d.StackDepth()], token.String())
				if len(keys[d.StackDepth()]) > events.MaxKeys {
					return errors.New("too many keys")
				}
			}
		default:
		}
	}
}

// atEnd refuses what ReadToken takes as a stream of several values, or none.
func atEnd(raw []byte) error {
	if !jsontext.Value(raw).IsValid() {
		return errors.New("not one value")
	}
	return nil
}

func checkAgrees(t failer, raw []byte) {
	t.Helper()
	got, want := events.CheckJSON(raw), strictly(raw)
	if (got == nil) != (want == nil) {
		t.Fatalf("%.200q: CheckJSON says %v, jsontext %v", raw, got, want)
	}
	if got == nil && !json.Valid(raw) {
		t.Fatalf("%.200q: accepted, though encoding/json refuses it", raw)
	}
	checkBatchAgrees(t, raw, got == nil)
}

// checkBatchAgrees wraps raw into a batch: it must be judged as it was alone, and its neighbours unharmed.
func checkBatchAgrees(t failer, raw []byte, good bool) {
	t.Helper()
	if trimmed := bytes.Trim(raw, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' || !json.Valid(raw) {
		return
	}
	body := `{"sentAt":"x","batch":[{"n":1},` + string(raw) + ` ,{"n":3}]}`
	messages, err := events.CheckBatch([]byte(body), "batch")
	if err != nil {
		t.Fatalf("%.200q: %v", body, err)
	}
	if len(messages) != 3 || (messages[1].Fault == nil) != good || messages[0].Fault != nil || messages[2].Fault != nil {
		t.Fatalf("%.200q: %+v", body, messages)
	}
	if string(messages[2].Raw) != `{"n":3}` || string(messages[1].Raw) != strings.Trim(string(raw), " \t\r\n") {
		t.Fatalf("%.200q: messages are cut wrongly: %q", body, messages[1].Raw)
	}
	if fault := messages[1].Fault; fault != nil && !strings.HasPrefix(fault.Pointer, "/batch/1") {
		t.Fatalf("%.200q: fault at %q", body, fault.Pointer)
	}
}

// TestCheckJSONAgreesWithJSONText compares with the slow twin on random documents, half of them damaged.
func TestCheckJSONAgreesWithJSONText(t *testing.T) {
	t.Parallel()
	pieces := []string{
		`{`, `}`, `[`, `]`, `,`, `:`, `"a"`, `"A"`, `"b":1`, `"a":`, `"\u0061"`, `1`, `-1.5e3`, `0`, `null`, `true`, `false`, ` `, `"\u0000"`, `"\ud83d"`, `"\ud83d\ude00"`, "\"\xff\"", `"한"`, "\"\u212a\"",
		`"k"`, `{"a":1,"b":[{}]}`, `"`, `\`, "\x00", "\n",
	}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces") {
			b.WriteString(p)
		}
		checkAgrees(t, []byte(b.String()))
		checkAgrees(t, []byte(`{"x":{`+b.String()+`}}`))
	})
}

func TestCheckBatch(t *testing.T) {
	t.Parallel()
	body := `{"batch":[ {"a":1} , {"b":1,"B":2}, 7, {"c":` + nested(events.MaxDepth-1) + `},{"d":` + nested(events.MaxDepth) + `}, {"big":"` +
		strings.Repeat("x", events.MaxEvent) + `"}, {"last":true}],"sentAt":"now"}`
	messages, err := events.CheckBatch([]byte(body), "batch")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"", "/batch/1/B", "/batch/2", "", "/batch/4/d" + strings.Repeat("/0", events.MaxDepth-1), "/batch/5", ""}
	if len(messages) != len(want) {
		t.Fatalf("%d messages, want %d", len(messages), len(want))
	}
	for i, m := range messages {
		if got := pointerOf(m.Fault); got != want[i] {
			t.Errorf("message %d: fault at %q, want %q", i, got, want[i])
		}
	}
	if string(messages[6].Raw) != `{"last":true}` {
		t.Errorf("last message %q", messages[6].Raw)
	}
}

func pointerOf(fault *events.JSONError) string {
	if fault == nil {
		return ""
	}
	return fault.Pointer
}

func TestCheckBatchRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, at, pointer, problem string }{
		{``, "batch", "", "empty"},
		{`[]`, "batch", "", "not a JSON object"},
		{`{}`, "batch", "", "not a JSON array"},
		{`{"batch":{}}`, "batch", "/batch", "not a JSON array"},
		{`{}`, "", "", "not a JSON array"},
		{`{"batch":[],"BATCH":[]}`, "batch", "/BATCH", "upper and lower case"},
		{`{"context":{"a":1,"a":2},"batch":[]}`, "batch", "/context/a", "twice"},
		{`{"batch":[{"a":1},{"b":}]}`, "batch", "/batch/1/b", "not a JSON value"},
		{`{"batch":[{"a":1},`, "batch", "/batch/1", "middle"},
		{`[{"a":1} {"b":2}]`, "", "/0", `","`},
		{`[{"a":1}]x`, "", "", "after the end"},
		{`[` + strings.Repeat(`{},`, events.MaxBatch) + `{}]`, "", "/2000", "more than 2000"},
	} {
		messages, err := events.CheckBatch([]byte(c.body), c.at)
		var bad *events.JSONError
		if !errors.As(err, &bad) || bad.Pointer != c.pointer || !strings.Contains(bad.Problem, c.problem) || messages != nil {
			t.Errorf("%.60q: %v, %v; want %q %q", c.body, messages, err, c.pointer, c.problem)
		}
	}
	if messages, err := events.CheckBatch([]byte(` [ ] `), ""); err != nil || len(messages) != 0 {
		t.Errorf("an empty batch: %v, %v", messages, err)
	}
}

func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":"\u0000"}]}`, `{"a":1,"A":2}`, `"\ud83d\ude00"`, nested(33), `{"a":1}x`, "\"\xff\"", `-0.0e-1`, typicalEvent} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { checkAgrees(t, raw) })
}

// typicalEvent is a Segment track call of 544 bytes, the size ENGINES.md measures with.
var typicalEvent = func() string {
	event := `{"type":"track","event":"Order Completed","messageId":"node-next-1763718000000-5f0d3c1e-9f7e-4d58-9d5b-6f2f3a4b5c6d","userId":"u-10293847",` +
		`"anonymousId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","timestamp":"2026-11-21T09:41:07.123Z","sentAt":"2026-11-21T09:41:08.001Z",` +
		`"context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"}},"properties":{"order_id":"ORD-87950","total":128000,"currency":"KRW",` +
		`"products":[{"sku":"SKU-1182","name":"울 머플러","price":64000,"quantity":2}],"note":"`
	return event + strings.Repeat("x", 544-len(event)-3) + `"}}`
}()

func BenchmarkCheckJSON(b *testing.B) {
	raw := []byte(typicalEvent)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for range b.N {
		if err := events.CheckJSON(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckBatch(b *testing.B) {
	raw := []byte(`{"batch":[` + strings.Repeat(typicalEvent+",", 99) + typicalEvent + `]}`)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for range b.N {
		if messages, err := events.CheckBatch(raw, "batch"); err != nil || len(messages) != 100 {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheckJSONHostile is 64 KiB made to cost as much as possible: full objects of distinct keys.
func BenchmarkCheckJSONHostile(b *testing.B) {
	one := manyKeys(events.MaxKeys)
	raw := []byte("[" + strings.Repeat(one+",", events.MaxEvent/(len(one)+1)-1) + one + "]")
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for range b.N {
		if err := events.CheckJSON(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleCheckJSON() {
	fmt.Println(events.CheckJSON([]byte(`{"traits":{"email":"a@example.com","EMAIL":"b@example.com"}}`)))
	// Output: /traits/EMAIL: this key differs from another only in upper and lower case; send each key once
}

func ExampleCheckBatch() {
	messages, err := events.CheckBatch([]byte(`{"batch":[{"event":"A"},{"event":"B","event":"C"}]}`), "batch")
	fmt.Println(len(messages), err)
	fmt.Println(string(messages[0].Raw), messages[0].Fault == nil)
	fmt.Println(messages[1].Fault)
	// Output:
	// 2 <nil>
	// {"event":"A"} true
	// /batch/1/event: this key is there twice; send each key once
}
