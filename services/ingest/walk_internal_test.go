package ingest

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestWalk(t *testing.T) {
	t.Parallel()
	d := newDoc([]byte(" { \"a\" : \"x\\\"y\" ,\n\"b\\u0063\":[1, {\"z\":\"]}\"} ,\"\\\\\"], \"n\":null,\"e\":\"\",\"o\":{},\"num\":-1.5e3 } "))
	want := map[string]string{"a": `"x\"y"`, "bc": `[1, {"z":"]}"} ,"\\"]`, "n": "null", "e": `""`, "o": "{}", "num": "-1.5e3"}
	got := map[string]span{}
	for c := d.members(d.whole()); c.next(); {
		got[string(c.name)] = c.at
		if raw := string(d.bytes(c.at)); raw != want[string(c.name)] {
			t.Errorf("%s is %s", c.name, raw)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("found %d members, want %d", len(got), len(want))
	}
	if d.string(got["a"]) != `x"y` || !d.absent(got["n"]) || !d.absent(got["e"]) || !d.absent(span{}) || d.absent(got["a"]) {
		t.Error("strings or absence are read wrongly")
	}
	if v, ok := d.scalar(got["num"]); !ok || v != "-1.5e3" {
		t.Errorf("the number is read as %q", v)
	}
	if _, ok := d.scalar(got["o"]); ok {
		t.Error("an object is a scalar")
	}
	elements := 0
	for c := d.elements(got["bc"]); c.next(); {
		elements++
	}
	if elements != 3 {
		t.Errorf("found %d elements, want 3", elements)
	}
}

// FuzzWalk compares the walk with a full decoder on everything the decoder accepts, and only asks that it ends on
// everything else.
func FuzzWalk(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"b":[{"c":"d\\\""}],"\u0061b":null}`, `[]`, `{}`, `{"a":{"b":{"c":[[[]]]}}}`, `{"a`, `{"a":`, `[1,`, `"\`, "", `{"a":"\\"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := newDoc(raw)
		var names []string
		var values [][]byte
		for c := d.members(d.whole()); c.next(); {
			names, values = append(names, string(c.name)), append(values, d.bytes(c.at))
		}
		var object map[string]jsontext.Value
		if !jsontext.Value(raw).IsValid() || d.kind(d.whole()) != '{' {
			return
		}
		object = decodeObject(t, raw)
		if len(object) != len(names) {
			t.Fatalf("%q: found %d members, want %d", raw, len(names), len(object))
		}
		for i, name := range names {
			if string(object[name]) != string(values[i]) {
				t.Fatalf("%q: %s is %s, want %s", raw, name, values[i], object[name])
			}
		}
	})
}

func decodeObject(t *testing.T, raw []byte) map[string]jsontext.Value {
	t.Helper()
	dec := jsontext.NewDecoder(bytes.NewReader(raw))
	out := map[string]jsontext.Value{}
	if _, err := dec.ReadToken(); err != nil {
		t.Fatal(err)
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			t.Fatal(err)
		}
		key := name.String()
		value, err := dec.ReadValue()
		if err != nil {
			t.Fatal(err)
		}
		out[key] = value.Clone()
	}
	return out
}
