package events

import (
	"time"

	"github.com/google/uuid"
)

// Position is the place of an event in the log. The first event has position 1, positions are dense, and
// zero stands for "before the first event".
type Position uint64

// Hash names the log up to and including one event: two logs that agree on the hash at a position hold the
// same events up to there. Engines that keep no chain of their own put a hash of the stored record here.
type Hash [16]byte

// Channel is where a touchpoint happened.
type Channel string

// The channels a touchpoint can come through. ChannelOther is what an unknown or missing channel becomes.
const (
	ChannelWeb     Channel = "web"
	ChannelApp     Channel = "app"
	ChannelStore   Channel = "store"
	ChannelCall    Channel = "call"
	ChannelInquiry Channel = "inquiry"
	ChannelMessage Channel = "message"
	ChannelOther   Channel = "other"
)

// Channels lists every channel in the order people read them.
var Channels = [...]Channel{ChannelWeb, ChannelApp, ChannelStore, ChannelCall, ChannelInquiry, ChannelMessage, ChannelOther}

// ParseChannel returns the channel with that name, and false if there is none.
func ParseChannel(name string) (Channel, bool) {
	for _, c := range Channels {
		if string(c) == name {
			return c, true
		}
	}
	return ChannelOther, false
}

// Event is one touchpoint or decision, as a source told it. The field names follow CloudEvents 1.0.
// An Event is a value: once it has been appended nobody changes it, and its Data is never modified in place.
type Event struct {
	// ID and Source together are the identity of the event, for as long as the log lives.
	ID     string
	Source string
	// Type is past tense, dotted, lower case ("order.completed"); see Catalogue.
	Type string
	// Schema is the version of the type that Data follows; 0 means 1. Upcast raises it on read.
	Schema int
	// Subject is what the source called the thing the event is about; free text, may be empty.
	Subject string
	// Time is when it happened (occurred), as claimed by the source and corrected for clock skew.
	Time    time.Time
	Channel Channel
	// Identifiers are normalised (see Normalise) and in the order the source gave them.
	Identifiers []Identifier
	// Data is one JSON object, exactly as received, or nil.
	Data []byte
	// Received is when c360 got it. Sent and Original are the sender's own clock; zero if not given.
	Received time.Time
	Sent     time.Time
	Original time.Time
	// TraceParent is the W3C trace context of the request that brought the event; may be empty.
	TraceParent string
}

// Fragment returns the fragment the event belongs to, and false if it names nobody.
func (e *Event) Fragment() (uuid.UUID, bool) { return FragmentOf(e.Identifiers) }

// Stream returns the name of the stream a touchpoint is appended to: its fragment's, or, for an event that
// names nobody (a stock movement, an anonymous till receipt), its source's.
func (e *Event) Stream() string {
	if f, ok := e.Fragment(); ok {
		return FragmentStream(f)
	}
	return "source-" + e.Source
}

// FragmentStream returns the name of a fragment's stream.
func FragmentStream(fragment uuid.UUID) string {
	var room [len(fragmentPrefix) + 36]byte
	name, _ := fragment.MarshalText() // never fails, and does not outlive this line
	return string(append(append(room[:0], fragmentPrefix...), name...))
}

// Recorded is an event that the log holds.
type Recorded struct {
	Event
	Stream   string
	Position Position
	// RecordedAt is when the log took it; it never goes backwards along the log.
	RecordedAt time.Time
	Hash       Hash
}
