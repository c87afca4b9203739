package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/replay/pace"
)

const replayHelp = `
c360 replay tells again what happened, in the order in which c360 took it: all of it or a part, as fast as it goes or at
a speed, out of a folder (--data; c360 must not be running on it) or out of a c360 that runs (--url).

  c360 replay --data data/c360                                 everything, one line an event
  c360 replay --url http://127.0.0.1:3600 --tail               what comes in, as it comes in
  c360 replay --from 2026-05-03 --to 2026-05-03 --speed 60x    that day in 24 minutes; long silences are cut to --max-gap
  c360 replay --from 120000 --type 'order.*' --channel store   store orders from that position on
  c360 replay --customer phone:010-0482-7730 --json            one customer, whole events as NDJSON
  c360 replay --segment vip --speed 600x                       those who are in a segment now, with what they did before
  c360 replay --mask --json                                    whole events of nobody, to train people on
  c360 replay --known-at 2011-06-30 --out june.db              history as of a day, as tables in a file

A line says when it happened, where, what, from which source, and its position; only --json shows personal data. A
replay is told to you alone: nothing is sent to anybody, and the log is only read. With --customer and --segment the read store
of the folder is brought up to date first, as c360 serve would.

--mask takes out who the customers are, for training days: names, phone numbers, mail addresses and numbers of orders
become such as nobody has, the same ones throughout; what was written or said goes. Nobody can turn it back, also not
you: the key is thrown away. What was bought and when stays, so keep it inside the company.
` + replayOutHelp

// replayFlags are the flags of c360 replay.
type replayFlags struct {
	config
	instantFlags
	url, out                string
	from, to, speed, clock  string
	types, channels, source string
	customer, segment       string
	maxGap                  time.Duration
	tail, json, mask        bool
}

func (f *replayFlags) flags(fs *flag.FlagSet) {
	f.dataFlags(fs)
	f.instantFlags.flags(fs)
	fs.StringVar(&f.url, "url", "", "the `address` of a c360 that runs, instead of a folder")
	fs.StringVar(&f.out, "out", "", "write the tables of history into this `file` instead of telling the events")
	fs.BoolVar(&f.tail, "tail", false, "go on with what comes in, until you interrupt; without --from begin with that")
	fs.StringVar(&f.from, "from", "", "first `position`, or time of the first event (a day is its beginning)")
	fs.StringVar(&f.to, "to", "", "last `position`, or time of the last event (a day is its end)")
	fs.StringVar(&f.speed, "speed", "0", "how many `times` as fast as it happened: 1x, 60x, 0.5x; 0 is as fast as it goes")
	fs.StringVar(&f.clock, "clock", string(pace.Recorded), "which time of an event silences are taken from: `recorded` or occurred")
	fs.DurationVar(&f.maxGap, "max-gap", 10*time.Second, "the longest pause, as you wait it; 0 is no limit")
	fs.StringVar(&f.types, "type", "", "only events of these `types`, with commas between them; 'order.*' is all that begin so")
	fs.StringVar(&f.channels, "channel", "", "only of these `channels`: web, app, store, call, inquiry, message, other")
	fs.StringVar(&f.source, "source", "", "only of these `sources` and their sub-sources")
	fs.StringVar(&f.customer, "customer", "", "only of this customer: an `id`, or an identifier like phone:010-0482-7730")
	fs.StringVar(&f.segment, "segment", "", "only of the customers who are in this `segment` now")
	fs.BoolVar(&f.json, "json", false, "write whole events as NDJSON, personal data included")
	fs.BoolVar(&f.mask, "mask", false, "leave out who the customers are")
}

// runReplay tells history again, or hands it over as tables.
func runReplay(ctx context.Context, e env, args []string) error {
	var f replayFlags
	fs := newFlags(e, "replay", replayHelp)
	f.flags(fs)
	if err := errors.Join(parseOnly(e, fs, args), folderOrURL(args, &f.url)); err != nil {
		return err
	}
	if f.out != "" || f.given() {
		return f.handOver(ctx, e)
	}
	if err := f.check(); err != nil {
		return err
	}
	loc, err := f.location()
	if err != nil {
		return err
	}
	t := &teller{out: e.stdout, json: f.json, zone: loc}
	if f.url != "" {
		err = f.overHTTP(ctx, t)
	} else {
		err = f.ofFolder(ctx, t)
	}
	err = errors.Join(err, t.flush())
	if ctx.Err() != nil {
		return nil //nolint:nilerr // who interrupts a replay has seen enough
	}
	return err
}

// handOver writes the tables of history; a replay event by event has no instant.
func (f *replayFlags) handOver(ctx context.Context, e env) error {
	switch {
	case f.out == "":
		return usageError{errors.New("--known-at and --as-of are for --out FILE; a replay of events has --from and --to")}
	case f.tail || f.from != "" || f.to != "" || f.url != "":
		return usageError{errors.New("--out takes --known-at and --as-of; --tail, --from, --to and --url are for a replay of events")}
	case f.types+f.channels+f.source+f.customer+f.segment != "":
		return usageError{errors.New("--out writes everything; --type, --channel, --source, --customer and --segment are for a replay of events, " +
			"and c360 export takes --type and --channel")}
	}
	return runReplayOut(ctx, e, &f.config, f.instantFlags, f.out, f.mask)
}

// check refuses what makes no sense, before anything is opened.
func (f *replayFlags) check() error {
	o, err := f.options()
	if err != nil {
		return usageError{err}
	}
	if err := o.Check(); err != nil {
		return usageError{err}
	}
	switch {
	case f.tail && f.to != "":
		return usageError{errors.New("--tail has no end; leave out --to")}
	case f.mask && f.url != "":
		return usageError{errors.New("--mask is for a folder: a c360 that runs would tell who they are before they are masked; give --data")}
	case f.tail && f.url == "":
		return usageError{errors.New("--tail follows a c360 that runs: give --url http://127.0.0.1:3600")}
	}
	if f.url == "" {
		return errors.Join(f.config.check(), f.mustHaveLog())
	}
	return nil
}

// options are what the flags say, but for what needs the log: the bounds and the customer.
func (f *replayFlags) options() (pace.Options, error) {
	o := pace.Options{Clock: pace.Clock(f.clock), MaxGap: f.maxGap, Follow: f.tail, Now: time.Now}
	o.Filter = pace.Filter{Types: listed(f.types), Sources: listed(f.source)}
	var err error
	if o.Speed, err = pace.ParseSpeed(f.speed); err != nil {
		return o, fmt.Errorf("--speed: %w", err)
	}
	for _, name := range listed(f.channels) {
		c, ok := events.ParseChannel(name)
		if !ok {
			return o, fmt.Errorf("--channel: there is no channel %q; there are web, app, store, call, inquiry, message and other", name)
		}
		o.Filter.Channels = append(o.Filter.Channels, c)
	}
	return o, nil
}

func listed(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}
