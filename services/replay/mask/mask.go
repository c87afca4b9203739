package mask

import (
	"bytes"
	"errors"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// Mask masks events. It is safe for many goroutines, and remembers every fragment it saw, 32 bytes each.
type Mask struct {
	key       []byte
	catalogue *events.Catalogue
	norm      events.Normaliser

	mu        sync.Mutex
	fragments map[uuid.UUID]uuid.UUID
}

// ofFragment begins the names of the streams of fragments.
const ofFragment = "fragment-"

// keyLen is how long a key must be.
const keyLen = 32

// New returns a mask with a secret key of at least 32 random bytes. Values are normalised before they are masked, so that
// a phone number is the same however it was written.
func New(key []byte, c *events.Catalogue, n events.Normaliser) (*Mask, error) {
	if len(key) < keyLen {
		return nil, errors.New("mask: the key is too short; take 32 random bytes")
	}
	return &Mask{key: bytes.Clone(key), catalogue: c, norm: n, fragments: map[uuid.UUID]uuid.UUID{}}, nil
}

// ID names the masking. It says nothing of the key.
func (m *Mask) ID() string { return m.pseudonym("masking", "") }

// Event masks an event of the log. What it points to is not changed, but replaced.
func (m *Mask) Event(r *events.Recorded) {
	readable := events.Upcast(r) == nil
	before, somebody := r.Fragment()
	var secrets secrets
	r.Identifiers = m.identifiers(r.Identifiers, &secrets)
	r.ID = m.pseudonym("event", r.Source+"\x00"+r.ID)
	r.Subject, r.TraceParent = "", ""
	if after, _ := r.Fragment(); somebody {
		m.remember(before, after)
	}
	r.Stream = m.stream(r)
	if t, known := m.catalogue.Lookup(r.Type); known && readable {
		r.Data = m.data(t, r.Data, &secrets)
	} else if r.Data != nil {
		r.Data = []byte("{}")
	}
}

func (m *Mask) identifiers(list []events.Identifier, s *secrets) []events.Identifier {
	masked := make([]events.Identifier, len(list))
	for i, id := range list {
		s.add(id.Value)
		masked[i] = events.Identifier{Kind: id.Kind, Value: m.identifier(id.Kind, id.Value), Grade: id.Grade}
	}
	return masked
}

func (m *Mask) identifier(kind, value string) string {
	switch kind {
	case events.KindPhone:
		return m.phone(value)
	case events.KindEmail:
		return m.email(value)
	}
	return m.pseudonym("id", value)
}

func (m *Mask) remember(before, after uuid.UUID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fragments[before] = after
}

// fragment returns what a fragment became. One that was not seen yet becomes one that nobody has.
func (m *Mask) fragment(text string) string {
	id, err := uuid.Parse(text)
	if err != nil {
		return m.pseudonym("id", text)
	}
	m.mu.Lock()
	after, seen := m.fragments[id]
	m.mu.Unlock()
	if !seen {
		after = uuid.NewSHA1(uuid.Nil, m.sum("fragment", text))
	}
	return after.String()
}

// stream names the stream of a masked event: that of its fragment, or of what decisions are about.
func (m *Mask) stream(r *events.Recorded) string {
	if _, somebody := r.Fragment(); somebody {
		return r.Event.Stream()
	}
	if about, found := strings.CutPrefix(r.Stream, ofFragment); found {
		return ofFragment + m.fragment(about)
	}
	return r.Stream
}
