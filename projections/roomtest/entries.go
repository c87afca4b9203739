package roomtest

import "github.com/c360hq/c360/events"

// Entries returns the entries that append these events: touchpoints to the stream of their fragment, decisions to the
// stream that they count in.
func Entries(list ...events.Event) []events.Entry {
	all := make([]events.Entry, len(list))
	for i := range list {
		all[i] = events.Entry{Stream: streamOf(&list[i]), Event: list[i]}
	}
	return all
}
