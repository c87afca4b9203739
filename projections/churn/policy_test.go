package churn_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
)

// clock writes a time to the minute.
func clock(at int64) string { return time.UnixMicro(at).In(history.Zone).Format("2006-01-02 15:04") }

func TestZone(t *testing.T) {
	t.Parallel()
	if _, seconds := time.UnixMicro(0).In(history.Zone).Zone(); seconds*1_000_000 != churn.ZoneMicros {
		t.Errorf("history.Zone is %d s off UTC; the days of this package are not its days", seconds)
	}
}

func TestPolicyFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, pointer, says string }{
		{`{"version":1}`, "", "has 0 of rhythm"},
		{`{"version":1,"rhythm":{},"decline":{}}`, "", "has 2 of rhythm"},
		{`{"rhythm":{}}`, "/version", "give 1"},
		{`{"version":2,"rhythm":{}}`, "/version", "is 2"},
		{`{"version":1,"rhythm":{"factor":0}}`, "/rhythm/factor", "is 0; give 0.01 to 100"},
		{`{"version":1,"rhythm":{"factor":"2"}}`, "/rhythm/factor", "wrong kind"},
		{`{"version":1,"rhythm":{"fator":2}}`, "/rhythm/fator", "no such member"},
		{`{"version":1,"rhythm":{"gap":"mode"}}`, "/rhythm/gap", `"median" or "mean"`},
		{`{"version":1,"rhythm":{"gaps":3,"min_visits":5}}`, "/rhythm/min_visits", "give 2 to 4"},
		{`{"version":1,"rhythm":{"floor_days":50,"ceiling_days":20}}`, "/rhythm/ceiling_days", "give 50"},
		{`{"version":1,"rhythm":{},"Rhythm":{}}`, "/Rhythm", "upper and lower"},
		{`{"version":1,"rhythm":{},"version":1}`, "/version", "twice"},
		{`{"version":1,"decline":{"windows":0}}`, "/decline/windows", "is 0"},
		{`{"version":1,"decline":{"significance":0.9}}`, "/decline/significance", "0.5"},
		{`{"version":1,"decline":{"fall":1}}`, "/decline/fall", "0.99"},
		{`{"version":1,"model":{}}`, "/model/name", "pareto_nbd"},
		{`{"version":1,"counts":{"of":"purchases"},"model":{"name":"bg_nbd","parameters":{"r":1,"alpha":1,"a":1,"b":1}}}`, "/model/name", "mbg_nbd"},
		{`{"version":1,"counts":{"of":"purchases"},"model":{"name":"pareto_nbd","parameters":{"r":1}}}`, "/model/parameters", "has 1"},
		{`{"version":1,"counts":{"of":"purchases"},"model":{"name":"pareto_nbd","parameters":{"r":1,"alpha":1,"s":1,"b":1}}}`, "/model/parameters/beta", "is 0"},
		{`{"version":1,"counts":{"of":"visit"},"rhythm":{}}`, "/counts/of", "visits"},
		{`{"version":1,"counts":{"types":["page.viewed","message.sent"]},"rhythm":{}}`, "/counts/types/1", "by the company"},
		{`{"version":1,"counts":{"types":["page.viewed","page.viewed"]},"rhythm":{}}`, "/counts/types/1", "already"},
		{`{"version":1,"counts":{"types":["Page Viewed"]},"rhythm":{}}`, "/counts/types/0", "no type"},
		{`{"version":1,"counts":{"channels":["web","fax"]},"rhythm":{}}`, "/counts/channels/1", "web, app"},
		{`{"version":1,"counts":{"of":"purchases","types":["page.viewed"]},"rhythm":{}}`, "/counts/types", "leave it out"},
		{`{"version":1,"rhythm":{},"until_days":-1}`, "/until_days", "give 0"},
		{`{"version":1,"rhythm":{},"signals":{"complaint":9}}`, "/signals/complaint", "0 to 5"},
		{`{"version":1,"rhythm":{},"measured":{"label":"gone"}}`, "/measured/label", "no_visit"},
		{`{"version":1,"rhythm":{},"measured":{"label":"no_visit","horizon_days":60,"customers":1,"right":2}}`, "/measured", "fit together"},
		{`[]`, "", "wrong kind"},
		{`{"version":1,`, "", ""},
		{`{"version":1,"rhythm":{},"note":{"ko":"` + strings.Repeat("a", 20_000) + `"}}`, "", "16384"},
	} {
		_, err := churn.Parse([]byte(c.text))
		var fault *churn.PolicyError
		if !errors.As(err, &fault) {
			t.Errorf("%.80s: %v is no *PolicyError", c.text, err)
			continue
		}
		if c.says != "" && fault.Pointer != c.pointer || !strings.Contains(fault.Error(), c.says) {
			t.Errorf("%.80s: %v; want %q at %q", c.text, fault, c.says, c.pointer)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	got, err := churn.Parse([]byte(`{"version":1,"until_days":365,"rhythm":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(churn.Default(), got); diff != "" {
		t.Errorf("what is missing is not as in Default:\n%s", diff)
	}
}

func TestPolicyThereAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		policy := drawPolicy(t)
		text, err := policy.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		back, err := churn.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(policy, back); diff != "" {
			t.Fatalf("%s:\n%s", text, diff)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{rhythmText, declineText, modelText, `{"version":1,"rhythm":{"factor":1e9}}`, `{"version":1,"rhythm":null}`, `null`} {
		f.Add([]byte(text))
	}
	h := historyOf(append(visits(every(3, 0, 60)...), order(on(20), "a", 10), order(on(50), "b", 10))...)
	f.Fuzz(func(t *testing.T, text []byte) {
		policy, err := churn.Parse(text)
		if err != nil {
			var fault *churn.PolicyError
			if !errors.As(err, &fault) || fault.Problem == "" {
				t.Fatalf("%v is no *PolicyError", err)
			}
			return
		}
		p, err := churn.Compile(policy)
		if err != nil {
			t.Fatalf("parsed and not compiled: %v", err)
		}
		if _, due := p.At(h, on(90)); due <= on(90) {
			t.Fatalf("due %d", due)
		}
		once, err := policy.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		again, err := churn.Parse(once)
		if err != nil {
			t.Fatalf("written and not read: %v", err)
		}
		if twice, err := again.Marshal(); err != nil || string(twice) != string(once) {
			t.Fatalf("%s\n%s (%v)", once, twice, err)
		}
	})
}

// set opens a file of the public sets, or says loudly that it is not here.
func set(t *testing.T, name string) *os.File {
	t.Helper()
	root := os.Getenv("C360_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	file, err := os.Open(filepath.Join(root, name))
	if err != nil {
		t.Skipf("NOT RUN: there is no %s (%v); set C360_TEST_DATA to the folder of the public sets", name, err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}
