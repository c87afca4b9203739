package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

const verifyHelp = `
c360 verify reads every event of a log and checks it: the hash chain, the dense positions, the stream and
duplicate indexes, and the high-water mark that is kept outside the store. c360 must not be running on the folder.

If the log lost its tail or is an older copy, verify says so. When you have no better copy, --accept-head
declares what is there to be the truth from now on; run "c360 rebuild" afterwards.

A log on a server (--log nats://…, esdb://…) may be in use meanwhile. What its local index is to agree with is in the
data folder; --accept-head throws that away and takes what the server holds.`

// runVerify checks the log of a data folder.
func runVerify(ctx context.Context, e env, args []string) error {
	var c config
	fs := newFlags(e, "verify", verifyHelp)
	c.dataFlags(fs)
	accept := fs.Bool("accept-head", false, "take the log as it is, although it does not reach its high-water mark")
	if err := parseOnly(e, fs, args); err != nil {
		return err
	}
	if err := errors.Join(c.check(), c.mustHaveLog()); err != nil {
		return err
	}
	if *accept {
		if err := c.acceptHead(ctx, e); err != nil {
			return err
		}
	}
	log, err := c.openToRead(ctx)
	if err != nil {
		return err
	}
	p := newProgress(e.stderr, "verify", time.Now)
	err = log.Verify(ctx, func(done, total events.Position) { p.at(uint64(done), uint64(total)) })
	head, headErr := log.Head(ctx)
	if err := errors.Join(err, headErr, log.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "sound: %d events, every one in the chain; head %x\n", head.Position, head.Hash)
	return err
}

// acceptHead takes the log as it is.
func (c *config) acceptHead(ctx context.Context, e env) error {
	if c.logKind() != enginePebble {
		if err := os.RemoveAll(c.indexDir()); err != nil {
			return fmt.Errorf("throw the local index away: %w", err)
		}
		_, err := fmt.Fprintf(e.stdout, "accepted: what %s holds; now run c360 rebuild\n", redact(c.log))
		return err
	}
	head, err := pebblelog.AcceptHead(ctx, c.logOptions(silentLogger()))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "accepted: the log ends at position %d; now run c360 rebuild --data %s\n", head.Position, c.data)
	return err
}

// mustHaveLog refuses a data folder in which there is no embedded log. Whether there is one on a server, its driver says.
func (c *config) mustHaveLog() error {
	if c.logKind() != enginePebble {
		return nil
	}
	return mustExist(c.logDir())
}

// mustExist refuses a data folder that was never made, instead of making an empty one to check.
func mustExist(dir string) error {
	if _, err := os.Stat(dir); err != nil {
		return usageError{fmt.Errorf("there is no log at %s; give the folder c360 serve runs on with --data", dir)}
	}
	return nil
}
