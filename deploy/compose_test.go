package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

var composeFiles = []string{"compose.embedded.yml", "compose.postgres.yml", "compose.nats.yml", "compose.eventstoredb.yml"}

// settings are those of the example with its placeholders filled in.
func settings(t *testing.T, path string) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(read(t, path)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, strings.ReplaceAll(line, "CHANGE-ME", "pSecret42"))
		}
	}
	return all
}

func compose(t *testing.T, file string, environment []string) (*types.Project, error) {
	t.Helper()
	opts, err := cli.NewProjectOptions([]string{file}, cli.WithEnv(environment), cli.WithResolvedPaths(true))
	if err != nil {
		t.Fatal(err)
	}
	return opts.LoadProject(t.Context())
}

// TestCompose: each file is what the compose specification takes, and every service is safe, pinned and asked how it is.
func TestCompose(t *testing.T) {
	t.Parallel()
	for _, file := range composeFiles {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			p, err := compose(t, file, settings(t, "c360.env.example"))
			if err != nil {
				t.Fatal(err)
			}
			for name := range p.Services {
				s := p.Services[name]
				checkService(t, p, &s)
			}
			checkFiles(t, p)
		})
	}
}

// TestComposeWantsSecrets: without keys and passwords a file says which is missing instead of starting with none.
func TestComposeWantsSecrets(t *testing.T) {
	t.Parallel()
	for _, file := range composeFiles {
		if _, err := compose(t, file, nil); err == nil || !strings.Contains(err.Error(), "deploy/.env") {
			t.Errorf("%s without deploy/.env: %v, want an error that names the file", file, err)
		}
		if secret := literal.FindString(read(t, file)); secret != "" {
			t.Errorf("%s holds a secret: %s", file, secret)
		}
	}
}

// literal finds a password in an address or a setting that is none of ${…}.
var literal = regexp.MustCompile(`(?i)(://[^\s/:]+:[^$\s][^\s]*@[^n]|(password|secret|token):\s*["']?[a-z0-9])`)

func checkService(t *testing.T, p *types.Project, s *types.ServiceConfig) {
	t.Helper()
	wrong := func(format string, args ...any) { t.Helper(); t.Errorf(s.Name+": "+format, args...) }
	if !pinned(s.Image) && s.Image != "c360:local" {
		wrong("image %s has no exact tag", s.Image)
	}
	if !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.CapAdd) > 0 || s.Privileged {
		wrong("keeps capabilities: drop %v, add %v, privileged %v", s.CapDrop, s.CapAdd, s.Privileged)
	}
	if !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
		wrong("may gain privileges: %v", s.SecurityOpt)
	}
	if s.HealthCheck == nil || len(s.HealthCheck.Test) < 2 || s.HealthCheck.Test[0] != "CMD" {
		wrong("has no health check of its own that does without a shell")
	}
	if s.MemLimit == 0 || s.Restart != types.RestartPolicyUnlessStopped {
		wrong("memory %d, restart %q", s.MemLimit, s.Restart)
	}
	if !s.ReadOnly && s.Name != "eventstoredb" { // .NET unpacks itself
		wrong("its root can be written to")
	}
	for _, port := range s.Ports {
		if port.HostIP != "127.0.0.1" {
			wrong("publishes %s on %q, which is more than loopback", port.Published, port.HostIP)
		}
	}
	for on, d := range s.DependsOn {
		if d.Condition != types.ServiceConditionHealthy || p.Services[on].HealthCheck == nil {
			wrong("does not wait until %s is healthy", on)
		}
	}
	if s.Image == "c360:local" {
		checkOurs(t, p, s)
	}
}

// checkOurs is about the services that run c360.
func checkOurs(t *testing.T, p *types.Project, s *types.ServiceConfig) {
	t.Helper()
	known := twins(t)
	for name := range s.Environment {
		if !known[name] {
			t.Errorf("%s: %s is the twin of no flag of c360 serve", s.Name, name)
		}
	}
	if !slices.Equal(s.HealthCheck.Test, []string{"CMD", "/c360", "health", "--ready"}) {
		t.Errorf("%s: health check %v", s.Name, s.HealthCheck.Test)
	}
	if s.StopGracePeriod == nil || time.Duration(*s.StopGracePeriod) < 30*time.Second {
		t.Errorf("%s: is cut off after %v; draining and the requests under way need 30 s", s.Name, s.StopGracePeriod)
	}
	for _, key := range []string{"C360_LOG", "C360_STORE", "C360_NATS"} {
		if v := s.Environment[key]; v != nil {
			checkHosts(t, p, s, *v)
		}
	}
}

var hostPort = regexp.MustCompile(`([a-z0-9-]+):(\d+)`)

// checkHosts: an engine's address names services that are there, on a network that both are on, and c360 waits for them.
func checkHosts(t *testing.T, p *types.Project, s *types.ServiceConfig, address string) {
	t.Helper()
	_, place, _ := strings.Cut(address, "://")
	if at := strings.LastIndex(place, "@"); at >= 0 {
		place = place[at+1:]
	}
	for _, m := range hostPort.FindAllStringSubmatch(place, -1) {
		engine, ok := p.Services[m[1]]
		if !ok {
			t.Errorf("%s: %s is no service", s.Name, m[1])
			continue
		}
		if _, waits := s.DependsOn[m[1]]; !waits {
			t.Errorf("%s: does not wait for %s", s.Name, m[1])
		}
		if !slices.ContainsFunc(networksOf(s), func(n string) bool { return slices.Contains(networksOf(&engine), n) }) {
			t.Errorf("%s: is on no network that %s is on", s.Name, m[1])
		}
	}
}

func networksOf(s *types.ServiceConfig) []string {
	var all []string
	for n := range s.Networks {
		all = append(all, n)
	}
	return all
}

// checkFiles: what a project takes from the tree is there.
func checkFiles(t *testing.T, p *types.Project) {
	t.Helper()
	for name, c := range p.Configs {
		if _, err := os.Stat(c.File); err != nil {
			t.Errorf("config %s: %v", name, err)
		}
	}
	for name := range p.Services {
		if b := p.Services[name].Build; b != nil {
			if _, err := os.Stat(filepath.Join(b.Context, b.Dockerfile)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestComposeEmbeddedServes: c360 takes the environment that the file for one machine gives it.
func TestComposeEmbeddedServes(t *testing.T) {
	t.Parallel()
	p, err := compose(t, "compose.embedded.yml", settings(t, "c360.env.example"))
	if err != nil {
		t.Fatal(err)
	}
	var environment []string
	for name, v := range p.Services["c360"].Environment {
		environment = append(environment, name+"="+*v)
	}
	serve(t, environment...)
}

// TestComposeByDocker: docker itself takes the files, where there is a docker with compose.
func TestComposeByDocker(t *testing.T) {
	t.Parallel()
	if err := dockerCompose("version"); err != nil {
		t.Logf("NOT RUN, because there is no docker with compose: docker compose config (the specification's own reader has read the files)")
		return
	}
	for _, file := range composeFiles {
		run(t, "docker", "compose", "--env-file", "c360.env.example", "-f", file, "config", "--quiet")
	}
}
