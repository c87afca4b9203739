package identity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

func decodeFragment(r projections.Row) (uuid.UUID, fragment, error) {
	s := fragment{customer: idOf(r[1])}
	d := projections.NewDecoder(blobOf(r[2]))
	s.known = decodeKnown(d)
	if err := d.Err(); err != nil {
		return uuid.UUID{}, s, err
	}
	if err := s.decodeTies(blobOf(r[3])); err != nil {
		return uuid.UUID{}, s, err
	}
	return idOf(r[0]), s, s.decodeDecisions(blobOf(r[4]))
}

func encodeFragment(f uuid.UUID, s *fragment) (projections.Row, error) {
	e := projections.NewEncoder(96 * len(s.known))
	last := proof{}
	for i := range s.known {
		e.Text(s.known[i].kind)
		e.Text(s.known[i].value)
		encodeProofs(e, &s.known[i], &last)
	}
	customer := s.customer // the row must not change with the state
	return projections.Row{f[:], customer[:], e.Bytes(), s.encodeTies(), s.encodeDecisions()}, nil
}

func decodeKnown(d *projections.Decoder) []known {
	all := make([]known, 0, 4)
	last := proof{}
	for d.More() {
		k := known{name: name{d.Text(), d.Text()}}
		decodeProofs(d, &k, &last)
		all = append(all, k)
	}
	return all
}

// encodeProofs writes a mask of the grades and the proof of each. A proof that is the same as the last one written,
// as when an event brings several identifiers, takes one byte.
func encodeProofs(e *projections.Encoder, k *known, last *proof) {
	mask := uint64(0)
	for i, p := range k.proofs {
		if p.set {
			mask |= 1 << i
		}
	}
	e.Uint(mask)
	for _, p := range k.proofs {
		if !p.set {
			continue
		}
		e.Bool(p != *last)
		if p != *last {
			encodeProof(e, &p)
			*last = p
		}
	}
}

func decodeProofs(d *projections.Decoder, k *known, last *proof) {
	mask := d.Uint()
	for i := range k.proofs {
		if mask&(1<<i) == 0 {
			continue
		}
		if d.Bool() {
			*last = decodeProof(d)
		}
		k.proofs[i] = *last
	}
}

func encodeProof(e *projections.Encoder, p *proof) {
	e.Int(p.time)
	e.Text(p.source)
	e.Text(p.id)
}

func decodeProof(d *projections.Decoder) proof {
	return proof{time: d.Int(), source: d.Text(), id: d.Text(), set: true}
}

func (s *fragment) encodeTies() []byte {
	if s.shared == 0 && s.left == 0 {
		return []byte{}
	}
	e := projections.NewEncoder(48 * (len(s.ties) + 1))
	e.Uint(s.shared)
	e.Uint(uint64(s.left)) // #nosec G115 -- not negative
	for _, t := range s.ties {
		e.Text(t.kind)
		e.Text(t.value)
		e.Uint(uint64(t.grade))
	}
	return e.Bytes()
}

func (s *fragment) decodeTies(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	d := projections.NewDecoder(b)
	s.shared = d.Uint()
	s.before = s.shared
	s.left = int(d.Uint()) // #nosec G115 -- a number of kinds
	for d.More() {
		t := tie{name: name{d.Text(), d.Text()}}
		t.grade = events.Grade(d.Uint()) // #nosec G115 -- a grade
		s.ties = append(s.ties, t)
	}
	return d.Err()
}

func (s *fragment) encodeDecisions() []byte {
	if len(s.decisions) == 0 {
		return []byte{}
	}
	e := projections.NewEncoder(96 * len(s.decisions))
	for i := range s.decisions {
		x := &s.decisions[i]
		e.ID(x.other)
		e.Bool(x.linked)
		encodeProof(e, &x.proof)
		e.Text(x.reason)
		e.Text(x.actor)
	}
	return e.Bytes()
}

func (s *fragment) decodeDecisions(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	d := projections.NewDecoder(b)
	for d.More() {
		x := decision{other: d.ID(), linked: d.Bool(), proof: decodeProof(d)}
		x.reason, x.actor = d.Text(), d.Text()
		s.decisions = append(s.decisions, x)
	}
	return d.Err()
}

// memberSet is the state of a row of identity_identifiers: the smallest fragment ids that are known by it, sorted.
type memberSet struct {
	ids []uuid.UUID

	// of this batch
	old   []uuid.UUID // ids before it
	added []uuid.UUID // every fragment that was new, whether it is among the smallest or not
}

func (m *memberSet) add(f uuid.UUID) {
	m.added = append(m.added, f)
	i, found := slices.BinarySearchFunc(m.ids, f, compareIDs)
	if found {
		return
	}
	m.ids = slices.Insert(m.ids, i, f)
	m.ids = m.ids[:min(len(m.ids), maxMembers)]
}

func decodeMembers(r projections.Row) (name, memberSet, error) {
	b := blobOf(r[2])
	if len(b)%16 != 0 {
		return name{}, memberSet{}, projections.ErrBlob
	}
	m := memberSet{ids: make([]uuid.UUID, len(b)/16)}
	for i := range m.ids {
		copy(m.ids[i][:], b[16*i:])
	}
	m.old = slices.Clone(m.ids)
	return name{textOf(r[0]), textOf(r[1])}, m, nil
}

func encodeMembers(n name, m *memberSet) (projections.Row, error) {
	e := projections.NewEncoder(16 * len(m.ids))
	for _, id := range m.ids {
		e.ID(id)
	}
	return projections.Row{n.kind, n.value, e.Bytes()}, nil
}
