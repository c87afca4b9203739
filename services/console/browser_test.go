package console_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const mendable = "; run make test-deps"

// TestInTheBrowser builds the app and c360, starts c360 on an empty folder and once more with the demo company, and lets
// web/e2e fill the first through the import route and look at both with a real Chromium. Each check is a subtest.
func TestInTheBrowser(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	env := append(os.Environ(), "C360_CHROMIUM="+needs(t))
	buildApp(ctx, t)
	binary := buildBinary(ctx, t)
	env = append(env, "C360_URL="+serve(ctx, t, binary), "C360_DEMO_URL="+company(ctx, t, binary))
	if testing.Short() {
		env = append(env, "C360_E2E_EVENTS=20000")
	}
	cmd := exec.CommandContext(ctx, "node", "e2e/run.mjs")
	cmd.Dir, cmd.Env = "web", env
	out, err := cmd.CombinedOutput()
	if !bytes.Contains(out, []byte("\ndone")) {
		t.Fatalf("the checks did not run to their end: %v\n%s", err, out)
	}
	report(t, out)
}

// report makes a subtest of every line "ok name | figures" or "not ok name | why".
func report(t *testing.T, out []byte) {
	t.Helper()
	checks := 0
	for text := range strings.SplitSeq(string(out), "\n") {
		passed, isPassed := strings.CutPrefix(text, "ok ")
		failed, isFailed := strings.CutPrefix(text, "not ok ")
		switch {
		case isPassed:
			failed = ""
		case isFailed:
			passed = ""
		default:
			continue
		}
		checks++
		name, rest, _ := strings.Cut(passed+failed, " | ")
		t.Run(name, func(t *testing.T) {
			if isFailed {
				t.Errorf("%s\nthe whole run:\n%s", rest, out)
				return
			}
			t.Log(rest)
		})
	}
	if checks < 20 {
		t.Errorf("only %d checks ran:\n%s", checks, out)
	}
}

// needs finds what the test cannot do without, and returns the browser.
func needs(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"node", "npm", "go"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is not installed, and the console is tested in a real browser%s", program, mendable)
		}
	}
	chromium := os.Getenv("C360_CHROMIUM")
	if chromium == "" {
		chromium = "/usr/bin/chromium"
	}
	if _, err := exec.LookPath(chromium); err != nil {
		t.Fatalf("no Chromium at %s: set C360_CHROMIUM, or%s", chromium, mendable[1:])
	}
	for _, pkg := range []string{"playwright-core", "axe-core", "vite"} {
		if _, err := os.Stat(filepath.Join("web/node_modules", pkg)); err != nil {
			t.Fatalf("the npm package %s is not installed in services/console/web%s", pkg, mendable)
		}
	}
	return chromium
}

// buildApp builds web/dist unless it is newer than everything it is made of.
func buildApp(ctx context.Context, t *testing.T) {
	t.Helper()
	if built, err := os.Stat("web/dist/index.html"); err == nil && !built.ModTime().Before(newestSource(t)) {
		return
	}
	cmd := exec.CommandContext(ctx, "npm", "run", "build")
	cmd.Dir = "web"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm run build: %v\n%s", err, out)
	}
}

func newestSource(t *testing.T) time.Time {
	t.Helper()
	var newest time.Time
	err := filepath.WalkDir("web", func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == "dist" || name == "e2e" || name == "dev" {
				return filepath.SkipDir
			}
			return nil
		}
		info, err := d.Info()
		if err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return newest
}

// buildBinary builds c360 with the app inside.
func buildBinary(ctx context.Context, t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "c360")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "../../cmd/c360").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// serve starts c360 on an empty folder and a free port, and returns its address once it is ready.
func serve(ctx context.Context, t *testing.T, binary string) string {
	t.Helper()
	return start(ctx, t, binary, "serve", "--sources", "web:WEBKEY:claimed,pos:POSKEY:asserted")
}

// company starts c360 with a small demo company that stands still, and returns its address once it is loaded.
func company(ctx context.Context, t *testing.T, binary string) string {
	t.Helper()
	return start(ctx, t, binary, "demo", "--customers", "400", "--rate", "0", "--open=false")
}

// start runs a verb of c360 that serves, and returns its address once it is ready.
func start(ctx context.Context, t *testing.T, binary, verb string, args ...string) string {
	t.Helper()
	args = append([]string{verb, "--data", t.TempDir(), "--listen", freePort(ctx, t)}, args...)
	cmd := exec.CommandContext(ctx, binary, args...)
	said := &bytes.Buffer{}
	cmd.Stderr = said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait() // its exit code is that of the interrupt
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, address, ready := strings.Cut(lines.Text(), "c360 is ready: "); ready {
			go func() { _, _ = io.Copy(io.Discard, out) }() // what it says later must not block it
			return answers(ctx, t, strings.TrimSpace(address))
		}
	}
	t.Fatalf("c360 %s did not start: %s", verb, said)
	return ""
}

func freePort(ctx context.Context, t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// answers makes sure that the address serves the app and not the page that says how to build it.
func answers(ctx context.Context, t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page := make([]byte, 2_000)
	n, _ := res.Body.Read(page)
	if !strings.Contains(string(page[:n]), `<div id="root">`) {
		t.Fatal(fmt.Errorf("%s does not serve the app: %s", address, page[:n]))
	}
	return address
}
