package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/replay/pace"
)

// teller writes the events of a replay: a line each that names nobody, or all that the log holds.
type teller struct {
	out  io.Writer
	json bool
	zone *time.Location
	kept *bufio.Writer
}

// tell takes an event of a folder.
func (t *teller) tell(r *events.Recorded) error {
	if t.json {
		text, err := json.Marshal(pace.Tell(r))
		if err != nil {
			return err
		}
		return t.line(text)
	}
	return t.short(r.Time, string(r.Channel), r.Type, r.Source, r.Position)
}

// heard takes an event that came over HTTP.
func (t *teller) heard(text []byte) error {
	if t.json {
		return t.line(text)
	}
	var e pace.Event
	if err := json.Unmarshal(text, &e); err != nil {
		return fmt.Errorf("this does not answer like a c360 of this version: %w", err)
	}
	return t.short(e.Time, string(e.Channel), e.Type, e.Source, e.Position)
}

func (t *teller) short(at time.Time, channel, kind, source string, p events.Position) error {
	var line bytes.Buffer
	fmt.Fprintf(plain{&line}, "%s  %-7s  %-24s  %-16s  %d", at.In(t.zone).Format("2006-01-02 15:04:05"), channel, kind, source, p)
	return t.line(line.Bytes())
}

func (t *teller) line(text []byte) error {
	if t.kept == nil {
		t.kept = bufio.NewWriterSize(t.out, 64<<10)
	}
	_, _ = t.kept.Write(text)
	return t.kept.WriteByte('\n')
}

// flush shows what was told, before every pause and at the end.
func (t *teller) flush() error {
	if t.kept == nil {
		return nil
	}
	return t.kept.Flush()
}
