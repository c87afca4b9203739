package deploy_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestRehearsal follows the Dockerfile without a container engine: the same COPY and RUN lines in folders instead of layers,
// with this machine's Node and Go, and then the last stage as a root of its own: no other file can be reached, and whom
// it runs as may write to /data and /tmp alone.
func TestRehearsal(t *testing.T) {
	t.Parallel()
	if !full() {
		t.Log("NOT RUN, because it takes minutes (make deploy-check does): every line of the Dockerfile, and c360 in the image's root")
		return
	}
	r := &rehearsal{dir: t.TempDir(), roots: map[string]string{}, in: buildContext(t)}
	stages := dockerfile(t)
	for _, s := range stages {
		r.build(t, s)
	}
	last := stages[len(stages)-1]
	if os.Getuid() != 0 {
		t.Log("NOT RUN, because only root can change root: c360 in the image's root")
		return
	}
	r.start(t, last)
}

type rehearsal struct {
	dir   string
	roots map[string]string // by the name of the stage
	in    map[string]bool
}

func (r *rehearsal) build(t *testing.T, s *stage) {
	t.Helper()
	root := filepath.Join(r.dir, s.name)
	r.roots[s.name] = root
	at, environment := "/", os.Environ()
	for _, i := range s.steps {
		switch i.name {
		case "WORKDIR":
			at = i.rest
			_ = os.MkdirAll(root+at, 0o755)
		case "ARG":
			environment = append(environment, "VERSION=rehearsed")
		case "ENV":
			environment = append(environment, i.words()...)
		case "COPY":
			r.copy(t, root, at, i)
		case "RUN":
			r.run(t, root, at, environment, i.rest)
		}
	}
}

// copy follows a COPY: from the build's context, from another stage, or from what the image of that stage has (/etc).
func (r *rehearsal) copy(t *testing.T, root, at string, i instruction) {
	t.Helper()
	words := i.words()
	to := words[len(words)-1]
	for _, from := range words[:len(words)-1] {
		target := place(root, at, to)
		if strings.HasSuffix(to, "/") && r.in[from] { // a file; of a folder it is what lies in it
			target = filepath.Join(target, filepath.Base(from))
		}
		if stage := i.flags["from"]; stage != "" {
			source := r.roots[stage] + from
			if strings.HasPrefix(from, "/etc/") {
				source = from
			}
			copyTree(t, source, target, func(string) bool { return false })
			continue
		}
		for file := range r.in {
			if file == from || strings.HasPrefix(file, from+"/") {
				copyTree(t, filepath.Join("..", file), filepath.Join(target, strings.TrimPrefix(file, from)), func(string) bool { return false })
			}
		}
	}
}

func place(root, at, to string) string {
	if strings.HasPrefix(to, "/") {
		return root + to
	}
	return filepath.Join(root+at, to)
}

// run follows a RUN in the folder of its stage; /out lies in it too.
func (r *rehearsal) run(t *testing.T, root, at string, environment []string, line string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", strings.ReplaceAll(line, "/out", root+"/out"))
	cmd.Dir, cmd.Env = root+at, environment
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("RUN %s: %v\n%s", line, err, out)
	}
	t.Logf("RUN %s", line)
}

// start runs the image's program in the image's root as the image's account, and asks it what the image asks it.
func (r *rehearsal) start(t *testing.T, last *stage) {
	t.Helper()
	root := r.roots[last.name]
	for _, i := range last.all("COPY") {
		if i.flags["chown"] == "65532:65532" {
			if err := os.Chown(root+i.words()[1], 65532, 65532); err != nil {
				t.Fatal(err)
			}
		}
	}
	for dir := root; dir != "/"; dir = filepath.Dir(dir) { // the test's own folder is closed to others
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o005 != 0o005 {
			_ = os.Chmod(dir, 0o755)
		}
	}
	inside := func(more string, args ...string) *exec.Cmd {
		cmd := exec.Command(last.last(t, "ENTRYPOINT").words()[0], args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
		cmd.Dir, cmd.Err = "/", nil // the path is looked up in the root that it gets
		cmd.Env = append(last.last(t, "ENV").words(), "C360_SOURCES=web:KEY:claimed", more)
		return cmd
	}
	c := start(t, inside("C360_LISTEN=127.0.0.1:0", last.last(t, "CMD").words()...))
	check := parse(t, last.last(t, "HEALTHCHECK").rest).words()[1:]
	if out, err := inside("C360_URL="+c.base, check...).CombinedOutput(); err != nil || string(out) != "ok\n" {
		t.Errorf("the health check of the image: %v %s", err, out)
	}
	checkConsole(t, c.base)
	checkOnlyData(t, root)
	c.stop(t)
	info, err := os.Stat(root + "/c360")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the image holds %d MiB", info.Size()>>20)
}

// checkConsole: the console of the first stage is in the program of the second.
func checkConsole(t *testing.T, base string) {
	t.Helper()
	res, err := http.Get(base + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("the console answers %s %s", res.Status, res.Header.Get("Content-Type"))
	}
}

// checkOnlyData: c360 has written nowhere but where a read-only root still lets it.
func checkOnlyData(t *testing.T, root string) {
	t.Helper()
	err := filepath.Walk(root, func(p string, info os.FileInfo, err error) error {
		stat, _ := info.Sys().(*syscall.Stat_t)
		rel := strings.TrimPrefix(p, root)
		if stat.Uid == 65532 && !strings.HasPrefix(rel, "/data") && !strings.HasPrefix(rel, "/tmp") {
			t.Errorf("%s belongs to the account that c360 runs as", rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
