package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// written is the path of a file with a text, in a folder of the test's own.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// texts are all files of deploy/ that are not tests.
func texts(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for file := range strings.Lines(run(t, "git", "ls-files", "--cached", "--others", "--exclude-standard", ".")) {
		file = strings.TrimSpace(file)
		if _, err := os.Stat(file); err == nil && !strings.HasSuffix(file, ".go") {
			all[file] = read(t, file)
		}
	}
	return all
}

// ofCompose are settings of the compose files, not of c360; ofTests are those of the tests here.
var (
	ofCompose = []string{"C360_IMAGE", "C360_PORT"}
	ofTests   = []string{"C360_DEPLOY_CHECK"}
)

var variable = regexp.MustCompile(`\bC360_[A-Z0-9_]*[A-Z0-9]`)

// TestSettingsExist: every C360_… that deploy/ speaks of is the twin of a flag that c360 serve has.
func TestSettingsExist(t *testing.T) {
	t.Parallel()
	known := twins(t)
	known["C360_URL"] = flags(t, "health")["url"]
	for file, text := range texts(t) {
		for _, name := range variable.FindAllString(text, -1) {
			if !known[name] && !slices.Contains(ofCompose, name) && !slices.Contains(ofTests, name) {
				t.Errorf("%s: %s is the twin of no flag", file, name)
			}
		}
	}
}

var (
	// command is c360 with a word behind it, and all up to the end of the command.
	command = regexp.MustCompile("c360 ([a-z]+)([^`\\n;|,.)\"#]*)")
	// shown is what is certainly meant as a command: in backquotes, or alone on a line of a block or a comment.
	shown  = regexp.MustCompile("(?m)(?:`|^ *(?:#   |\\$ )?(?:bin/|/)?)c360 ([a-z]+)")
	dashed = regexp.MustCompile(`(?:^|\s)--([a-z][a-z-]*)`)
)

// TestCommandsExist: every command that deploy/ tells somebody to type exists, with its flags.
func TestCommandsExist(t *testing.T) {
	t.Parallel()
	known, of, n := verbs(t), map[string]map[string]bool{}, 0
	for file, text := range texts(t) {
		for _, m := range shown.FindAllStringSubmatch(text, -1) {
			if !known[m[1]] && strings.HasSuffix(file, ".md") {
				t.Errorf("%s: there is no c360 %s", file, m[1])
			}
		}
		for _, m := range command.FindAllStringSubmatch(text, -1) {
			if !known[m[1]] || m[1] == "help" {
				continue
			}
			verb := []string{m[1]}
			if m[1] == "log" && strings.HasPrefix(m[2], " copy") {
				verb = []string{"log", "copy"}
			}
			name := strings.Join(verb, " ")
			if of[name] == nil {
				of[name] = flags(t, verb...)
			}
			for _, f := range dashed.FindAllStringSubmatch(m[2], -1) {
				if n++; !of[name][f[1]] {
					t.Errorf("%s: c360 %s has no flag --%s", file, name, f[1])
				}
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d flags were found in deploy/; the search is wrong", n)
	}
}
