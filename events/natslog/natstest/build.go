package natstest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// binary returns the path of nats-server, of the version in go.mod. It is built once for a test run.
func binary(tb testing.TB) string {
	tb.Helper()
	path, err := build()
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// build is shared by the tests of a package, and, through the file it leaves, by packages.
var build = sync.OnceValues(func() (string, error) { //nolint:gochecknoglobals // once for a test run is the point
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "c360-test")
	path := filepath.Join(dir, "nats-server-"+server.VERSION)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	made := fmt.Sprintf("%s.%d", path, os.Getpid())
	out, err := exec.Command("go", "build", "-o", made, "github.com/nats-io/nats-server/v2").CombinedOutput() //nolint:gosec // a path of our own
	if err != nil {
		return "", errors.Join(fmt.Errorf("building nats-server: %s", out), err)
	}
	return path, os.Rename(made, path)
})
