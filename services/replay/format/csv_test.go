package format_test

import (
	"bytes"
	"encoding/csv"
	"testing"

	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

// TestFormulas writes what a spreadsheet would run, and what it would not.
func TestFormulas(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`=1+1`:                       `'=1+1`,
		`=HYPERLINK("http://e","x")`: `'=HYPERLINK("http://e","x")`,
		`+cmd|' /C calc'!A0`:         `'+cmd|' /C calc'!A0`,
		`-2+3`:                       `'-2+3`,
		`@SUM(A1)`:                   `'@SUM(A1)`,
		"\t=1":                       "'\t=1",
		"\r=1":                       "'\r=1",
		"\n=1":                       "'\n=1",
		`＝1+1`:                       `'＝1+1`,
		`-`:                          `'-`,
		`--1`:                        `'--1`,
		`+1.2.3`:                     `'+1.2.3`,
		`-1e5`:                       `'-1e5`,
		`-12`:                        `-12`,
		`+821012345678`:              `+821012345678`,
		`-0.5`:                       `-0.5`,
		`a=b`:                        `a=b`,
		`say "hi", you`:              `say "hi", you`,
		` =1`:                        ` =1`,
		"two\nlines":                 "two\nlines",
		`'quoted`:                    `'quoted`,
		``:                           ``,
		`010-0482-7730`:              `010-0482-7730`,
	} {
		if got := readCell(t, in); got != want {
			t.Errorf("the cell %q reads %q, want %q", in, got, want)
		}
	}
}

// readCell writes a text as a cell beside another one and reads it back as a program would.
func readCell(t *testing.T, s string) string {
	t.Helper()
	columns := []dataset.Column{{Name: "a", Type: dataset.Text}, {Name: "b", Type: dataset.Text}}
	var b bytes.Buffer
	w, err := format.NewCSV(&b, columns, true)
	if err != nil {
		t.Fatal(err)
	}
	rows := dataset.NewBatch(columns)
	copy(rows.Grow(), []dataset.Value{dataset.TextValue(s), dataset.TextValue("end")})
	if err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	rest, marked := bytes.CutPrefix(b.Bytes(), []byte("\ufeff"))
	if !marked {
		t.Fatal("there is no byte order mark")
	}
	r := csv.NewReader(bytes.NewReader(rest))
	r.TrimLeadingSpace = false
	lines, err := r.ReadAll()
	if err != nil || len(lines) != 2 || len(lines[1]) != 2 || lines[1][1] != "end" {
		t.Fatalf("%q does not read as a header and a row of two cells: %v %q", rest, err, lines)
	}
	return lines[1][0]
}
