package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// steady pour at RATE for 30 s with profile
func TestScratchSteady(t *testing.T) {
	ctx := context.Background()
	size, _ := strconv.Atoi(os.Getenv("STEADY"))
	if size == 0 {
		t.Skip()
	}
	dir := t.TempDir()
	if out, err := exec.Command("cp", "-a", os.Getenv("FIX")+"/.", dir).CombinedOutput(); err != nil {
		t.Fatal(string(out))
	}
	os.Setenv("PPROF", "127.0.0.1:6066")
	s := newServer(os.Getenv("BIN"), dir)
	if _, err := s.start(ctx); err != nil {
		t.Fatal(err)
	}
	defer s.kill()
	load := newTraffic(1, size, time.Now())
	load.seed = 77
	pouring, stop := context.WithTimeout(ctx, 32*time.Second)
	defer stop()
	a := cpuOf(s.cmd.Process.Pid)
	if os.Getenv("PROF") != "" {
		go func() {
			out, err := exec.Command("curl", "-s", "-o", os.Getenv("PROF"), "http://127.0.0.1:6066/debug/pprof/profile?seconds=25").CombinedOutput()
			fmt.Println(string(out), err)
		}()
	}
	n := pour(pouring, s, load, beyond+size, 10000)
	r, p := s.memory()
	fmt.Printf("sent %d cpu %.1f us/event resident %d peak %d\n", n, (cpuOf(s.cmd.Process.Pid)-a)/float64(n)*1e6, r/1e6, p/1e6)
}
