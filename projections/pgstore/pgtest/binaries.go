package pgtest

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// ErrMissing: the machine has no PostgreSQL server.
var ErrMissing = errors.New("no PostgreSQL server found in PATH, by pg_config or in /usr/lib/postgresql; run `make test-deps` to install one")

// binaries finds the folder that initdb and postgres are in; the newest, if the machine has several.
func binaries() (string, error) {
	for _, find := range []func() []string{fromPath, fromConfig, fromDebian} {
		for _, dir := range find() {
			if both(dir) {
				return dir, nil
			}
		}
	}
	return "", ErrMissing
}

func both(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

// fromPath follows links: initdb looks for its files beside itself.
func fromPath() []string {
	name, err := exec.LookPath("postgres")
	if err != nil {
		return nil
	}
	if name, err = filepath.EvalSymlinks(name); err != nil {
		return nil
	}
	return []string{filepath.Dir(name)}
}

func fromConfig() []string {
	out, err := exec.Command("pg_config", "--bindir").Output() //nolint:noctx // answers at once
	if err != nil {
		return nil
	}
	return []string{strings.TrimSpace(string(out))}
}

func fromDebian() []string {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // a pattern that is right
	slices.SortFunc(dirs, func(a, b string) int { return len(b) - len(a) + strings.Compare(b, a) })
	return dirs
}
