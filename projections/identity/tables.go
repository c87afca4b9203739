package identity

import (
	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

var (
	fragmentsTable = &projections.Table{
		Name: "identity_fragments",
		Doc:  "Every fragment, the customer it belongs to, and what is known of its identity.",
		Columns: []projections.Column{
			{Name: "fragment", Kind: projections.Blob, Doc: "Fragment id."},
			{Name: "customer", Kind: projections.Blob, Doc: "The smallest fragment id of the customer it belongs to."},
			{Name: "identifiers", Kind: projections.Blob, Doc: "The identifiers it is known by, with grades and the first event that said so."},
			{Name: "ties", Kind: projections.Blob, Doc: "Those identifiers that tie it to other fragments."},
			{Name: "decisions", Kind: projections.Blob, Doc: "The latest decision about it and each other fragment."},
		},
		KeyLen:  1,
		Indexes: []projections.Index{{Name: "customer", Columns: []string{"customer"}}},
	}
	moreTable = &projections.Table{
		Name: "identity_more",
		Doc:  "Identifiers of fragments that are known by more than fit their row.",
		Columns: []projections.Column{
			{Name: "fragment", Kind: projections.Blob, Doc: "Fragment id."},
			{Name: "kind", Kind: projections.Text, Doc: "Kind of the identifier."},
			{Name: "value", Kind: projections.Text, Doc: "Its value, normalised."},
			{Name: "evidence", Kind: projections.Blob, Doc: "Grades and the first event that said so."},
		},
		KeyLen: 3,
	}
	membersTable = &projections.Table{
		Name: "identity_identifiers",
		Doc:  "Every identifier that may link, and the fragments known by it.",
		Columns: []projections.Column{
			{Name: "kind", Kind: projections.Text, Doc: "Kind of the identifier."},
			{Name: "value", Kind: projections.Text, Doc: "Its value, normalised."},
			{Name: "fragments", Kind: projections.Blob, Doc: "The fragments known by it, the smallest 256, 16 bytes each."},
		},
		KeyLen: 2,
	}
	claimsTable = &projections.Table{
		Name: "identity_claims",
		Doc:  "Identifiers that somebody only claimed to have. They link nobody.",
		Columns: []projections.Column{
			{Name: "kind", Kind: projections.Text, Doc: "Kind of the identifier."},
			{Name: "value", Kind: projections.Text, Doc: "Its value, normalised."},
			{Name: "fragment", Kind: projections.Blob, Doc: "The fragment that claims it."},
		},
		KeyLen: 3,
	}
	digitsTable = &projections.Table{
		Name: "identity_digits",
		Doc:  "Search terms of phone numbers.",
		Columns: []projections.Column{
			{Name: "proven", Kind: projections.Int, Doc: "1 if somebody has the number, 0 if somebody claims it."},
			{Name: "term", Kind: projections.Text, Doc: "Digits a person may type; see events.PhoneTerms."},
			{Name: "phone", Kind: projections.Text, Doc: "The phone number, E.164."},
		},
		KeyLen: 3,
	}
)

// name is what an identifier is without its grade.
type name struct{ kind, value string }

// owned is an identifier of one fragment.
type owned struct {
	fragment uuid.UUID
	name
}

var fragments = &projections.States[uuid.UUID, fragment]{
	Table:  fragmentsTable,
	Key:    func(f uuid.UUID) []any { return []any{f[:]} },
	Decode: decodeFragment,
	Encode: encodeFragment,
}

var more = &projections.States[owned, known]{
	Table: moreTable,
	Key:   func(k owned) []any { return []any{k.fragment[:], k.kind, k.value} },
	Decode: func(r projections.Row) (owned, known, error) {
		o := owned{idOf(r[0]), name{textOf(r[1]), textOf(r[2])}}
		d := projections.NewDecoder(blobOf(r[3]))
		k := known{name: o.name}
		decodeProofs(d, &k, &proof{})
		return o, k, d.Err()
	},
	Encode: func(o owned, k *known) (projections.Row, error) {
		e := projections.NewEncoder(64)
		encodeProofs(e, k, &proof{})
		return projections.Row{o.fragment[:], o.kind, o.value, e.Bytes()}, nil
	},
}

var members = &projections.States[name, memberSet]{
	Table:  membersTable,
	Key:    func(n name) []any { return []any{n.kind, n.value} },
	Decode: decodeMembers,
	Encode: encodeMembers,
}

func blobOf(v any) []byte { b, _ := v.([]byte); return b }
func textOf(v any) string { s, _ := v.(string); return s }

func idOf(v any) uuid.UUID {
	var id uuid.UUID
	copy(id[:], blobOf(v))
	return id
}
