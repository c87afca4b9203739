package profile

import (
	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

var (
	fragmentColumn = projections.Column{Name: "fragment", Kind: projections.Blob, Doc: "Fragment id."}

	fragmentsTable = &projections.Table{
		Name: "profile_fragments",
		Doc:  "What each fragment is like and has bought. One of which only visits are known has no row; what it did is in history_fragments.",
		Columns: []projections.Column{
			fragmentColumn,
			{Name: "state", Kind: projections.Blob, Doc: "Traits, consents and money; see encodeState."},
		},
		KeyLen: 1,
	}
	namesTable = &projections.Table{
		Name: "profile_names",
		Doc:  "Search terms of the names of fragments.",
		Columns: []projections.Column{
			{Name: "proven", Kind: projections.Int, Doc: "1 if a source with a server-side key gave the name, 0 if it is only claimed."},
			{Name: "term", Kind: projections.Text, Doc: "Search term; see events.NameTerms."},
			fragmentColumn,
		},
		KeyLen: 3,
	}
	ordersTable = &projections.Table{
		Name: "profile_orders",
		Doc:  "The orders a fragment's events tell of.",
		Columns: []projections.Column{
			fragmentColumn,
			{Name: "number", Kind: projections.Text, Doc: "The order number."},
			{Name: "state", Kind: projections.Blob, Doc: "What was ordered for, cancelled and refunded."},
		},
		KeyLen: 2,
	}
	casesTable = &projections.Table{
		Name: "profile_cases",
		Doc:  "The inquiries and cases a fragment's events tell of.",
		Columns: []projections.Column{
			fragmentColumn,
			{Name: "number", Kind: projections.Text, Doc: "The inquiry or case number."},
			{Name: "latest", Kind: projections.Int, Doc: "Time of the latest event about it, Unix microseconds."},
			{Name: "state", Kind: projections.Blob, Doc: "When it was opened, answered and closed, and what it is about."},
		},
		KeyLen:  2,
		Indexes: []projections.Index{{Name: "latest", Columns: []string{"fragment", "latest"}}},
	}
	notesTable = &projections.Table{
		Name: "profile_notes",
		Doc:  "Notes about a fragment.",
		Columns: []projections.Column{
			fragmentColumn,
			{Name: "number", Kind: projections.Text, Doc: "The note's id."},
			{Name: "latest", Kind: projections.Int, Doc: "Time of its latest version, Unix microseconds."},
			{Name: "state", Kind: projections.Blob, Doc: "Its text and who wrote it."},
		},
		KeyLen:  2,
		Indexes: []projections.Index{{Name: "latest", Columns: []string{"fragment", "latest"}}},
	}
)

// owned is a numbered thing of a fragment: an order, a case, a note.
type owned struct {
	fragment uuid.UUID
	number   string
}

func ownedKey(k owned) []any { return []any{k.fragment[:], k.number} }

var fragments = &projections.States[uuid.UUID, state]{
	Table:  fragmentsTable,
	Key:    func(f uuid.UUID) []any { return []any{f[:]} },
	Decode: decodeState,
	Encode: encodeState,
}

// termKey begins with the proof, so that no number of claims stands before what is proven.
type termKey struct {
	proven   int64
	term     string
	fragment uuid.UUID
}

// indexed says whether a term is one of the fragment's name.
type indexed bool

var names = &projections.States[termKey, indexed]{
	Table: namesTable,
	Key:   func(k termKey) []any { return []any{k.proven, k.term, k.fragment[:]} },
	Decode: func(r projections.Row) (termKey, indexed, error) {
		return termKey{intOf(r[0]), textOf(r[1]), idOf(r[2])}, true, nil
	},
	Encode: func(k termKey, is *indexed) (projections.Row, error) {
		if !*is {
			return nil, nil
		}
		return projections.Row{k.proven, k.term, k.fragment[:]}, nil
	},
}

var orders = &projections.States[owned, order]{
	Table: ordersTable,
	Key:   ownedKey,
	Decode: func(r projections.Row) (owned, order, error) {
		d := projections.NewDecoder(blobOf(r[2]))
		o := decodeOrder(d)
		return owned{idOf(r[0]), textOf(r[1])}, o, d.Err()
	},
	Encode: func(k owned, o *order) (projections.Row, error) {
		return projections.Row{k.fragment[:], k.number, o.encode()}, nil
	},
}

var cases = &projections.States[owned, caseState]{
	Table: casesTable,
	Key:   ownedKey,
	Decode: func(r projections.Row) (owned, caseState, error) {
		d := projections.NewDecoder(blobOf(r[3]))
		c := decodeCase(d)
		return owned{idOf(r[0]), textOf(r[1])}, c, d.Err()
	},
	Encode: func(k owned, c *caseState) (projections.Row, error) {
		return projections.Row{k.fragment[:], k.number, c.latest(), c.encode()}, nil
	},
}

var notes = &projections.States[owned, note]{
	Table: notesTable,
	Key:   ownedKey,
	Decode: func(r projections.Row) (owned, note, error) {
		d := projections.NewDecoder(blobOf(r[3]))
		n := decodeNote(d)
		return owned{idOf(r[0]), textOf(r[1])}, n, d.Err()
	},
	Encode: func(k owned, n *note) (projections.Row, error) {
		return projections.Row{k.fragment[:], k.number, n.said.time, n.encode()}, nil
	},
}

func blobOf(v any) []byte { b, _ := v.([]byte); return b }
func textOf(v any) string { s, _ := v.(string); return s }
func intOf(v any) int64   { n, _ := v.(int64); return n }

func idOf(v any) uuid.UUID {
	var id uuid.UUID
	copy(id[:], blobOf(v))
	return id
}
