package ingest

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/web"
)

// arrival is what is known of a request before its events are read.
type arrival struct {
	source   *auth.Source
	received time.Time
	trace    string
	// historical events keep their times; see clock.
	historical bool
	// request names the rejects of this request.
	request string
}

// batch is what becomes of the events of one request, or of one chunk of an import, until they are appended.
// It is used again for the next request: only what Append copied survives it.
type batch struct {
	arrival
	d       *doc
	entries []events.Entry
	places  []place // of each entry, in the request
	rejects []Reject
	room    []byte // the data of events that is not a piece of the body
	ids     []events.Identifier
}

// place is where an event stood in the request, for when it is refused later.
type place struct {
	index, line int
	raw         []byte
	source      *auth.Source // of this one event, where they differ; nil is that of the batch
}

func (b *batch) reset(a arrival) {
	clear(b.entries)
	clear(b.places)
	clear(b.rejects)
	*b = batch{
		arrival: a, entries: b.entries[:0], places: b.places[:0], rejects: b.rejects[:0],
		room: b.room[:0], ids: b.ids[:0],
	}
}

// reject notes an event that can never be stored.
func (b *batch) reject(at place, f *fault) {
	r := Reject{
		Time: b.received, Source: or(at.source, b.source).Name, Request: b.request, Line: at.line, Index: at.index,
		Reason: f.reason, Pointer: f.pointer, Detail: f.detail,
	}
	for _, g := range f.also {
		r.Also = append(r.Also, web.Fault{Pointer: g.pointer, Detail: g.detail})
	}
	b.rejects = append(b.rejects, r.holding(at.raw))
}

// identify starts the identifiers of the next event; see identifiers.
func (s *Service) identifiers(b *batch) identifiers { return identifiers{s: s, b: b, from: len(b.ids)} }

// admit completes an event and takes it into the batch, or rejects it.
func (s *Service) admit(b *batch, at place, e *events.Event) {
	if f := check(e); f != nil {
		b.reject(at, f)
		return
	}
	if e.ID == "" {
		e.ID = newID()
	}
	if e.Source == "" {
		e.Source = b.source.Name
	}
	if e.TraceParent == "" {
		e.TraceParent = b.trace
	}
	e.Received = b.received
	b.entries = append(b.entries, events.Entry{Stream: b.stream(e), Event: *e})
	b.places = append(b.places, at)
}

// stream is the stream of e. Most events of a batch come from the same person, and a fragment id is a hash.
func (b *batch) stream(e *events.Event) string {
	if n := len(b.entries); n > 0 && sameIdentifiers(b.entries[n-1].Event.Identifiers, e.Identifiers) && len(e.Identifiers) > 0 {
		return b.entries[n-1].Stream
	}
	return e.Stream()
}

func sameIdentifiers(a, b []events.Identifier) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// newID makes the id of an event that came without one. Two such events are two events.
func newID() string {
	id, err := uuid.NewV7()
	if err != nil { // the system's randomness failed: crypto/rand ends the program before this can be reached
		panic(err)
	}
	return id.String()
}

const (
	maxIDBytes    = 512
	maxTypeBytes  = 128
	maxNameBytes  = 256
	maxIdentifies = 32 // identifiers of one event
)

// check is what every event must pass, whatever form it came in.
func check(e *events.Event) *fault {
	switch {
	case len(e.ID) > maxIDBytes:
		return wrongf(reasonField, "/id", "the id is longer than %d bytes", maxIDBytes)
	case e.Type == "" || len(e.Type) > maxTypeBytes:
		return wrongf(reasonField, "/type", "the type is missing or longer than %d bytes", maxTypeBytes)
	case len(e.Source) > maxNameBytes:
		return wrongf(reasonField, "/source", "the source is longer than %d bytes", maxNameBytes)
	case decides(e.Type):
		return wrong(reasonField, "/type", "this type is a decision of c360 and not a touchpoint; decide at /v1/identity")
	}
	return nil
}

// validate holds data against the schema of its type, if the catalogue has one. pointer is where the data came from.
func (s *Service) validate(typ string, data []byte, pointer string) *fault {
	known, ok := s.catalogue.Lookup(typ)
	if !ok || decides(typ) { // check refuses those
		return nil
	}
	if err := known.Validate(data); err != nil {
		return faultOf(err, pointer)
	}
	return nil
}

// decides reports whether events of that type change what others mean. Nobody sends them in from outside.
func decides(typ string) bool {
	family, _, _ := strings.Cut(typ, ".")
	switch family {
	case "identity", "clock":
		return true
	}
	return false
}
