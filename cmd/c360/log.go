package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

const logHelp = `
c360 log works with logs themselves, whichever engine they stand on.

  c360 log copy --from URL --to URL   move a log to another engine, event for event ("c360 log copy --help")
  c360 log head                       where the log of --log and --data ends: position and hash

Two logs whose position and hash are equal hold the same events.`

// runLog finds the verb and does it.
func runLog(ctx context.Context, e env, args []string) error {
	if len(args) > 0 && args[0] == "copy" {
		return runLogCopy(ctx, e, time.Now, args[1:])
	}
	var c config
	fs := newFlags(e, "log", logHelp)
	c.dataFlags(fs)
	rest, err := parseMixed(e, fs, args)
	if err != nil {
		return err
	}
	if !slices.Equal(rest, []string{"head"}) {
		return usageError{errors.New("say copy or head")}
	}
	return c.logHead(ctx, e)
}

// logHead prints where the log ends.
func (c *config) logHead(ctx context.Context, e env) (err error) {
	if err := c.checkEngines(); err != nil {
		return err
	}
	log, err := c.openToRead(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	head, err := log.Head(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "%d %s\n", head.Position, hex.EncodeToString(head.Hash[:]))
	return err
}

// openToRead opens a log that is to be read only. It does not make one that is not there.
func (c *config) openToRead(ctx context.Context) (eventLog, error) {
	if c.logKind() == enginePebble {
		if err := mustExist(c.logDir()); err != nil {
			return nil, err
		}
	}
	return c.openIn(ctx, true)
}

// openIn opens a log, and makes the folder for what it keeps here. If the log cannot be opened, no folder stays that was
// not there before.
func (c *config) openIn(ctx context.Context, there bool) (eventLog, error) {
	undo, err := freshFolder(c.data)
	if err != nil {
		return nil, err
	}
	log, err := c.openLogThat(ctx, silentLogger(), there)
	if err != nil {
		undo()
	}
	return log, err
}
