package ingest

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/web"
)

// The reasons for which an event is rejected. They are a metric label, so there are few.
const (
	reasonJSON     = "json"     // not JSON, or JSON that two readers could read differently
	reasonRow      = "row"      // not a row of the CSV file it stands in
	reasonField    = "field"    // a field of the envelope is missing or is not what it must be
	reasonIdentity = "identity" // it names nobody, or by something that is no identifier
	reasonSource   = "source"   // it says it comes from a source that this key may not speak for
	reasonData     = "data"     // its data does not follow the schema of its type
	reasonSize     = "size"     // it is too large
)

var reasons = []string{reasonJSON, reasonRow, reasonField, reasonIdentity, reasonSource, reasonData, reasonSize}

// fault says why an event can never be stored: a reason to count by, the place, and a sentence with the remedy.
// Neither repeats what the event holds.
type fault struct {
	reason, pointer, detail string
	// also lists what else is wrong with the same event.
	also []*fault
}

func (f *fault) Error() string { return f.pointer + ": " + f.detail }

func wrong(reason, pointer, detail string) *fault {
	return &fault{reason: reason, pointer: pointer, detail: detail}
}

func wrongf(reason, pointer, format string, args ...any) *fault {
	return &fault{reason: reason, pointer: pointer, detail: fmt.Sprintf(format, args...)}
}

// and notes that g is wrong with the same event as f, either of which may be nil.
func (f *fault) and(g *fault) *fault {
	switch {
	case f == nil:
		return g
	case g != nil:
		f.also = append(f.also, g)
	}
	return f
}

// problem is the answer to a request that is this one fault.
func (f *fault) problem() *web.Problem {
	status := http.StatusBadRequest
	if f.reason == reasonSize {
		status = http.StatusRequestEntityTooLarge
	}
	return web.Wrong(status, f.detail).At(f.pointer)
}

// faultOf turns what the strict check or the catalogue found into a fault below the given pointer.
func faultOf(err error, below string) *fault {
	var f *fault
	var broken *events.JSONError
	var data *events.DataError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &broken):
		return wrong(reasonJSON, below+broken.Pointer, broken.Problem)
	case errors.As(err, &data):
		return wrong(reasonData, below+data.Pointer, data.Problem)
	}
	return wrong(reasonField, below, err.Error())
}
