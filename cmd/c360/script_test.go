package main

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScript runs the command line as people type it. $ADDR is a free address.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			e.Setenv("ADDR", l.Addr().String())
			return l.Close()
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"ready": ready, "settled": settled, "judged": judged, "waitfor": waitfor, "future": future, "sql": sql, "follow": follow},
	})
}

// ready waits until c360 at the address in its argument answers.
func ready(ts *testscript.TestScript, _ bool, args []string) {
	for range 2000 {
		res, err := http.Get("http://" + args[0] + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("c360 at %s did not get ready", args[0])
}

// settled waits until the c360 at the address in its argument has folded all that it took in.
func settled(ts *testscript.TestScript, _ bool, args []string) {
	for range 2000 {
		var at struct{ Position, Head int64 }
		res, err := http.Get("http://" + args[0] + "/v1/projections")
		ts.Check(err)
		err = json.NewDecoder(res.Body).Decode(&at)
		res.Body.Close()
		ts.Check(err)
		if at.Position == at.Head {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("c360 at %s did not catch up", args[0])
}

// judged waits until the c360 at the address in its argument has judged everybody under every segment.
func judged(ts *testscript.TestScript, _ bool, args []string) {
	for range 2000 {
		var a struct{ Segments []struct{ Left any } }
		res, err := http.Get("http://" + args[0] + "/v1/segments")
		ts.Check(err)
		err = json.NewDecoder(res.Body).Decode(&a)
		res.Body.Close()
		ts.Check(err)
		left := 0
		for _, s := range a.Segments {
			if s.Left != nil {
				left++
			}
		}
		if left == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("c360 at %s did not judge everybody", args[0])
}

// TestReadme types what the README tells people to type, in both languages.
func TestReadme(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"README.md", "README.ko.md"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("../..", name))
			if err != nil {
				t.Fatal(err)
			}
			blocks := shellBlocks(string(text))
			serve, curl := blockWith(t, blocks, "c360 serve"), blockWith(t, blocks, "curl ")
			sources := between(t, serve, `--sources "`, `"`)
			dir := t.TempDir()
			p := startProcess(t, filepath.Join(dir, "data/mine"), sources)
			for range 2 { // sending it again changes nothing
				runShell(t, strings.ReplaceAll(curl, "http://127.0.0.1:3600", p.base))
			}
			p.settle()
			var found struct{ Customers []struct{ ID string } }
			p.get("/v1/customers?identifier=phone:010-0482-7730", &found)
			if len(found.Customers) != 1 {
				t.Fatalf("%d customers have the README's phone number, want 1", len(found.Customers))
			}
			if got := p.customer(found.Customers[0].ID); got.revenue != 42000 || len(got.timeline) != 1 {
				t.Errorf("the README's customer spent %d in %d events, want 42000 in 1", got.revenue, len(got.timeline))
			}
			here := strings.NewReplacer("bin/c360", "c360", "data/mine", filepath.Join(dir, "data/mine"))
			for _, running := range []string{"c360 segments", "c360 whatif"} {
				runShell(t, "export C360_URL="+p.base+"\ncd "+dir+"\n"+here.Replace(blockWith(t, blocks, running)))
			}
			p.kill()
			runShell(t, "cd "+dir+"\n"+here.Replace(blockWith(t, blocks, "c360 export")))
			for _, made := range []string{"may.db", "training.db", "history/manifest.json"} {
				if _, err := os.Stat(filepath.Join(dir, made)); err != nil {
					t.Errorf("the README's look back made no %s: %v", made, err)
				}
			}
			for _, verb := range []string{"make run", "make test"} {
				blockWith(t, blocks, verb)
			}
		})
	}
}

func shellBlocks(text string) []string {
	var blocks []string
	for part := range strings.SplitSeq(text, "```sh\n") {
		if block, _, ok := strings.Cut(part, "```"); ok {
			blocks = append(blocks, block)
		}
	}
	return blocks
}

func blockWith(t *testing.T, blocks []string, what string) string {
	t.Helper()
	for _, b := range blocks {
		if strings.Contains(b, what) {
			return b
		}
	}
	t.Fatalf("no shell block has %q", what)
	return ""
}

func between(t *testing.T, s, from, to string) string {
	t.Helper()
	_, s, ok := strings.Cut(s, from)
	s, _, ok2 := strings.Cut(s, to)
	if !ok || !ok2 {
		t.Fatalf("nothing between %s and %s", from, to)
	}
	return s
}

func runShell(t *testing.T, script string) {
	t.Helper()
	out, err := exec.Command("sh", "-ec", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s (curl is one of the test dependencies: make test-deps)", err, out)
	}
}
