package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

func cpuOf(pid int) float64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	u, _ := strconv.ParseFloat(f[11], 64)
	s, _ := strconv.ParseFloat(f[12], 64)
	return (u + s) / 100
}

// FIX=dir SIZE=n: makes the fixture.
func TestScratchMake(t *testing.T) {
	ctx := context.Background()
	size, _ := strconv.Atoi(os.Getenv("SIZE"))
	if size == 0 {
		t.Skip()
	}
	s := newServer(os.Getenv("BIN"), os.Getenv("FIX"))
	if _, err := s.start(ctx); err != nil {
		t.Fatal(err)
	}
	load := newTraffic(1, size, time.Now())
	began := time.Now()
	if _, err := send(ctx, s, load, 0, size, shape{100, 4}); err != nil {
		t.Fatal(err)
	}
	_ = s.settle(ctx)
	r, p := s.memory()
	fmt.Printf("made %d at %.0f/s cpu %.1f us/event resident %d peak %d\n", size, float64(size)/time.Since(began).Seconds(), cpuOf(s.cmd.Process.Pid)/float64(size)*1e6, r/1e6, p/1e6)
	_ = s.cmd.Process.Signal(os.Interrupt)
	_ = s.cmd.Wait()
}

func TestScratchPages(t *testing.T) {
	ctx := context.Background()
	size, _ := strconv.Atoi(os.Getenv("PAGES"))
	if size == 0 {
		t.Skip()
	}
	dir := t.TempDir()
	if out, err := exec.Command("cp", "-a", os.Getenv("FIX")+"/.", dir).CombinedOutput(); err != nil {
		t.Fatal(string(out))
	}
	s := newServer(os.Getenv("BIN"), dir)
	if _, err := s.start(ctx); err != nil {
		t.Fatal(err)
	}
	defer s.kill()
	samples := 500
	load := newTraffic(1, size, time.Now())
	load.seed = uint64(time.Now().UnixNano())
	load.seed = 77
	for round := range 1 {
		a := cpuOf(s.cmd.Process.Pid)
		began := time.Now()
		p, err := readPages(ctx, s, load, beyond*(10*round+1)+size, 10000, samples)
		if err != nil {
			t.Fatal(err)
		}
		n := p.written * (time.Since(began).Seconds())
		c := cpuOf(s.cmd.Process.Pid) - a
		fmt.Printf("customer p50 %v p99 %v  timeline p50 %v p99 %v written %.0f cpu %.1f us/event (with pages)\n", p.customer.quantile(.5), p.customer.quantile(.99), p.timeline.quantile(.5), p.timeline.quantile(.99), p.written, c/n*1e6)
		v, err := readVisible(ctx, s, load, beyond*(10*round+5)+size, 5000, samples)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("visible p50 %v p99 %v\n", v.quantile(.5), v.quantile(.99))
	}
	r, p := s.memory()
	fmt.Printf("resident %d peak %d\n", r/1e6, p/1e6)
}
