package value_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/projections/value"
)

func pad(id string) string { return strings.Repeat("0", 4-len(id)) + id }

func number(tb testing.TB, text string) float64 {
	tb.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func TestFittedReadsBackExactly(t *testing.T) {
	t.Parallel()
	lines, ok := cdnow(t)
	if !ok {
		return
	}
	for _, model := range value.Models() {
		f, err := holdout(t, lines, "1997-01-01", "1997-09-30", "1998-06-30").Fit(model)
		if err != nil {
			t.Fatal(err)
		}
		text, err := f.JSON()
		if err != nil {
			t.Fatal(err)
		}
		back, err := value.ParseFitted(text)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(f, back); d != "" {
			t.Errorf("%s: %s", model, d)
		}
	}
}

const wellFitted = `{"model":"bg_nbd","params":[{"name":"r","value":0.243,"std_err":0.0126,"low":0.219,"high":0.269},` +
	`{"name":"alpha","value":4.414},{"name":"a","value":0.793},{"name":"b","value":2.426}],"log_likelihood":-9582.4,` +
	`"log_likelihood_no_dropout":-9763.7,"customers":2357,"repeaters":946,"identifiable":{"ok":true,"why":{"ko":"","en":""}},` +
	`"calibrated_from":"1996-12-31T15:00:00Z","currency":"USD","spend":{"params":[{"name":"p","value":6.25},{"name":"q","value":3.74},` +
	`{"name":"gamma","value":15.44}],"log_likelihood":-4055.92,"customers":946,"mean":35.1,"correlation":0.06,` +
	`"identifiable":{"ok":true,"why":{"ko":"","en":""}}}}`

func TestParseFittedRefuses(t *testing.T) {
	t.Parallel()
	if _, err := value.ParseFitted([]byte(wellFitted)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"unknown field":      {`"customers":2357`, `"customers":2357,"colour":"red"`},
		"unknown in a param": {`"value":4.414`, `"value":4.414,"colour":"red"`},
		"unknown model":      {`"bg_nbd"`, `"crystal_ball"`},
		"no purchase model":  {`"bg_nbd"`, `"nbd"`},
		"wrong name":         {`"alpha"`, `"beta"`},
		"zero":               {`4.414`, `0`},
		"negative":           {`"value":3.74`, `"value":-3.74`},
		"too many repeaters": {`"repeaters":946`, `"repeaters":2358`},
		"said twice":         {`"customers":2357`, `"customers":2357,"customers":2357`},
		"not JSON":           {`{"model"`, `{model`},
	} {
		text := strings.Replace(wellFitted, change[0], change[1], 1)
		if text == wellFitted {
			t.Fatalf("%s changes nothing", name)
		}
		if f, err := value.ParseFitted([]byte(text)); err == nil {
			t.Errorf("%s was taken: %+v", name, f)
		}
	}
}

func FuzzParseFitted(f *testing.F) {
	f.Add([]byte(wellFitted))
	f.Add([]byte(`{"model":"pareto_nbd","params":[]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		fitted, err := value.ParseFitted(text)
		if err != nil {
			return
		}
		once, err := fitted.JSON()
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := value.ParseFitted(once)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, once)
		}
		twice, err := again.JSON()
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v\n%s\n%s", err, once, twice)
		}
	})
}
