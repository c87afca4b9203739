package projections

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Spec says what a store is made for: its tables, and the rooms that fill them. A store remembers the fingerprint
// of the spec it was made with and refuses any other.
type Spec struct {
	Tables []*Table
	// Rooms are "name@version", in order.
	Rooms []string
	// Rules names the rule set the rooms fold under; empty while there are none.
	Rules string
}

// NewSpec returns the spec of a store for these rooms: their tables and the engine's own.
func NewSpec(rooms ...Room) Spec {
	s := Spec{Tables: []*Table{ParkedTable, SkippedTable, SeenTable}}
	for _, r := range rooms {
		s.Tables = append(s.Tables, r.Tables()...)
		s.Rooms = append(s.Rooms, fmt.Sprintf("%s@%d", r.Name(), r.Version()))
	}
	return s
}

// Validate reports what is wrong with the tables.
func (s Spec) Validate() error {
	names := map[string]bool{}
	for _, t := range s.Tables {
		if err := t.Validate(); err != nil {
			return err
		}
		if names[t.Name] {
			return fmt.Errorf("table %s is defined twice", t.Name)
		}
		names[t.Name] = true
	}
	return nil
}

// Fingerprint is the same for two specs exactly if a store of one can serve as a store of the other.
func (s Spec) Fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "rooms %q rules %q\n", s.Rooms, s.Rules)
	for _, t := range s.Tables {
		fmt.Fprintf(h, "table %s key %d\n", t.Name, t.KeyLen)
		for _, c := range t.Columns {
			fmt.Fprintf(h, "column %s %d\n", c.Name, c.Kind)
		}
		for _, x := range t.Indexes {
			fmt.Fprintf(h, "index %s %q\n", x.Name, x.Columns)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// String names the rooms, for messages.
func (s Spec) String() string { return strings.Join(s.Rooms, " ") }

var (
	// ErrOtherVersion: the store was made by other versions of the rooms, or for other tables.
	ErrOtherVersion = errors.New("projections: the read store was made by another version; run `c360 rebuild` to make it anew from the log")
	// ErrUnfinished: a bulk load into the store was interrupted.
	ErrUnfinished = errors.New("projections: the read store was never finished; run `c360 rebuild` to make it anew from the log")
	// ErrDamaged: what the store is kept in is gone, or is no store.
	ErrDamaged = errors.New("projections: the read store is damaged; run `c360 rebuild` to make it anew from the log")
	// ErrClosed: the store or the engine was closed.
	ErrClosed = errors.New("projections: closed")
)
