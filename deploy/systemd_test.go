package deploy_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

const unit = "systemd/c360.service"

// setting is the value of a line of the unit.
func setting(t *testing.T, name string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^` + name + `=(.*)$`).FindStringSubmatch(read(t, unit))
	if m == nil {
		t.Errorf("%s: no %s=", unit, name)
		return ""
	}
	return m[1]
}

// TestUnit: what systemd is told agrees with what c360 does.
func TestUnit(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"DynamicUser": "yes", "StateDirectory": "c360", "Environment": "C360_DATA=/var/lib/c360", "ProtectSystem": "strict",
		"NoNewPrivileges": "yes", "Restart": "on-failure", "RestartPreventExitStatus": "2", "KillSignal": "SIGTERM", "ExecStart": "/usr/local/bin/c360 serve",
	} {
		if got := setting(t, name); got != want {
			t.Errorf("%s=%s, want %s", name, got, want)
		}
	}
	stop, err := time.ParseDuration(setting(t, "TimeoutStopSec") + "s")
	if err != nil || stop < 30*time.Second {
		t.Errorf("TimeoutStopSec: %v, %v; draining and the requests under way need 30 s", stop, err)
	}
	if setting(t, "MemoryMax") == "" {
		t.Error("no MemoryMax")
	}
}

// TestUnitServes: c360 takes the environment of the example beside the unit.
func TestUnitServes(t *testing.T) {
	t.Parallel()
	serve(t, settings(t, "systemd/c360.env.example")...)
}

// TestUnitBySystemd: systemd itself takes the unit, and finds little that it could still close.
func TestUnitBySystemd(t *testing.T) {
	t.Parallel()
	analyze, ok := tool(t, "systemd-analyze", "systemd-analyze verify, systemd-analyze security")
	if !ok {
		return
	}
	mine := written(t, "c360.service", strings.Replace(read(t, unit), "ExecStart=/usr/local/bin/c360", "ExecStart="+c360(t), 1))
	if said := run(t, analyze, "verify", mine); said != "" {
		t.Errorf("systemd-analyze verify: %s", said)
	}
	said := run(t, analyze, "security", "--offline=true", "--threshold=15", "--no-pager", mine)
	lines := strings.Split(strings.TrimSpace(said), "\n")
	t.Log(lines[len(lines)-1])
}
