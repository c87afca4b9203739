package main

import (
	"fmt"
	"io"
	"time"
)

// progress shows how far long work is: done, rate, and the time to go. It prints at most once a second.
type progress struct {
	out   io.Writer
	what  string
	now   func() time.Time
	began time.Time
	shown time.Time
	from  *uint64 // where the work began; what was done before does not count for the rate
}

func newProgress(out io.Writer, what string, now func() time.Time) *progress {
	return &progress{out: out, what: what, now: now, began: now(), shown: now()}
}

func (p *progress) at(done, total uint64) {
	now := p.now()
	if p.from == nil {
		p.from, p.began = &done, now
	}
	if now.Sub(p.shown) < time.Second {
		return
	}
	p.shown = now
	rate := float64(done-*p.from) / now.Sub(p.began).Seconds()
	left := time.Duration(0)
	if rate > 0 && total > done {
		left = time.Duration(float64(total-done) / rate * float64(time.Second)).Round(time.Second)
	}
	fmt.Fprintf(p.out, "%s: %d of %d (%.0f %%), %.0f/s, %s to go\n", p.what, done, total, 100*float64(done)/float64(max(total, 1)), rate, left)
}
