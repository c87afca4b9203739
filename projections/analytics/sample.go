package analytics

import (
	"bytes"
	"slices"

	"github.com/google/uuid"
)

// sample keeps the smallest ids it was shown. Customer ids are hashes, so they are a fair sample, and it is the same
// whatever the order.
type sample struct {
	limit int
	ids   []uuid.UUID
}

func (s *sample) add(id uuid.UUID) {
	i, found := slices.BinarySearchFunc(s.ids, id, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	if found || i >= s.limit {
		return
	}
	s.ids = slices.Insert(s.ids, i, id)
	s.ids = s.ids[:min(len(s.ids), s.limit)]
}

func (s *sample) merge(o *sample) {
	for _, id := range o.ids {
		s.add(id)
	}
}
