package ingest

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
)

// checkOne is the strict check of one event.
func checkOne(raw []byte) *fault {
	if len(raw) > events.MaxEvent {
		return wrongf(reasonSize, "", "the event is larger than %d bytes; keep files elsewhere and send their address", events.MaxEvent)
	}
	if err := events.CheckJSON(raw); err != nil {
		return faultOf(err, "")
	}
	return nil
}

// checkBatch is the strict check of a body that holds events in the array named at. It is done once for the whole
// body; one bad event takes nothing away from its neighbours.
func checkBatch(raw []byte, at string) ([]events.Message, *fault) {
	messages, err := events.CheckBatch(raw, at)
	if err != nil {
		return nil, faultOf(err, "")
	}
	return messages, nil
}

// elementFault is what is wrong with one element of a batch, with the pointer from the element itself: "/batch/7/x"
// is "/x" of the seventh.
func elementFault(m events.Message, array string) *fault {
	if len(m.Raw) > events.MaxEvent {
		return checkOne(m.Raw)
	}
	f := faultOf(m.Fault, "")
	inside := strings.TrimPrefix(f.pointer, array+"/")
	if _, rest, ok := strings.Cut(inside, "/"); ok {
		f.pointer = "/" + rest
	} else {
		f.pointer = ""
	}
	return f
}

// readable reports whether raw is JSON at all, so that it can be taken apart.
func readable(raw []byte) bool {
	return jsontext.Value(raw).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}
