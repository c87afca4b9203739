package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options is what a run of the demo needs from the outside.
type Options struct {
	Plan Plan
	// Sender knows where c360 is.
	Sender *Sender
	// Progress gets a line every second or so, for people.
	Progress io.Writer
	// Now is the clock; the generator itself never reads one.
	Now func() time.Time
	// Dir, if given, is where the run remembers its plan and whether the history is in (demo.json), and where it
	// writes the truth (truth.json).
	Dir string
	// PerSecond is the rate of the trickle after the history; 0 means none.
	PerSecond int
	// Loaded, if not nil, is called once the history is in, before the trickle.
	Loaded func(Memory)
}

// Memory is what demo.json holds.
type Memory struct {
	Plan Plan `json:"plan"`
	// Done says that the whole history was acknowledged.
	Done bool `json:"done"`
}

const memoryFile, truthFile = "demo.json", "truth.json"

// Run sends the history, unless an earlier run did, and then the trickle until ctx ends. A run that was stopped
// half way goes on with the plan it began with: what was sent already is acknowledged as known.
func Run(ctx context.Context, o Options) error {
	memory, err := Remember(o.Dir)
	if err != nil {
		return err
	}
	if memory.Plan.Customers > 0 {
		o.Plan = memory.Plan
	}
	c, err := New(o.Plan)
	if err != nil {
		return err
	}
	if !memory.Done {
		if err := o.load(ctx, c); err != nil {
			return err
		}
	}
	if o.Loaded != nil {
		o.Loaded(Memory{Plan: c.plan, Done: true})
	}
	if o.PerSecond <= 0 {
		return nil
	}
	return o.Sender.Live(ctx, c, o.PerSecond, o.Now)
}

func (o Options) load(ctx context.Context, c *Company) error {
	if err := o.keep(Memory{Plan: c.plan}); err != nil {
		return err
	}
	p := &progress{out: o.Progress, now: o.Now, from: c.plan.Start(), to: c.plan.End, began: o.Now()}
	o.Sender.Sent = p.sent
	if err := o.Sender.Send(ctx, c.History()); err != nil {
		return fmt.Errorf("the demo's history is not complete (start again to go on): %w", err)
	}
	p.finish()
	if err := o.keep(Memory{Plan: c.plan, Done: true}); err != nil || o.Dir == "" {
		return err
	}
	return c.writeTruth(filepath.Join(o.Dir, truthFile))
}

// Remember reads what a run in that folder left; the zero Memory if there was none.
func Remember(dir string) (Memory, error) {
	var m Memory
	if dir == "" {
		return m, nil
	}
	raw, err := os.ReadFile(filepath.Join(dir, memoryFile)) //nolint:gosec // a folder the operator named
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		return Memory{}, fmt.Errorf("what the demo remembered: %w; remove %s to begin anew", err, memoryFile)
	}
	return m, nil
}

// keep writes the memory.
func (o Options) keep(m Memory) error {
	if o.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(o.Dir, 0o750); err != nil {
		return fmt.Errorf("folder of the demo: %w", err)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("demo memory: %w", err)
	}
	return replace(filepath.Join(o.Dir, memoryFile), raw)
}

func (c *Company) writeTruth(path string) error {
	f, err := os.Create(path) //nolint:gosec // a folder the operator named
	if err != nil {
		return fmt.Errorf("truth file: %w", err)
	}
	truth := c.Truth()
	return errors.Join(truth.Write(f), f.Close())
}

// replace writes a file so that a crash leaves the old one or the new one.
func replace(path string, raw []byte) error {
	if err := os.WriteFile(path+".new", raw, 0o600); err != nil {
		return fmt.Errorf("demo memory: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("demo memory: %w", err)
	}
	return nil
}

// progress tells people how far it is. How far is measured in the company's own time.
type progress struct {
	out             io.Writer
	now             func() time.Time
	from, to, began time.Time

	mu    sync.Mutex
	told  time.Time
	count int
}

func (p *progress) sent(count int, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count += count
	now := p.now()
	if p.out == nil || now.Sub(p.told) < time.Second {
		return
	}
	p.told = now
	done := float64(at.Sub(p.from)) / float64(p.to.Sub(p.from))
	spent := now.Sub(p.began)
	left := time.Duration(float64(spent)/max(done, 0.001)) - spent
	fmt.Fprintf(p.out, "demo: %s touchpoints, %.0f %%, %s/s, about %s left\n", grouped(p.count), 100*done, grouped(p.rate(spent)), left.Round(time.Second))
}

func (p *progress) rate(spent time.Duration) int {
	return int(float64(p.count) / max(spent.Seconds(), 0.001))
}

func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if spent := p.now().Sub(p.began); p.out != nil {
		fmt.Fprintf(p.out, "demo: %s touchpoints in %s (%s/s)\n", grouped(p.count), spent.Round(100*time.Millisecond), grouped(p.rate(spent)))
	}
}
