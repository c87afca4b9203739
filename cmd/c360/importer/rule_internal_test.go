package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

// made applies a rule, as a mapping would write it, to a JSON line.
func made(t *testing.T, rule, line string) (string, error) {
	t.Helper()
	m, err := ParseMapping([]byte(`{"type":"x.y","data":{"v":` + rule + `}}`))
	if err != nil {
		t.Fatalf("%s: %v", rule, err)
	}
	out, _, err := m.event(nil, place{node: &value{raw: []byte(line)}, line: 7, file: "set"}, []byte(line))
	if err != nil {
		return "", err
	}
	var event struct {
		Data map[string]json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(out, &event); err != nil {
		t.Fatalf("%s is not JSON: %v", out, err)
	}
	return string(event.Data["v"]), nil
}

func TestRules(t *testing.T) {
	t.Parallel()
	const line = `{"a":"x","n":12.50,"t":true,"no":null,"e":"","o":{"b":{"c":"deep"}},"w":"₩ 1,234,000","neg":"-3","d":"2026. 1. 2.",` +
		`"ms":1700000000123,"zip":"04512","l":[{"q":2,"p":"0.1"},{"q":3,"p":0.2},{"p":9}],"k":["a","b"],"dot.ted":"whole","u":"\ud55c\u0041"}`
	for _, c := range []struct{ rule, want string }{
		{`"{a}"`, `"x"`},
		{`"{n}"`, `12.50`},
		{`"{t}"`, `true`},
		{`"{o}"`, `{"b":{"c":"deep"}}`},
		{`"{o.b.c}"`, `"deep"`},
		{`"{dot.ted}"`, `"whole"`},
		{`"{u}!"`, `"한A!"`},
		{`"{a}-{o.b.c}-{#}-{@}"`, `"x-deep-7-set"`},
		{`"just text"`, `"just text"`},
		{`"{nowhere}"`, ``},
		{`"{no}"`, ``},
		{`"{e}"`, ``},
		{`"prefix-{e}"`, ``},
		{`["{e}", "{no}", "{a}"]`, `"x"`},
		{`{"from":"{a}","map":{"x":"y"}}`, `"y"`},
		{`{"from":"{a}","map":{"z":"y"},"default":"d"}`, `"d"`},
		{`{"from":"{e}","default":"d"}`, `"d"`},
		{`{"from":"{n}","as":"text"}`, `"12.50"`},
		{`{"from":"{w}","as":"number"}`, `1234000`},
		{`{"from":"{neg}","as":"integer","abs":true}`, `3`},
		{`{"from":"{zip}","as":"auto"}`, `"04512"`},
		{`{"from":"{t}","as":"boolean"}`, `true`},
		{`{"from":"{d}","as":"date"}`, `"2026-01-02"`},
		{`{"from":"{ms}","as":"date","layouts":["unixms"],"zone":"Asia/Seoul"}`, `"2023-11-14"`},
		{`{"from":"{a}","as":"number","lenient":true}`, ``},
		{`{"from":"{o.b.c}","first":2}`, `"de"`},
		{`{"from":"{l}","sum":["{q}","{p}"]}`, `0.8`},
		{`{"from":"{l}","each":{"x":"{q}","y":{"from":"{p}","as":"number"}}}`, `[{"x":2,"y":0.1},{"x":3,"y":0.2},{"y":9}]`},
		{`{"from":"{k}","each":{"sku":"{.}"}}`, `[{"sku":"a"},{"sku":"b"}]`},
		{`{"from":"{a}","only":["other.type"]}`, ``},
		{`{"from":"{a}","only":["x.y"]}`, `"x"`},
	} {
		if got, err := made(t, c.rule, line); err != nil || got != c.want {
			t.Errorf("%s makes %s (%v), want %s", c.rule, got, err, c.want)
		}
	}
}

func TestRulesThatRejectTheLine(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]string{
		`{"from":"{a}","map":{"z":"y"}}`:        `"x" is not in the map`,
		`{"from":"{a}","as":"number"}`:          "not a number",
		`{"from":"{h}","as":"number"}`:          "not a number",
		`{"from":"{n}","as":"integer"}`:         "whole number",
		`{"from":"{h}","as":"boolean"}`:         "neither yes nor no",
		`{"from":"{a}","as":"date"}`:            "not a time like",
		`{"from":"{l}","sum":["{q}"]}`:          "not a number",
		`{"from":"{big}","as":"number"}`:        "not a number",
		`{"from":["{e}","{a}"],"as":"integer"}`: "not a number",
	} {
		_, err := made(t, rule, `{"a":"x","n":1.5,"h":"0x10","big":"1e999999","l":[{"q":"two"}]}`)
		var f *fault
		if !errors.As(err, &f) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "v") {
			t.Errorf("%s: %v does not say %q", rule, err, want)
		}
	}
}

func TestMappingsThatAreWrong(t *testing.T) {
	t.Parallel()
	for mapping, want := range map[string]string{
		`{"type":"x","data":{"a":"{b"}}`:                             "write a place as {name}",
		`{"type":"x","data":{"a":"b}"}}`:                             "} without a {",
		`{"type":"x","data":{"a":{"map":{}}}}`:                       "from",
		`{"type":"x","data":{"a":[]}}`:                               "from",
		`{"type":"x","data":{"a":{"from":"{b}","as":"money"}}}`:      `as "money"`,
		`{"type":"x","data":{"a":{"from":"{b}","als":"text"}}}`:      "als",
		`{"type":"x","data":{"a":"{b}","a.b":"{c}"}}`:                "lies inside",
		`{"type":"x","data":{"a..b":"{b}"}}`:                         "not a name",
		`{"type":"x","identifiers":{"Phone":"{p}"}}`:                 `"Phone"`,
		`{"type":"x","time":{"from":"{t}","zone":"Korea/Gangnam"}}`:  "Asia/Seoul",
		`{"type":"x","format":"xml"}`:                                "ndjson or csv",
		`{"type":"x","csv":{"comma":"::"}}`:                          "one character",
		`{"type":"x","csv":{"header":3}}`:                            "list of names",
		`{"type":"x","skip":[{"in":["a"]}]}`:                         "from",
		`{"type":"x"} {"type":"y"}`:                                  "follows",
		`{"type":"x","data":{"a":{"from":"{b}","each":{"c":"{d"}}}}`: "write a place",
	} {
		if _, err := ParseMapping([]byte(mapping)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v does not say %q", mapping, err, want)
		}
	}
}

// FuzzMapping: no mapping and no line may break the client, and what it makes is always one line of JSON.
func FuzzMapping(f *testing.F) {
	f.Add(`{"type":"{t}","id":"{#}","data":{"a.b":"{x}","a.c":{"from":"{l}","each":{"q":"{.}"}}}}`, `{"t":"a.b","x":1,"l":[1,"2",{}]}`)
	f.Add(`{"type":{"from":"{t}","first":1,"map":{"C":"order.cancelled"}},"data":{"s":{"from":"{l}","sum":["{q}","{p}"]}}}`, `{"t":"C1","l":[{"q":2,"p":"1,000.5"}]}`)
	f.Add(`{"type":"x","data":{"v":{"from":"{*}","as":"auto"}}}`, `{"a\u0000":"\ud83d\ude00","b":[[],{"c":null}]}`)
	f.Add(`{"type":"x","time":{"from":"{a}","layouts":["unix"],"zone":"+09:00"},"skip":[{"from":"{a}","not_in":["1"]}]}`, `{"a":1}`)
	f.Fuzz(func(t *testing.T, mapping, line string) {
		m, err := ParseMapping([]byte(mapping))
		if err != nil || validJSON([]byte(line)) != nil {
			return
		}
		out, _, err := m.event(nil, place{node: &value{raw: []byte(line)}, line: 1}, []byte(line))
		if err != nil {
			return
		}
		if err := validJSON(out); err != nil || strings.Count(string(out), "\n") != 1 {
			t.Fatalf("%s and %s make %q: %v", mapping, line, out, err)
		}
	})
}

// FuzzScan: the quick scanner sees in any JSON what the standard library sees.
func FuzzScan(f *testing.F) {
	f.Add(`{"a":"\"}","b":[1,{"c":"]"}],"d":{} , "e" : -1e5 }`)
	f.Add(` { } `)
	f.Add(`{"":[[],[[]],""],"\\":"\\"}`)
	f.Fuzz(func(t *testing.T, line string) {
		if validJSON([]byte(line)) != nil {
			return
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &want); err != nil {
			return
		}
		v := &value{raw: []byte(line)}
		v.look()
		if len(v.members) != len(want) {
			t.Fatalf("%d members, want %d", len(v.members), len(want))
		}
		for _, m := range v.members {
			if string(want[m.name]) != string(m.node.raw) {
				t.Fatalf("%q is %s, want %s", m.name, m.node.raw, want[m.name])
			}
			var elements []json.RawMessage
			if m.node.raw.Kind() == '[' && (json.Unmarshal(m.node.raw, &elements) != nil || len(elements) != len(m.node.elements())) {
				t.Fatalf("%s has %d elements", m.node.raw, len(m.node.elements()))
			}
		}
	})
}

// FuzzCSV: every byte of a file is in exactly one record, whatever is in it; and where the standard library can
// read a file, it reads the same rows.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "a,b\r\n\"1\n,\"\"x\",2\r\n", "a,b\n1,\"2\n3,4\n", "a,b\n1,2", "a\n\"\"\n", "a,b\n1,\"2\"x\n3,4\n", "\xff,\n\x00", "a,b\n\n\n1,2\n", "a;b\n1;2",
		"a,b\n\"1,2\n3,\"4\"\n5,6\n", "\"\r\"", "a,b\n1,2\r", " \n0",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := newRecords(reader(content), formatCSV, CSV{Comma: ","})
		if err != nil {
			return
		}
		var rows [][]string
		good := true
		for line := 0; ; {
			before := r.offset
			rec, err := r.next()
			if err != nil {
				break
			}
			if rec.line <= line || r.offset <= before {
				t.Fatalf("record at line %d after line %d, offset %d after %d", rec.line, line, r.offset, before)
			}
			line = rec.line
			good = good && rec.err == nil
			rows = append(rows, rec.cells)
		}
		if r.offset != int64(len(content)) {
			t.Fatalf("%d of %d bytes were read", r.offset, len(content))
		}
		if good && !strings.Contains(string(content), "\r") {
			sameRows(t, content, rows)
		}
	})
}

func sameRows(t *testing.T, content []byte, rows [][]string) {
	t.Helper()
	std := csv.NewReader(strings.NewReader(string(content)))
	want, err := std.ReadAll()
	if err != nil || len(want) == 0 || strings.TrimSpace(strings.Join(want[0], "")) == "" {
		return // a blank line before the header is no header here
	}
	want = slices.DeleteFunc(want[1:], func(row []string) bool { return len(row) == 1 && strings.TrimSpace(row[0]) == "" })
	got := slices.DeleteFunc(rows, func(row []string) bool { return len(row) == 1 && row[0] == "" })
	if len(got) != len(want) {
		t.Fatalf("%d rows, the standard library has %d", len(got), len(want))
	}
	for i := range want {
		for k := range want[i] {
			if strings.TrimSpace(want[i][k]) != got[i][k] {
				t.Fatalf("row %d is %q, the standard library has %q", i, got[i], want[i])
			}
		}
	}
}

func reader(content []byte) *bufio.Reader { return bufio.NewReader(bytes.NewReader(content)) }
