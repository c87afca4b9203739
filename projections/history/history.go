package history

import (
	"slices"
	"sort"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// MaxTouchpoints is how many touchpoints of one fragment are kept apart at least, the latest: so many of those that are
// about orders, traits and consent, and so many of the others.
const MaxTouchpoints = 4096

// Zone is the zone of a customer who has no other: that of the company's days, weeks and birthdays. Asia/Seoul has had no
// summer time since 1988; a fixed offset depends on no time zone database.
var Zone = time.FixedZone("Asia/Seoul", 9*60*60)

// Fragment is the history of one fragment.
type Fragment struct {
	ID          uuid.UUID
	Touchpoints []Touchpoint // in order
	Older       []Older      // by type
	Kinds       []Kind       // by name
}

// Older sums up the touchpoints of one type that are no longer kept apart.
type Older struct {
	Type  string
	Count int64
	// First and Last are the times of the earliest and the latest, Unix microseconds.
	First, Last int64
	// Amounts are the sums of their amounts by currency.
	Amounts []Amount
}

// Amount is money in one currency.
type Amount struct {
	Currency string
	Amount   events.Money
}

// Kind says since when a fragment is known by an identifier of a kind, and how well that is proven at best.
type Kind struct {
	Name  string
	Grade events.Grade
	Since int64 // Unix microseconds
}

// History is what happened to one customer, as rules and models read it. It must not be changed.
type History struct {
	// Customer is the smallest id of its fragments.
	Customer uuid.UUID
	// Touchpoints are in the order of (time, key).
	Touchpoints []Touchpoint
	Older       []Older
	Kinds       []Kind

	types  []typed
	traits []int32 // touchpoints that say something about the person
	orders []Order
	sorted bool // orders are there
}

// typed are the touchpoints of one type.
type typed struct {
	name   string
	count  int
	places []int32
}

// Merge makes one history of the fragments of a customer. They are not changed.
func Merge(fragments ...*Fragment) *History {
	h := &History{}
	switch len(fragments) {
	case 0:
		return h
	case 1:
		f := fragments[0]
		h.Customer, h.Touchpoints, h.Older, h.Kinds = f.ID, f.Touchpoints, f.Older, f.Kinds
	default:
		h.mergeAll(fragments)
	}
	h.index()
	return h
}

func (h *History) mergeAll(fragments []*Fragment) {
	h.Customer = fragments[0].ID
	n := 0
	for _, f := range fragments {
		n += len(f.Touchpoints)
	}
	h.Touchpoints = make([]Touchpoint, 0, n)
	for _, f := range fragments {
		if compareIDs(f.ID, h.Customer) < 0 {
			h.Customer = f.ID
		}
		h.Touchpoints = append(h.Touchpoints, f.Touchpoints...)
		for i := range f.Older {
			h.Older = addOlder(h.Older, &f.Older[i])
		}
		for _, k := range f.Kinds {
			h.Kinds = addKind(h.Kinds, k)
		}
	}
	slices.SortFunc(h.Touchpoints, func(a, b Touchpoint) int { return compare(&a, &b) })
}

// index notes the places of each type.
func (h *History) index() {
	h.types = make([]typed, 0, 4)
	for i := range h.Touchpoints {
		h.of(h.Touchpoints[i].Type).count++
	}
	room := make([]int32, len(h.Touchpoints))
	for i := range h.types {
		t := &h.types[i]
		t.places, room = room[:0:t.count], room[t.count:]
	}
	for i := range h.Touchpoints {
		t := &h.Touchpoints[i]
		p := h.of(t.Type)
		p.places = append(p.places, int32(i)) // #nosec G115 -- bounded by MaxTouchpoints a fragment
		if len(t.Traits) > 0 {
			h.traits = append(h.traits, int32(i)) // #nosec G115 -- as above
		}
	}
}

func (h *History) of(name string) *typed {
	for i := range h.types {
		if h.types[i].name == name {
			return &h.types[i]
		}
	}
	h.types = append(h.types, typed{name: name})
	return &h.types[len(h.types)-1]
}

// Of returns the places in Touchpoints of a type's touchpoints, in order. A repeated order number is there as often as
// it was told; Orders counts it once.
func (h *History) Of(name string) []int32 {
	for i := range h.types {
		if h.types[i].name == name {
			return h.types[i].places
		}
	}
	return nil
}

// Between narrows places to the touchpoints with after < At <= upTo, Unix microseconds.
func (h *History) Between(places []int32, after, upTo int64) []int32 {
	if n := len(places); n > 0 && h.Touchpoints[places[n-1]].At > upTo {
		places = places[:sort.Search(n, func(i int) bool { return h.Touchpoints[places[i]].At > upTo })]
	}
	if len(places) == 0 || h.Touchpoints[places[0]].At > after {
		return places
	}
	return places[sort.Search(len(places), func(i int) bool { return h.Touchpoints[places[i]].At > after }):]
}

// Until returns how many touchpoints had happened by a time.
func (h *History) Until(at int64) int {
	if n := len(h.Touchpoints); n == 0 || h.Touchpoints[n-1].At <= at {
		return n
	}
	return sort.Search(len(h.Touchpoints), func(i int) bool { return h.Touchpoints[i].At > at })
}

// OlderOf returns what is left of a type's touchpoints before those kept apart; the zero Older if there are none.
func (h *History) OlderOf(name string) Older {
	for i := range h.Older {
		if h.Older[i].Type == name {
			return h.Older[i]
		}
	}
	return Older{}
}

// Known returns the best grade at which the customer was known, at a time, by an identifier of the kind, and whether they
// were at all.
func (h *History) Known(kind string, at int64) (events.Grade, bool) {
	best, found := events.Claimed, false
	for _, k := range h.Kinds {
		if k.Name == kind && k.Since <= at {
			best, found = max(best, k.Grade), true
		}
	}
	return best, found
}
