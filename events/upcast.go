package events

import "fmt"

// Upcaster brings the data of one type from one schema version to the next. It is pure: it reads nothing but the
// data, never writes to it, and gives the same answer for ever, because rebuilds must end where the live view did.
type Upcaster struct {
	// Type and From say which events it is for: those of this type with schema version From.
	Type string
	From int
	// Data returns the same facts in the form of version From+1.
	Data func(data []byte) ([]byte, error)
}

// Upcasters are the steps of all types. They never change after NewUpcasters and may be used by many at once.
type Upcasters struct {
	steps map[string][]Upcaster
}

// NewUpcasters checks that the steps of each type lead from version 1 upward without a gap.
func NewUpcasters(steps ...Upcaster) (*Upcasters, error) {
	u := &Upcasters{steps: map[string][]Upcaster{}}
	for _, s := range steps {
		if want := u.Latest(s.Type); s.From != want {
			return nil, fmt.Errorf("upcast: the next step of %s must be from version %d, not %d", s.Type, want, s.From)
		}
		u.steps[s.Type] = append(u.steps[s.Type], s)
	}
	return u, nil
}

// Latest returns the version that events of the type are brought up to: 1 if it never changed.
func (u *Upcasters) Latest(eventType string) int { return 1 + len(u.steps[eventType]) }

// Apply brings an event up to the latest version of its type, in place: r.Data is replaced, never written to. An
// event of a later version than this program knows is an *UpcastError: an older c360 reads a newer log, and
// guessing would make wrong read models.
func (u *Upcasters) Apply(r *Recorded) error {
	version, latest := max(r.Schema, 1), u.Latest(r.Type)
	if version > latest {
		return &UpcastError{
			Type: r.Type, Schema: version, Position: r.Position,
			Err: fmt.Errorf("this program knows versions up to %d; start a newer c360", latest),
		}
	}
	data := r.Data
	for _, step := range u.steps[r.Type][version-1:] {
		next, err := step.Data(data)
		if err != nil {
			return &UpcastError{Type: r.Type, Schema: step.From, Position: r.Position, Err: err}
		}
		data = next
	}
	if version < latest {
		r.Data, r.Schema = data, latest
	}
	return nil
}

// UpcastError says which event could not be brought up to date, and why.
type UpcastError struct {
	Type     string
	Schema   int
	Position Position
	Err      error
}

func (e *UpcastError) Error() string {
	return fmt.Sprintf("upcast: %s version %d at position %d: %v", e.Type, e.Schema, e.Position, e.Err)
}

// Unwrap returns the reason.
func (e *UpcastError) Unwrap() error { return e.Err }

// How to change a type, once a released c360 has written events of it:
//
//  1. Give its schema in events/schemas the next "x-schema" and the new form. What is written from now on has it.
//  2. Add to published a step from the version before: a function from the old data to the new, in a file of its own
//     (upcast_order.go). It reads nothing but its argument and gives the same answer for ever. What the old form did not
//     say stays away; nothing is made up. It returns an error only if the old form cannot be read, which parks the event.
//  3. Add golden files to testdata/upcast, one for every old form that was ever written, and never change one that is
//     there. TestUpcastGoldenFiles and FuzzUpcast show the form of both.
//  4. Raise Version of the rooms that read the type, so that read models are made anew.
//
// published are the steps for what released versions of c360 have written. There are none yet: every type is still at
// version 1. When a type changes, its schema gets "x-schema": 2 and a step from 1 comes here; the catalogue's tests
// hold the two together.
var published = Upcasters{}

// Upcast brings an event as the log holds it up to the versions the catalogue describes. Readers of the log call it
// once on every event, before anything looks at Data.
func Upcast(r *Recorded) error {
	if r.Schema <= 1 && len(published.steps) == 0 {
		return nil
	}
	return published.Apply(r)
}

// LatestSchema returns the version that Upcast brings events of the type up to, which is what is written today.
func LatestSchema(eventType string) int { return published.Latest(eventType) }
