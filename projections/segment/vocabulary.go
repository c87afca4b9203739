package segment

import (
	"slices"
	"strings"

	"github.com/c360hq/c360/events"
)

// Vocabulary is what rules may speak of. Its zero value has no words, so that a rule can ask for no event at all.
type Vocabulary struct {
	// Catalogue holds the types of events that c360 has words for, and what kind of value each standard trait is.
	Catalogue *events.Catalogue
	// Seen reports whether the log holds events of a type that is not in the catalogue; nil stands for none.
	Seen func(kind string) bool
	// Any lets a rule speak of every type, known or not: for rules that were accepted before and are read again.
	Any bool
}

// The kinds of value a trait may have, as far as they are known.
type traitKind uint8

const (
	traitAny traitKind = iota
	traitText
	traitFlag
	traitDate
)

// dates are the standard traits that are days, written YYYY-MM-DD.
var dates = []string{birthDate, "joined_on"}

// title is what people call a type of event.
func (v *Vocabulary) title(kind string) events.Text {
	if v.Catalogue != nil {
		if t, ok := v.Catalogue.Lookup(kind); ok {
			return t.Title
		}
	}
	return events.Text{Ko: kind, En: kind}
}

// knows reports whether a rule may speak of a type.
func (v *Vocabulary) knows(kind string) bool {
	if v.Any || v.Seen != nil && v.Seen(kind) {
		return true
	}
	if v.Catalogue == nil {
		return false
	}
	_, ok := v.Catalogue.Lookup(kind)
	return ok
}

// near returns the type of the catalogue whose name is most like it, "" if none is.
func (v *Vocabulary) near(kind string) string {
	if v.Catalogue == nil || len(kind) > maxName {
		return ""
	}
	best, least := "", 4
	for _, t := range v.Catalogue.Types() {
		if d := distance(kind, t.Name); d < least {
			best, least = t.Name, d
		}
	}
	return best
}

// distance is how many letters have to be put in, taken out or changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// trait says what kind of value a trait is.
func (v *Vocabulary) trait(name string) traitKind {
	if slices.Contains(dates, name) {
		return traitDate
	}
	if v.Catalogue == nil {
		return traitAny
	}
	t, _ := v.Catalogue.Lookup("customer.identified")
	for i := range t.Fields {
		if strings.TrimPrefix(t.Fields[i].Path, "traits.") != name {
			continue
		}
		if slices.Contains(t.Fields[i].Kinds, "boolean") {
			return traitFlag
		}
		return traitText
	}
	return traitAny
}
