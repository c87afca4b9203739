package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/profile"
)

// instantFlags are the flags that name a moment of history; see projections.Instant.
type instantFlags struct {
	knownAt, asOf, zone string
}

// flags adds --known-at, --as-of and --zone to fs.
func (i *instantFlags) flags(fs *flag.FlagSet) {
	fs.StringVar(&i.knownAt, "known-at", "", "what the log held at a `time` or position: 2011-06-30, 2011-06-30T18:00:00+09:00 or 120000;\n"+
		"a day is its end")
	fs.StringVar(&i.asOf, "as-of", "", "what had happened by a `time`, whenever we heard of it; a day is its end")
	fs.StringVar(&i.zone, "zone", "Asia/Seoul", "the time `zone` of days that are given without one")
}

// given reports whether a moment was named at all.
func (i instantFlags) given() bool { return i.knownAt != "" || i.asOf != "" }

// parse returns the moment the flags name, the zero Instant if they name none. --known-at as a time is looked up in
// the log. A mistake in a flag is a usageError.
func (i instantFlags) parse(ctx context.Context, log events.Log) (projections.Instant, error) {
	var at projections.Instant
	loc, err := i.location()
	if err != nil {
		return at, err
	}
	if i.knownAt != "" {
		if at.Known, err = projections.ParseKnown(ctx, log, i.knownAt, loc); err != nil {
			return at, flagError("known-at", err)
		}
	}
	if i.asOf != "" {
		if at.Occurred, err = projections.ParseTime(i.asOf, loc); err != nil {
			return at, flagError("as-of", err)
		}
	}
	return at, nil
}

// location returns the zone. The house's own needs no zone database.
func (i instantFlags) location() (*time.Location, error) {
	if i.zone == "" || i.zone == "Asia/Seoul" {
		return profile.Zone, nil
	}
	loc, err := time.LoadLocation(i.zone)
	if err != nil {
		return nil, usageError{fmt.Errorf("--zone %q is no time zone; give one like Asia/Seoul, Europe/Berlin or UTC", i.zone)}
	}
	return loc, nil
}

// flagError names the flag. What the log has to say about the moment is not a mistake in typing.
func flagError(flag string, err error) error {
	err = fmt.Errorf("--%s: %w", flag, err)
	if errors.Is(err, projections.ErrNothingKnown) || errors.Is(err, context.Canceled) {
		return err
	}
	return usageError{err}
}
