package main

import (
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logcopy"
)

const logCopyHelp = `
c360 log copy moves a log to another engine: every event with its position, recorded time and hash, so that the read
stores folded from either are the same. Then it reads both sides again and compares them event by event.

  c360 log copy --from pebble: --from-data data/c360 --to "nats://nats:4222/C360?replicas=3"
  c360 log copy --from nats://nats:4222/C360 --to "esdb://esdb:2113?tls=false"
  c360 log copy --from esdb://esdb:2113 --to pebble: --to-data data/new

It can be stopped at any time, by Ctrl-C, a kill or a power cut: run it again and it goes on where the target ends. It
refuses a target that holds anything else than a beginning of the source, and says where they diverge.

An embedded log (pebble:) belongs to one process: stop the c360 on its folder first. A log on a server may be in use as
a source; what is appended after the copy began is copied by running it again (exit code 3 says there is some). Nobody may
append to the target before the copy is done. For a log on a server, --from-data and --to-data say where its local
index is kept, which makes going on quicker; without them it is made anew and thrown away.

To move house: copy while c360 runs, stop c360, copy the rest, start c360 with the new --log.`

// logCopy is what was asked of c360 log copy.
type logCopy struct {
	env
	now      func() time.Time
	from, to config
}

func (c *logCopy) flags(fs *flag.FlagSet) {
	fs.StringVar(&c.from.log, "from", "", "the `log` to copy: "+logEngines)
	fs.StringVar(&c.to.log, "to", "", "the `log` to copy into: "+logEngines)
	fs.StringVar(&c.from.data, "from-data", "", "the data `folder` of a pebble: source; of another one the folder for its index")
	fs.StringVar(&c.to.data, "to-data", "", "the data `folder` of a pebble: target; of another one the folder for its index")
}

// runLogCopy copies, compares, and says what came of it.
func runLogCopy(ctx context.Context, e env, now func() time.Time, args []string) (err error) {
	c := logCopy{env: e, now: now}
	fs := newFlags(e, "log copy", logCopyHelp)
	c.flags(fs)
	if err := parseOnly(e, fs, args); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	for _, side := range []*config{&c.from, &c.to} {
		forget, err := side.ownFolder()
		if err != nil {
			return err
		}
		defer forget()
	}
	err = c.run(ctx)
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped; the same command goes on where the target ends")
	}
	return err
}

// check refuses sides that are not there, not known, or the same.
func (c *logCopy) check() error {
	for _, side := range []struct {
		name string
		*config
	}{{"from", &c.from}, {"to", &c.to}} {
		if side.log == "" {
			return usageError{fmt.Errorf("--%s is missing: give the log, one of %s", side.name, logEngines)}
		}
		if err := side.checkEngines(); err != nil {
			return usageError{fmt.Errorf("--%s %s", side.name, strings.TrimPrefix(err.Error(), "--log "))}
		}
		if side.logKind() == enginePebble && side.data == "" {
			return usageError{fmt.Errorf("--%s-data is missing: give the data folder of the embedded log", side.name)}
		}
	}
	if c.from.data != "" && samePath(c.from.data, c.to.data) {
		return usageError{errors.New("--from-data and --to-data are the same folder; give each side its own")}
	}
	if c.from.logKind() != enginePebble && c.from.log == c.to.log {
		return usageError{errors.New("--from and --to are the same log")}
	}
	return nil
}

func samePath(a, b string) bool {
	return b != "" && realPath(a) == realPath(b)
}

func realPath(path string) string {
	if there, err := filepath.EvalSymlinks(path); err == nil {
		path = there
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return path
}

// ownFolder gives a side without a folder one for its index, which forget removes.
func (c *config) ownFolder() (forget func(), err error) {
	if c.data != "" {
		return func() {}, nil
	}
	if c.data, err = os.MkdirTemp("", "c360-log-copy-"); err != nil {
		return nil, fmt.Errorf("make a folder for the index; --from-data and --to-data name others: %w", err)
	}
	return func() { _ = os.RemoveAll(c.data) }, nil
}

func (c *logCopy) run(ctx context.Context) (err error) {
	from, err := c.from.openToRead(ctx)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	head, err := from.Head(ctx)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	if head.Position == 0 {
		return errors.New("--from: the log is empty, there is nothing to copy; is that the one you meant?")
	}
	to, err := c.openTarget(ctx)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if err := c.copy(ctx, from, head, to); err != nil {
		return err
	}
	return c.rest(ctx, from, head)
}

func (c *logCopy) openTarget(ctx context.Context) (logcopy.Target, error) {
	log, err := c.to.openIn(ctx, false)
	if err != nil {
		return nil, err
	}
	to, ok := log.(logcopy.Target)
	if !ok {
		return nil, errors.Join(fmt.Errorf("nothing can be copied into a log on %s", c.to.logKind()), log.Close())
	}
	return to, nil
}

// copy fills the target, then compares it with the source.
func (c *logCopy) copy(ctx context.Context, from events.Log, head events.Head, to logcopy.Target) error {
	start, err := logcopy.Copy(ctx, from, head, to, c.progress("copy"))
	if err != nil {
		return err
	}
	if err := logcopy.Compare(ctx, from, to, head, c.progress("compare")); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "copied %d events, %d were there already; all %d are the same on both sides, event by event; head %d %s\n",
		head.Position-start, start, head.Position, head.Position, hex.EncodeToString(head.Hash[:]))
	return err
}

// progress shows how far it is, and what was done already when it began.
func (c *logCopy) progress(what string) logcopy.Progress {
	p := newProgress(c.stderr, what, c.now)
	return func(done, total events.Position) {
		if p.from == nil && done > 0 {
			fmt.Fprintf(c.stderr, "%s: going on at %d of %d\n", what, done, total)
		}
		p.at(uint64(done), uint64(total))
	}
}

// rest says what the source got meanwhile.
func (c *logCopy) rest(ctx context.Context, from events.Log, copied events.Head) error {
	head, err := from.Head(ctx)
	if err != nil || head == copied {
		return err
	}
	fmt.Fprintf(c.stderr, "c360 log copy: the source has gone on to position %d: stop whoever writes to it and run the same command again, "+
		"it copies the rest\n", head.Position)
	return errPartial
}
