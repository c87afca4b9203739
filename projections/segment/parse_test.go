package segment_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
)

var update = roomtest.UpdateFlag()

// golden calls show with every line of a file of cases and compares all it says with the golden file beside it.
func golden(t *testing.T, name string, show func(line string) string) {
	t.Helper()
	var got strings.Builder
	for _, line := range lines(t, name+".txt") {
		fmt.Fprintf(&got, "%s\n%s\n", line, show(line))
	}
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got); run go test -update if it is meant\n%s", path, diff)
	}
}

func lines(t testing.TB, name string) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all
}

// TestRules reads rules, and reads what they are written as again.
func TestRules(t *testing.T) {
	t.Parallel()
	v := words(t)
	golden(t, "rules", func(line string) string {
		rule, err := segment.Parse([]byte(line), v)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		again, err := segment.Parse(rule.JSON(), v)
		if err != nil || !bytes.Equal(again.JSON(), rule.JSON()) || again.Hash() != rule.Hash() {
			t.Errorf("%s: read again it is %s: %v", rule.JSON(), again.JSON(), err)
		}
		w := compile(t, v, line).Explain(history.Merge(), start).Root.Words
		return fmt.Sprintf("  = %s\n  ko %s\n  en %s", rule.JSON(), w.Ko, w.En)
	})
}

// TestErrors reads what is no rule.
func TestErrors(t *testing.T) {
	t.Parallel()
	v := words(t)
	golden(t, "errors", func(line string) string {
		_, err := segment.Parse([]byte(line), v)
		var fault *segment.RuleError
		if !errors.As(err, &fault) {
			t.Fatalf("%s: %v; want a RuleError", line, err)
		}
		return fmt.Sprintf("  %s: %s", fault.Pointer, fault.Message)
	})
}

func TestBounds(t *testing.T) {
	t.Parallel()
	v := words(t)
	tier := `{"trait":"tier","is":"gold"}`
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"199 conditions below one": {`{"all":[` + strings.Repeat(tier+",", 198) + tier + `]}`, true},
		"200 conditions below one": {`{"all":[` + strings.Repeat(tier+",", 199) + tier + `]}`, false},
		"16 levels":                {strings.Repeat(`{"not":`, 15) + tier + strings.Repeat("}", 15), true},
		"17 levels":                {strings.Repeat(`{"not":`, 16) + tier + strings.Repeat("}", 16), false},
		"a value of 256 bytes":     {`{"trait":"tier","is":"` + strings.Repeat("x", 256) + `"}`, true},
		"a value of 257 bytes":     {`{"trait":"tier","is":"` + strings.Repeat("x", 257) + `"}`, false},
		"100 values":               {`{"trait":"tier","in":["x"` + strings.Repeat(`,"x"`, 99) + `]}`, true},
		"101 values":               {`{"trait":"tier","in":["x"` + strings.Repeat(`,"x"`, 100) + `]}`, false},
		"5 years":                  {`{"event":"page.viewed","within":"5y"}`, true},
		"a day more":               {`{"event":"page.viewed","within":"1826d"}`, false},
		"5 steps":                  {`{"sequence":[{"event":"page.viewed"}` + strings.Repeat(`,{"event":"page.viewed"}`, 4) + `]}`, true},
		"6 steps":                  {`{"sequence":[{"event":"page.viewed"}` + strings.Repeat(`,{"event":"page.viewed"}`, 5) + `]}`, false},
	} {
		if _, err := segment.Parse([]byte(c.text), v); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnknownTypes may be spoken of if the log holds them, if the rule says so, or if the rule was accepted before.
func TestUnknownTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		v    segment.Vocabulary
		ok   bool
	}{
		{`{"event":"custom.song_played"}`, words(t), true},
		{`{"event":"custom.other"}`, words(t), false},
		{`{"event":"custom.other","custom":true}`, words(t), true},
		{`{"event":"custom.other"}`, segment.Vocabulary{Any: true}, true},
		{`{"event":"page.viewed"}`, segment.Vocabulary{}, false},
	} {
		if _, err := segment.Parse([]byte(c.text), c.v); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.text, err)
		}
	}
}

func TestOtherSegments(t *testing.T) {
	t.Parallel()
	v := words(t)
	rules := map[string]string{
		"a": `{"all":[{"trait":"tier","is":"gold"},{"segment":"b"}]}`, "b": `{"not":{"segment":"c"}}`, "c": `{"segment":"a"}`,
		"fine": `{"any":[{"segment":"leaf"},{"not":{"segment":"leaf"}}]}`, "leaf": `{"trait":"tier","exists":true}`, "lost": `{"any":[{"segment":"nowhere"}]}`,
	}
	for i := range 10 {
		rules[fmt.Sprint("deep", i)] = fmt.Sprintf(`{"segment":"deep%d"}`, i+1)
	}
	find := func(name string) (*segment.Rule, bool) {
		r, err := segment.Parse([]byte(rules[name]), v)
		return r, err == nil
	}
	for name, want := range map[string]string{
		"fine": "",
		"c":    "rule: the segments speak of each other in a circle: a → b → c → a; take one of them out",
		"b":    "rule: /not: the segments speak of each other in a circle: c → a → b → c; take one of them out",
		"lost": "rule: /any/0: there is no segment nowhere; define it first, or take it out",
		"deep0": "rule: more than 8 segments speak of each other in a row: deep1 → deep2 → deep3 → deep4 → deep5 → deep6 → deep7 → deep8 → deep9; " +
			"write their conditions out",
	} {
		rule, _ := find(name)
		if _, err := segment.Compile(rule, find); fmt.Sprint(err) != want && (err != nil || want != "") {
			t.Errorf("%s: %v; want %s", name, err, want)
		}
	}
	rule, _ := find("fine")
	if diff := cmp.Diff([]string{"leaf"}, rule.Needs()); diff != "" {
		t.Error(diff)
	}
	_, err := rule.Compile(func(name string) (standing.Rule, bool) { r, ok := find(name); return r, ok })
	if err != nil {
		t.Error(err)
	}
	if _, err := rule.Compile(func(string) (standing.Rule, bool) { return nil, false }); err == nil {
		t.Error("compiled without the segment it speaks of")
	}
	if _, err := segment.Compile(rule, nil); err == nil {
		t.Error("compiled without any segments")
	}
}

// TestWrittenInOneWay reads what drawn rules are written as again: it is the same text and the same rule.
func TestWrittenInOneWay(t *testing.T) {
	t.Parallel()
	v := words(t)
	rapid.Check(t, func(t *rapid.T) {
		d := roll(t)
		p, h := compile(t, v, drawRule(d, 3)), drawHistory(d, 20)
		again := compile(t, v, string(p.Rule().JSON()))
		if again.Rule().Hash() != p.Rule().Hash() {
			t.Fatalf("%s\n%s", p.Rule().JSON(), again.Rule().JSON())
		}
		for _, at := range instants(h) {
			a, dueA := p.At(h, at)
			if b, dueB := again.At(h, at); a != b || dueA != dueB {
				t.Fatalf("%s\nat %d: %v, %v", p.Rule().JSON(), at, a, b)
			}
		}
	})
}

// FuzzParse reads anything. What is a rule is written, read again and asked about somebody of whom nothing is known.
func FuzzParse(f *testing.F) {
	v := words(f)
	for _, name := range []string{"rules.txt", "errors.txt"} {
		for _, line := range lines(f, name) {
			f.Add([]byte(line))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rule, err := segment.Parse(data, v)
		if err != nil {
			var fault *segment.RuleError
			if !errors.As(err, &fault) || fault.Message == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		if err := events.CheckJSON(rule.JSON()); err != nil {
			t.Fatalf("%s: %v", rule.JSON(), err)
		}
		again, err := segment.Parse(rule.JSON(), v)
		if err != nil || again.Hash() != rule.Hash() {
			t.Fatalf("%s: %v", rule.JSON(), err)
		}
		nobody := func(string) (*segment.Rule, bool) { return again, false }
		p, err := segment.Compile(rule, nobody)
		if err != nil {
			return // it speaks of segments that are not there
		}
		h := history.Merge()
		if in, due := p.At(h, start); due <= start || in != p.Explain(h, start).Root.Passed {
			t.Fatalf("%s: in %v, due %d", rule.JSON(), in, due)
		}
	})
}
