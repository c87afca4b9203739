// Package deploy_test checks what c360 is deployed with, without a container engine: each file is read by the program
// that will read it (helm, promtool, nginx, systemd, the reader of compose files), and what the files say about c360 is
// compared with c360 itself: its flags, their environment twins, its routes, its metrics.
//
// The programs come from `make deploy-check`, which fails if one is missing. In a plain `go test` a program that is
// missing is no failure, but the test says what it has not run.
package deploy_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// full says that nothing may be left out: make deploy-check sets it.
func full() bool { return os.Getenv("C360_DEPLOY_CHECK") != "" }

var built struct {
	once     sync.Once
	dir, log string
	err      error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// c360 is the path of the program, built from this tree.
func c360(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "c360-deploy-"); built.err != nil {
			return
		}
		out, err := exec.Command("go", "build", "-o", built.dir+"/c360", "../cmd/c360").CombinedOutput()
		built.log, built.err = string(out), err
	})
	if built.err != nil {
		t.Fatalf("build c360: %v\n%s", built.err, built.log)
	}
	return built.dir + "/c360"
}

// tool finds a program that make deploy-check brings, or that the machine has. Without it the test says what it leaves out.
func tool(t *testing.T, name, whatFor string) (path string, ok bool) {
	t.Helper()
	brought, err := filepath.Abs("../.cache/bin/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(brought); err == nil {
		return brought, true
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, true
	}
	if full() {
		t.Fatalf("%s is missing, and with it: %s", name, whatFor)
	}
	t.Logf("NOT RUN, because %s is missing (make deploy-check brings it): %s", name, whatFor)
	return "", false
}

// run runs a program and gives what it said; it must end well.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return string(out)
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// serving is a c360 that runs.
type serving struct {
	base string
	cmd  *exec.Cmd
	said *bytes.Buffer
}

// serve starts c360 serve with an environment and nothing else, at an address of its own choice, until it is ready.
func serve(t *testing.T, environment ...string) *serving {
	t.Helper()
	cmd := exec.Command(c360(t), "serve")
	cmd.Env = append(slices.Clone(environment), "C360_DATA="+t.TempDir(), "C360_LISTEN=127.0.0.1:0")
	return start(t, cmd)
}

var readyLine = regexp.MustCompile(`(?m)^c360 is ready: (http://\S+)`)

// start starts a program that is c360 serve and waits until it says where it listens, and then until it is ready.
func start(t *testing.T, cmd *exec.Cmd) *serving {
	t.Helper()
	s := &serving{cmd: cmd, said: &bytes.Buffer{}}
	cmd.Stderr = s.said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(t) })
	late := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	lines := bufio.NewScanner(out)
	for s.base == "" && lines.Scan() {
		if m := readyLine.FindStringSubmatch(lines.Text()); m != nil {
			s.base = m[1]
		}
	}
	if s.base == "" {
		t.Fatalf("c360 did not start: %v: %s", cmd.Wait(), s.said)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	await(t, s.base+"/readyz")
	return s
}

// stop ends it as an engine of containers would.
func (s *serving) stop(t *testing.T) {
	t.Helper()
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("c360 ended with %v: %s", err, s.said)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// await asks an address until it answers with 200.
func await(t *testing.T, url string) {
	t.Helper()
	last := "nobody listens"
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		res, err := http.Get(url)
		if err != nil {
			continue
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return
		}
		last = res.Status + " " + string(body)
	}
	t.Fatalf("%s: %s", url, last)
}

var flagLine = regexp.MustCompile(`(?m)^  -([a-z-]+)`)

// flags are those of a subcommand, from its own help.
func flags(t *testing.T, verb ...string) map[string]bool {
	t.Helper()
	all := map[string]bool{"help": true}
	for _, f := range flagLine.FindAllStringSubmatch(run(t, c360(t), append(slices.Clone(verb), "--help")...), -1) {
		all[f[1]] = true
	}
	return all
}

// twins are the environment twins of the flags of c360 serve.
func twins(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for f := range flags(t, "serve") {
		all["C360_"+strings.ToUpper(strings.ReplaceAll(f, "-", "_"))] = true
	}
	return all
}

var verbLine = regexp.MustCompile(`(?m)^  c360 ([a-z]+) `)

func verbs(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{"help": true}
	for _, v := range verbLine.FindAllStringSubmatch(run(t, c360(t), "help"), -1) {
		all[v[1]] = true
	}
	return all
}
