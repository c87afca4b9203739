package profile

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// The traits that c360 itself reads.
const (
	traitName       = "name"
	traitGivenName  = "given_name"
	traitFamilyName = "family_name"
	traitTier       = "tier"
	traitProgramme  = "loyalty_programme"
	traitJoinedOn   = "joined_on"
)

// standardTraits are kept however many others a source makes up.
var standardTraits = []string{
	"address", "birth_date", "birth_lunar", "city", "district", "email", traitFamilyName, "gender", traitGivenName,
	"home_store", traitJoinedOn, "language", traitProgramme, traitName, "phone", traitTier,
}

const (
	// maxTraits bounds the traits beyond the standard ones; of more, the least names are kept.
	maxTraits = 100
	// maxTraitValue and maxTraitName bound one trait; larger ones stay in the log only.
	maxTraitValue = 1024
	maxTraitName  = 64
)

type trait struct {
	name  string
	value string // JSON
	said  saying
}

// traits are sorted by name.
type traits []trait

func (t *traits) set(name, value string, said saying) {
	if len(name) > maxTraitName || len(value) > maxTraitValue || name == "" {
		return
	}
	i, found := t.search(name)
	if !found {
		*t = slices.Insert(*t, i, trait{name, value, said})
		t.trim()
		return
	}
	if had := &(*t)[i]; said.beats(&had.said) {
		had.value, had.said = value, said
	}
}

// trim drops the greatest name that is not standard if there are too many of those.
func (t *traits) trim() {
	if len(*t) <= maxTraits {
		return
	}
	others, last := 0, 0
	for i := range *t {
		if _, standard := slices.BinarySearch(sortedStandard, (*t)[i].name); !standard {
			others, last = others+1, i
		}
	}
	if others > maxTraits {
		*t = slices.Delete(*t, last, last+1)
	}
}

var sortedStandard = slices.Sorted(slices.Values(standardTraits))

func (t *traits) search(name string) (int, bool) {
	return slices.BinarySearchFunc(*t, name, func(x trait, name string) int { return cmp.Compare(x.name, name) })
}

// text returns the text of a trait, "" if it is not there or not a text.
func (t *traits) text(name string) string {
	i, found := t.search(name)
	if !found {
		return ""
	}
	return unquote((*t)[i].value)
}

func unquote(value string) string {
	if len(value) < 2 || value[0] != '"' {
		return ""
	}
	if inner := value[1 : len(value)-1]; strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	b, _ := jsontext.AppendUnquote(nil, value)
	return string(b)
}

func quote(text string) string {
	b, _ := jsontext.AppendQuote(nil, text)
	return string(b)
}

// fullName is the name to show and to find by.
func (t *traits) fullName() string {
	if name := t.text(traitName); name != "" {
		return name
	}
	given, family := t.text(traitGivenName), t.text(traitFamilyName)
	switch {
	case given == "" || family == "":
		return given + family
	case hangul(given) && hangul(family):
		return family + given
	}
	return given + " " + family
}

// The proofs of a name.
const (
	onlyClaimed int64 = 0
	isProven    int64 = 1
)

// called is a full name and how far it can be believed.
type called struct {
	name   string
	proven int64
}

// called returns the full name; it is proven if everything it is made of is.
func (t *traits) called() called {
	from := []string{traitName}
	if t.text(traitName) == "" {
		from = []string{traitGivenName, traitFamilyName}
	}
	proven := isProven
	for _, part := range from {
		if t.text(part) != "" && t.grade(part) < events.Asserted {
			proven = onlyClaimed
		}
	}
	return called{t.fullName(), proven}
}

// grade returns how far a trait can be believed, 0 if it is not there.
func (t *traits) grade(name string) events.Grade {
	i, found := t.search(name)
	if !found {
		return 0
	}
	return (*t)[i].said.grade
}

// givenName is what a customer is called for short.
func (t *traits) givenName() string {
	if given := t.text(traitGivenName); given != "" {
		return given
	}
	name := t.text(traitName)
	if runes := []rune(name); hangul(name) && len(runes) >= 2 && len(runes) <= 4 {
		return string(runes[len(runes)-min(2, len(runes)-1):])
	}
	given, _, _ := strings.Cut(name, " ")
	return given
}

func hangul(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Hangul, r) {
			return false
		}
	}
	return s != ""
}

func encodeTraits(e *projections.Encoder, t *traits) {
	last := saying{}
	for i := range *t {
		x := &(*t)[i]
		e.Text(x.name)
		e.Text(x.value)
		x.said.encodeAfter(e, &last)
	}
}

func decodeTraits(d *projections.Decoder) traits {
	var t traits
	last := saying{}
	for d.More() {
		t = append(t, trait{d.Text(), d.Text(), decodeAfter(d, &last)})
	}
	return t
}

// tellsTraits reports whether the traits in the event's data are the person's: those of an identification, and those
// that a company's own system sends along with something else (an order with the buyer's name on it).
func tellsTraits(t *projections.Touch) bool {
	switch {
	case len(t.Body.Traits) == 0, t.Type == "customer.grouped":
		return false
	default:
		return t.Type == "customer.identified" || fromStaff(t)
	}
}

// learn takes in what the company decided about the person.
func (s *state) learn(t *projections.Touch) {
	switch t.Type {
	case "tier.changed":
		s.describe(t, given(traitTier, t.Body.Tier))
	case "loyalty.joined":
		s.describe(t, given(traitProgramme, t.Body.Programme))
	}
}

func given(name, text string) []events.Trait {
	if text == "" {
		return nil
	}
	return []events.Trait{{Name: name, Value: quote(text)}}
}

func (s *state) describe(t *projections.Touch, told []events.Trait) {
	if len(told) == 0 {
		return
	}
	if !s.renamed {
		s.renamed, s.oldName = true, s.traits.get(decodeTraits).called()
	}
	said := sayingOf(t)
	all := s.traits.change(decodeTraits)
	for _, x := range told {
		all.set(x.Name, x.Value, said)
	}
}
