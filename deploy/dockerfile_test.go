package deploy_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// instruction is one line of a Dockerfile: RUN npm ci, COPY --from=build /a /b, CMD ["serve"].
type instruction struct {
	name, rest string
	flags      map[string]string
}

// words are the arguments: those of the JSON form, or what stands between the spaces.
func (i instruction) words() []string {
	var list []string
	if json.Unmarshal([]byte(i.rest), &list) == nil {
		return list
	}
	return strings.Fields(i.rest)
}

// stage is what lies between two FROMs.
type stage struct {
	name, from string
	steps      []instruction
}

func (s *stage) all(name string) []instruction {
	return slices.DeleteFunc(slices.Clone(s.steps), func(i instruction) bool { return i.name != name })
}

func (s *stage) last(t *testing.T, name string) instruction {
	t.Helper()
	all := s.all(name)
	if len(all) == 0 {
		t.Fatalf("the last stage has no %s", name)
	}
	return all[len(all)-1]
}

var (
	comment = regexp.MustCompile(`(?m)^\s*#.*\n`)
	joined  = regexp.MustCompile(`\\\s*\n\s*`)
)

// dockerfile reads the part of the language that deploy/Dockerfile uses, and refuses the rest.
func dockerfile(t *testing.T) []*stage {
	t.Helper()
	var stages []*stage
	for line := range strings.Lines(joined.ReplaceAllString(comment.ReplaceAllString(read(t, "Dockerfile"), ""), " ")) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		i := parse(t, line)
		if i.name == "FROM" {
			w := append(i.words(), "AS", strconv.Itoa(len(stages)))
			stages = append(stages, &stage{from: w[0], name: w[2]})
			continue
		}
		stages[len(stages)-1].steps = append(stages[len(stages)-1].steps, i)
	}
	return stages
}

var known = []string{"FROM", "ARG", "ENV", "WORKDIR", "COPY", "RUN", "LABEL", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}

func parse(t *testing.T, line string) instruction {
	t.Helper()
	name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	i := instruction{name: name, flags: map[string]string{}}
	if !slices.Contains(known, name) || strings.Contains(rest, "<<") {
		t.Fatalf("Dockerfile: %q is not understood here", line)
	}
	for rest = strings.TrimSpace(rest); strings.HasPrefix(rest, "--"); rest = strings.TrimSpace(rest) {
		flag, after, _ := strings.Cut(rest, " ")
		key, value, _ := strings.Cut(flag[2:], "=")
		i.flags[key], rest = value, after
	}
	i.rest = rest
	return i
}

// pinned says whether an image's tag names one version down to its last number, or a digest.
func pinned(image string) bool {
	return regexp.MustCompile(`@sha256:[0-9a-f]{64}$|:v?\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?$`).MatchString(image) && !strings.Contains(image, "latest")
}

// TestDockerfile: the image is built from exact versions and holds c360 alone, which runs as nobody in particular.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	stages := dockerfile(t)
	for _, s := range stages[:len(stages)-1] {
		if !pinned(s.from) {
			t.Errorf("FROM %s has no exact tag", s.from)
		}
	}
	last := stages[len(stages)-1]
	if last.from != "scratch" || len(last.all("RUN")) > 0 {
		t.Errorf("the last stage is FROM %s with %d RUN; it should be scratch and hold nothing but c360", last.from, len(last.all("RUN")))
	}
	if u := last.last(t, "USER").rest; !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(u) {
		t.Errorf("USER %s: write numbers, so that Kubernetes can see that it is not root", u)
	}
	if v := last.last(t, "VOLUME").words(); !slices.Equal(v, []string{"/data"}) {
		t.Errorf("VOLUME %v", v)
	}
	check := parse(t, last.last(t, "HEALTHCHECK").rest)
	if !slices.Equal(check.words(), []string{"/c360", "health"}) {
		t.Errorf("HEALTHCHECK %v", check.words())
	}
	for _, name := range []string{"ENTRYPOINT", "CMD"} {
		if i := last.last(t, name); !strings.HasPrefix(i.rest, "[") {
			t.Errorf("%s %s needs a shell, and there is none", name, i.rest)
		}
	}
	for _, i := range last.all("ENV") {
		for _, pair := range i.words() {
			if key, _, _ := strings.Cut(pair, "="); !twins(t)[key] {
				t.Errorf("ENV %s is the twin of no flag of c360 serve", key)
			}
		}
	}
}

// TestDockerfileToolchains: the image is built by the Go that go.mod asks for and a Node that the console runs on.
func TestDockerfileToolchains(t *testing.T) {
	t.Parallel()
	asked := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../go.mod"))
	var from []string
	for _, s := range dockerfile(t) {
		from = append(from, s.from)
	}
	all := strings.Join(from, " ")
	if asked == nil || !strings.Contains(all, "golang:"+asked[1]+".") {
		t.Errorf("go.mod asks for go %v, the image is built from %s", asked, all)
	}
	if !strings.Contains(all, "node:20.") || !strings.Contains(read(t, "../services/console/web/package.json"), `"node": ">=20`) {
		t.Errorf("the console asks for another Node than %s", all)
	}
}

// buildContext lists what Dockerfile.dockerignore lets into the build, of the files that git knows.
func buildContext(t *testing.T) map[string]bool {
	t.Helper()
	patterns, err := ignorefile.ReadAll(strings.NewReader(read(t, "Dockerfile.dockerignore")))
	if err != nil {
		t.Fatal(err)
	}
	m, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]bool{}
	for file := range strings.Lines(run(t, "git", "-C", "..", "ls-files", "--cached", "--others", "--exclude-standard")) {
		file = strings.TrimSpace(file)
		out, err := m.MatchesOrParentMatches(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join("..", file)); err == nil && !out {
			in[file] = true
		}
	}
	return in
}

// TestDockerfileContext: all that c360 is built from goes into the build, and nothing that is secret, large or for tests.
func TestDockerfileContext(t *testing.T) {
	t.Parallel()
	in := buildContext(t)
	for _, file := range sources(t) {
		if !in[file] {
			t.Errorf("%s is needed and kept out", file)
		}
	}
	for file := range in {
		if strings.Contains(file, "/testdata/") || strings.HasSuffix(file, "_test.go") || strings.HasPrefix(path.Base(file), ".env") {
			t.Errorf("%s should stay out of the image's build", file)
		}
	}
	for _, s := range dockerfile(t) {
		for _, i := range s.all("COPY") {
			checkCopy(t, in, i)
		}
	}
}

// sources are the files of this module that the compiler takes for c360, with those that are embedded by name.
func sources(t *testing.T) []string {
	t.Helper()
	const form = `{{if .Module}}{{if .Module.Main}}{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}
{{end}}{{range .EmbedFiles}}{{$d}}/{{.}}
{{end}}{{end}}{{end}}`
	cmd := exec.Command("go", "list", "-deps", "-f", form, "../cmd/c360")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for file := range strings.Lines(string(out)) {
		file = strings.TrimPrefix(strings.TrimSpace(file), root+"/")
		if file != "" && !strings.HasPrefix(file, "services/console/web/dist/") { // built in the image
			all = append(all, file)
		}
	}
	if len(all) < 100 {
		t.Fatalf("c360 is made of %d files? that cannot be all", len(all))
	}
	return all
}

func checkCopy(t *testing.T, in map[string]bool, i instruction) {
	t.Helper()
	if i.flags["from"] != "" {
		return
	}
	for _, from := range i.words()[:len(i.words())-1] {
		found := in[from]
		for file := range in {
			found = found || strings.HasPrefix(file, from+"/")
		}
		if !found {
			t.Errorf("COPY %s: there is nothing of that name in the build's context", from)
		}
	}
}

// copyTree copies what lies at from, file or folder, except what leave says.
func copyTree(t *testing.T, from, to string, leave func(string) bool) {
	t.Helper()
	err := filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil || leave(p) {
			return err
		}
		rel, _ := filepath.Rel(from, p)
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		_ = os.MkdirAll(filepath.Dir(filepath.Join(to, rel)), 0o755)
		return os.WriteFile(filepath.Join(to, rel), text, info.Mode().Perm())
	})
	if err != nil {
		t.Fatal(err)
	}
}
