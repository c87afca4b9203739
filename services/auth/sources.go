package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

var (
	// ErrNoKey: the request brought no write key.
	ErrNoKey = errors.New("no write key: send it as Authorization: Basic base64(KEY:), as writeKey in the body, or as ?writeKey=")
	// ErrUnknownKey: no source has that key.
	ErrUnknownKey = errors.New("unknown write key: the sources and their keys are set with C360_SOURCES")
	// ErrDisabled: the source of the key was switched off.
	ErrDisabled = errors.New("this source is disabled: take 'disabled' out of its entry in C360_SOURCES")
)

type digest [sha256.Size]byte

type keyed struct {
	digest digest
	source *Source
}

// Sources looks sources up by write key. It holds digests under a secret of this process, not keys, so neither a
// memory dump nor the timing of a look-up tells how close a guess was.
type Sources struct {
	pepper []byte
	byKey  map[digest]keyed
	list   []*Source
}

// NewSources returns an empty set; see [Sources.Add].
func NewSources() *Sources {
	pepper := make([]byte, sha256.Size)
	_, _ = rand.Read(pepper) // never fails: crypto/rand aborts the program instead
	return &Sources{pepper: pepper, byKey: map[digest]keyed{}}
}

// Add lets key speak for source. One source may have several keys, so that a key can be changed with an overlap;
// one key has one source.
func (s *Sources) Add(key string, source Source) error {
	if err := source.check(); err != nil {
		return err
	}
	if !validKey(key) {
		return errors.New("a write key is 1 to 200 printable ASCII characters without space, ':' and ','")
	}
	d := s.digest(key)
	if _, taken := s.byKey[d]; taken {
		return errors.New("another source has the same write key; give every source its own")
	}
	s.byKey[d] = keyed{d, &source}
	s.list = append(s.list, &source)
	return nil
}

// Find returns the source of a key, or [ErrNoKey], [ErrUnknownKey], or the source with [ErrDisabled].
func (s *Sources) Find(key string) (*Source, error) {
	if key == "" {
		return nil, ErrNoKey
	}
	d := s.digest(key)
	found := s.byKey[d]
	if !hmac.Equal(d[:], found.digest[:]) || found.source == nil {
		return nil, ErrUnknownKey
	}
	if found.source.Disabled {
		return found.source, ErrDisabled
	}
	return found.source, nil
}

// All returns the sources in the order they were added; a source with two keys appears twice.
func (s *Sources) All() []*Source { return s.list }

// Named returns the first source with that name, and false if there is none.
func (s *Sources) Named(name string) (*Source, bool) {
	for _, source := range s.list {
		if source.Name == name {
			return source, true
		}
	}
	return nil, false
}

func (s *Sources) digest(key string) digest {
	mac := hmac.New(sha256.New, s.pepper)
	_, _ = mac.Write([]byte(key)) // a hash never fails
	var d digest
	mac.Sum(d[:0])
	return d
}

func validKey(key string) bool {
	if key == "" || len(key) > 200 {
		return false
	}
	for i := range len(key) {
		if c := key[i]; c <= ' ' || c >= 0x7f || c == ':' || c == ',' {
			return false
		}
	}
	return true
}
