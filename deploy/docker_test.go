package deploy_test

import (
	"errors"
	"os/exec"
	"testing"
)

func dockerCompose(args ...string) error {
	return exec.Command("docker", append([]string{"compose"}, args...)...).Run()
}

// TestImageByDocker builds the image and lets it say its version, where a container engine answers.
func TestImageByDocker(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("docker", "info").CombinedOutput(); err != nil {
		var missing *exec.Error
		if errors.As(err, &missing) {
			out = []byte(missing.Error())
		}
		t.Logf("NOT RUN, because no container engine answers: docker build, docker run (TestRehearsal builds the same by hand): %.200s", out)
		return
	}
	if !full() {
		t.Log("NOT RUN, because it takes minutes (make deploy-check does): docker build")
		return
	}
	run(t, "docker", "build", "-f", "Dockerfile", "--build-arg", "VERSION=checked", "-t", "c360:checked", "..")
	run(t, "docker", "run", "--rm", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "c360:checked", "version")
}
