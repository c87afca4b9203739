package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/services/query"
)

// waitfor waits until the c360 at the address in its first argument has folded the position in the second.
func waitfor(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("waitfor ADDRESS POSITION")
	}
	a := api{url: args[0], doer: http.DefaultClient}
	for range 100 {
		var p query.ParkedAnswer
		if a.call(context.Background(), "GET", "/v1/parked?limit=1&wait="+args[1], nil, &p) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("position %s was never folded", args[1])
}

// follow runs c360 with its arguments until it has told as many lines as the first one says, and then interrupts it.
func follow(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("follow LINES COMMAND...")
	}
	lines, err := strconv.Atoi(args[0])
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out := &enough{to: ts.Stdout(), left: lines, end: cancel}
	if code := run(ctx, env{stdout: out, stderr: ts.Stderr(), getenv: ts.Getenv}, args[1:]); code != exitOK {
		ts.Fatalf("it ends with %d", code)
	}
}

// enough calls end after so many lines.
type enough struct {
	to   io.Writer
	left int
	end  func()
}

func (e *enough) Write(p []byte) (int, error) {
	if e.left -= bytes.Count(p, []byte("\n")); e.left <= 0 {
		e.end()
	}
	return e.to.Write(p)
}

// future appends an event, of the person in its second argument, to the log of the folder in the first, in a schema that
// only a newer c360 can read, as one that was taken back leaves it behind. It sets FRAGMENT.
func future(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	c := config{data: ts.MkAbs(args[0])}
	log, err := pebblelog.Open(ctx, c.logOptions(silentLogger()))
	ts.Check(err)
	who, err := events.ParseIdentifier(args[1])
	ts.Check(err)
	who.Grade = events.Asserted
	now := time.Now()
	_, err = log.Append(ctx, events.Touchpoint(events.Event{
		ID: "from-the-future", Source: "pos", Type: "order.completed", Schema: 9, Channel: events.ChannelStore,
		Time: now, Received: now, Identifiers: []events.Identifier{who}, Data: []byte(`{"order":"R2"}`),
	}))
	ts.Check(err)
	ts.Check(log.Close())
	fragment, _ := events.FragmentOf([]events.Identifier{who})
	ts.Setenv("FRAGMENT", fragment.String())
}
