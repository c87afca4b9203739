package storetest

import "github.com/c360hq/c360/projections"

// Four tables between them have every kind of key, column and index.
var (
	// states has a blob key and a blob beside it, as a room's fold states do.
	states = &projections.Table{
		Name: "test_states", Doc: "A state per blob key.",
		Columns: []projections.Column{
			{Name: "id", Kind: projections.Blob},
			{Name: "name", Kind: projections.Text},
			{Name: "size", Kind: projections.Int},
			{Name: "state", Kind: projections.Blob},
			{Name: "score", Kind: projections.Real},
			{Name: "seen", Kind: projections.Int, Order: true},
		},
		KeyLen:  1,
		Indexes: []projections.Index{{Name: "by_name", Columns: []string{"name", "size"}}},
	}
	// lines has an integer key, as a timeline does.
	lines = &projections.Table{
		Name: "test_lines", Doc: "A line per position.",
		Columns: []projections.Column{
			{Name: "position", Kind: projections.Int},
			{Name: "owner", Kind: projections.Blob},
			{Name: "at", Kind: projections.Int},
			{Name: "text", Kind: projections.Text},
			{Name: "amount", Kind: projections.Real},
		},
		KeyLen: 1,
		Indexes: []projections.Index{
			{Name: "by_owner", Columns: []string{"owner", "at"}},
			{Name: "by_at", Columns: []string{"at"}},
		},
	}
	// words has a key of several kinds and an index that names part of the key first.
	words = &projections.Table{
		Name: "test_words", Doc: "A word, a number and a measure.",
		Columns: []projections.Column{
			{Name: "word", Kind: projections.Text},
			{Name: "number", Kind: projections.Int},
			{Name: "measure", Kind: projections.Real},
			{Name: "note", Kind: projections.Text},
		},
		KeyLen:  3,
		Indexes: []projections.Index{{Name: "by_measure", Columns: []string{"measure", "number"}}},
	}
	// members is nothing but its key.
	members = &projections.Table{
		Name: "test_members", Doc: "Who is in what.",
		Columns: []projections.Column{{Name: "club", Kind: projections.Text}, {Name: "member", Kind: projections.Blob}},
		KeyLen:  2,
		Indexes: []projections.Index{{Name: "by_member", Columns: []string{"member"}}},
	}
	tables = []*projections.Table{states, lines, words, members}
)

func spec() projections.Spec { return projections.Spec{Tables: tables, Rooms: []string{"test@1"}} }
