package importer

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"
)

// progress tells people how far a file is. How far is measured in bytes of the file itself.
type progress struct {
	out         io.Writer
	now         func() time.Time
	path        string
	in          *input
	began, told time.Time
	first       int   // the line it began at
	skipped     int64 // bytes it began at
}

func newProgress(j *job) *progress {
	p := &progress{out: j.Stderr, now: j.Now, path: j.path, in: j.in, began: j.Now(), first: j.state.Line}
	p.skipped = j.in.read.Load()
	p.told = p.began
	return p
}

func (p *progress) tell(s state) {
	now := p.now()
	if now.Sub(p.told) < time.Second {
		return
	}
	p.told = now
	read := p.in.read.Load()
	spent := now.Sub(p.began)
	perByte := float64(spent) / float64(max(1, read-p.skipped))
	left := time.Duration(perByte * float64(p.in.size-read))
	fmt.Fprintf(p.out, "%s: %d %%, %s lines, %s/s, about %s left\n", p.path, 100*read/max(1, p.in.size),
		grouped(s.Line), grouped(p.rate(s.Line, spent)), left.Round(time.Second))
}

func (p *progress) rate(line int, spent time.Duration) int {
	return int(float64(line-p.first) / max(spent.Seconds(), 0.001))
}

// finish says what became of the file.
func (p *progress) finish(out io.Writer, c Counts, rejects *rejectsFile) {
	spent := p.now().Sub(p.began)
	fmt.Fprintf(out, "%s: %s accepted, %s known already, %s rejected, %s left out, in %s (position %d)\n", p.path,
		grouped(c.Accepted), grouped(c.Duplicates), grouped(c.Rejected), grouped(c.Skipped), spent.Round(10*time.Millisecond), c.Position)
	writeTypes(out, c.Types)
	if c.Rejected > 0 {
		fmt.Fprintf(out, "  the rejected lines, each with its reason, are in %s\n", rejects.path)
	}
}

func writeTypes(out io.Writer, types map[string]int) {
	for _, typ := range slices.SortedFunc(maps.Keys(types), func(a, b string) int {
		return cmp.Or(types[b]-types[a], cmp.Compare(a, b))
	}) {
		fmt.Fprintf(out, "  %9s  %s\n", grouped(types[typ]), typ)
	}
}

func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func sorted(rejects []Reject) []Reject {
	slices.SortStableFunc(rejects, func(a, b Reject) int { return cmp.Compare(a.Line, b.Line) })
	return rejects
}
