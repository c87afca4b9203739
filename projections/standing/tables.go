package standing

import (
	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// Tables are the tables of one room. A store knows a table by its address, so a room is always made with the same ones,
// whatever the rules of its generation are: a package that has a room keeps them.
type Tables struct {
	name      string
	rules     *projections.States[int64, directory]
	clock     *projections.States[int64, clock]
	sweeps    *projections.States[string, sweep]
	customers *projections.States[uuid.UUID, customer]
	counts    *projections.States[string, count]
}

var (
	ruleColumn     = projections.Column{Name: "rule", Kind: projections.Text, Doc: "Name of the rule."}
	customerColumn = projections.Column{Name: "customer", Kind: projections.Blob, Doc: "Customer id."}
)

// NewTables returns the tables of a room; its name is their prefix.
func NewTables(room string) *Tables {
	return &Tables{
		name: room, rules: rulesOf(room), clock: clockOf(room), sweeps: sweepsOf(room), customers: customersOf(room),
		counts: countsOf(room),
	}
}

func (t *Tables) all() []*projections.Table {
	return []*projections.Table{
		t.rules.Table, t.clock.Table, t.sweeps.Table, t.customers.Table, t.counts.Table,
	}
}

// onlyRow is the key of a table with one row.
const onlyRow int64 = 1

func rulesOf(room string) *projections.States[int64, directory] {
	return &projections.States[int64, directory]{
		Table: &projections.Table{
			Name: room + "_rules", Doc: "Every version of every rule, in one row.", KeyLen: 1,
			Columns: []projections.Column{
				{Name: "row", Kind: projections.Int, Doc: "1."},
				{Name: "rules", Kind: projections.Blob, Doc: "The definitions; see encodeDirectory."},
			},
		},
		Key: func(k int64) []any { return []any{k} },
		Decode: func(r projections.Row) (int64, directory, error) {
			d, err := decodeDirectory(blobOf(r[1]))
			return onlyRow, d, err
		},
		Encode: func(k int64, d *directory) (projections.Row, error) {
			return projections.Row{k, encodeDirectory(d)}, nil
		},
	}
}

// clock is how far the log's clock has come, and up to when what was due has been looked at.
type clock struct{ at, swept int64 }

func clockOf(room string) *projections.States[int64, clock] {
	return &projections.States[int64, clock]{
		Table: &projections.Table{
			Name: room + "_clock", Doc: "How far the log's clock has come.", KeyLen: 1,
			Columns: []projections.Column{
				{Name: "row", Kind: projections.Int, Doc: "1."},
				{Name: "at", Kind: projections.Int, Doc: "Time of the latest clock.ticked, Unix microseconds."},
				{Name: "swept", Kind: projections.Int, Order: true, Doc: "Up to when what was due has been looked at, Unix microseconds."},
			},
		},
		Key: func(k int64) []any { return []any{k} },
		Decode: func(r projections.Row) (int64, clock, error) {
			return onlyRow, clock{intOf(r[1]), intOf(r[2])}, nil
		},
		Encode: func(k int64, c *clock) (projections.Row, error) { return projections.Row{k, c.at, c.swept}, nil },
	}
}

// sweep is a rule under which everybody is yet to be judged.
type sweep struct {
	left bool // whether there is anything left; the row goes when there is not
	// from is the time from which on, after the customer everybody up to whom is done.
	from  int64
	after []byte
	// fresh: it never was done, so whoever is not done yet has never been judged.
	fresh bool
	done  int64 // how many customers
}

func sweepsOf(room string) *projections.States[string, sweep] {
	return &projections.States[string, sweep]{
		Table: &projections.Table{
			Name: room + "_sweeps", Doc: "Rules under which everybody is yet to be judged.", KeyLen: 1,
			Columns: []projections.Column{
				ruleColumn,
				{Name: "from", Kind: projections.Int, Order: true, Doc: "From when on, Unix microseconds."},
				{Name: "after", Kind: projections.Blob, Order: true, Doc: "The customer up to whom everybody is done."},
				{Name: "fresh", Kind: projections.Int, Order: true, Doc: "1 if nobody was ever judged under the rule before."},
				{Name: "done", Kind: projections.Int, Order: true, Doc: "How many customers are done."},
			},
		},
		Key: func(k string) []any { return []any{k} },
		Decode: func(r projections.Row) (string, sweep, error) {
			return textOf(r[0]), sweep{true, intOf(r[1]), blobOf(r[2]), intOf(r[3]) == 1, intOf(r[4])}, nil
		},
		Encode: func(k string, s *sweep) (projections.Row, error) {
			if !s.left {
				return nil, nil
			}
			return projections.Row{k, s.from, append([]byte{}, s.after...), oneIf(s.fresh), s.done}, nil
		},
	}
}

func customersOf(room string) *projections.States[uuid.UUID, customer] {
	return &projections.States[uuid.UUID, customer]{
		Table: &projections.Table{
			Name: room + "_customers", Doc: "Where each customer stands, and when to look at them next.", KeyLen: 1,
			Columns: []projections.Column{
				customerColumn,
				{Name: "stands", Kind: projections.Blob, Doc: "The last entry or exit by rule; see encodeCustomer."},
				{Name: "due", Kind: projections.Int, Order: true, Doc: "When something may change next, Unix microseconds; the largest number if never."},
				{Name: "dues", Kind: projections.Blob, Order: true, Doc: "The same by rule."},
			},
			Indexes: []projections.Index{{Name: "due", Columns: []string{"due"}}},
		},
		Key:    func(c uuid.UUID) []any { return []any{c[:]} },
		Decode: decodeCustomer,
		Encode: encodeCustomer,
	}
}

// count is how many stand under a rule.
type count struct{ members int64 }

func countsOf(room string) *projections.States[string, count] {
	return &projections.States[string, count]{
		Table: &projections.Table{
			Name: room + "_counts", Doc: "How many stand under each rule.", KeyLen: 1,
			Columns: []projections.Column{ruleColumn, {Name: "members", Kind: projections.Int, Doc: "How many customers."}},
		},
		Key: func(k string) []any { return []any{k} },
		Decode: func(r projections.Row) (string, count, error) {
			return textOf(r[0]), count{intOf(r[1])}, nil
		},
		Encode: func(k string, c *count) (projections.Row, error) {
			if c.members == 0 {
				return nil, nil
			}
			return projections.Row{k, c.members}, nil
		},
	}
}

func blobOf(v any) []byte { b, _ := v.([]byte); return b }
func textOf(v any) string { s, _ := v.(string); return s }
func intOf(v any) int64   { n, _ := v.(int64); return n }

func idOf(v any) uuid.UUID {
	var id uuid.UUID
	copy(id[:], blobOf(v))
	return id
}

func oneIf(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
