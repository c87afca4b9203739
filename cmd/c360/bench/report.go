package bench

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// line is one row of the table: what was measured, ours, the raw engine's, and what it should be.
type line struct{ what, ours, beside, goal string }

// table collects rows and prints them as Markdown.
type table struct {
	out  io.Writer
	rows []line
}

func (t *table) add(what, ours, beside, goal string) {
	t.rows = append(t.rows, line{what, ours, beside, goal})
	fmt.Fprintf(t.out, "  %s: %s  [%s]  goal %s\n", what, ours, beside, goal)
}

func (t *table) ratio(what string, ours, raw float64, engine, goal string) {
	t.add(what, thousands(ours)+"/s", fmt.Sprintf("%s %s/s, ratio %.2f", engine, thousands(raw), ours/raw), goal)
}

// print writes the table, with the machine above it.
func (t *table) print() {
	fmt.Fprintf(t.out, "\n%s\n\n| what | c360 | beside it | goal |\n|---|---|---|---|\n", machine())
	for _, r := range t.rows {
		fmt.Fprintf(t.out, "| %s | %s | %s | %s |\n", r.what, r.ours, r.beside, r.goal)
	}
}

func machine() string {
	return fmt.Sprintf("%s, %d cores, %s, %s/%s", processor(), runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

func thousands(f float64) string {
	if f < 10_000 {
		return fmt.Sprintf("%.0f", f)
	}
	return fmt.Sprintf("%.0f k", f/1000)
}

func millis(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }

// pair is one round of a comparison, in events a second.
type pair struct{ ours, raw float64 }

// middle returns the round whose ratio is the median.
func middle(rounds []pair) pair {
	sorted := slices.SortedFunc(slices.Values(rounds), func(a, b pair) int { return cmp.Compare(a.ours/a.raw, b.ours/b.raw) })
	return sorted[len(sorted)/2]
}
