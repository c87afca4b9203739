package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/services/query"
)

// TestPlain shows people a customer who has put terminal codes into a name and a subject.
func TestPlain(t *testing.T) {
	t.Parallel()
	const evil = "\x1b]0;owned\x07김\u009b2J\rx"
	var out bytes.Buffer
	row := query.TimelineRow{}
	row.Detail.En = evil
	printPage(&out, &query.CustomerAnswer{Name: evil}, []query.TimelineRow{row})
	printHit(&out, &query.Hit{Name: evil})
	if err := printDifference(&out, &query.DifferenceAnswer{Customers: []query.CustomerDifference{{Name: evil}}}); err != nil {
		t.Fatal(err)
	}
	p := parkedCommand{out: &out}
	p.rows([]query.ParkedEvent{{Reason: evil}})
	told := &teller{out: &out, zone: time.UTC}
	if err := told.short(time.Time{}, "web", evil, evil, 1); err != nil {
		t.Fatal(err)
	}
	if err := told.flush(); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\x07\r\u009b") || strings.Count(out.String(), "·]0;owned·김·2J·x") != 7 {
		t.Errorf("%q", out.String())
	}
}
