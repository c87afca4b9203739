package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/c360hq/c360/events"
)

// Truth is what really happened: what a test compares c360's answers with.
type Truth struct {
	Plan Plan `json:"plan"`
	// Events is how many touchpoints there are; the maps break them down.
	Events    int            `json:"events"`
	ByType    map[string]int `json:"by_type"`
	BySource  map[string]int `json:"by_source"`
	ByChannel map[string]int `json:"by_channel"`
	// Nameless touchpoints carry no identifier at all and are in nobody's timeline.
	Nameless int `json:"nameless"`
	// Customers is how many customers the deterministic rules make of the identifiers, strangers included.
	Customers int `json:"customers"`
	// Merged lists the people whom those rules make one customer of, although they are different.
	Merged [][]int `json:"merged"`
	// Slipping is how many people slip away in each way.
	Slipping map[string]int `json:"slipping"`
	// Together are the pairs of goods planted in the baskets, Consumables what people buy again and again, Arrivals the
	// goods that were not there from the beginning.
	Together    []TruePair       `json:"together"`
	Consumables []TrueConsumable `json:"consumables"`
	Arrivals    []TrueArrival    `json:"arrivals"`
	Stories     []TrueStory      `json:"stories"`
	People      []TruePerson     `json:"people"`
}

// TrueStory is a story and the people in it, by index.
type TrueStory struct {
	Key    string `json:"key"`
	What   string `json:"what"`
	People []int  `json:"people"`
}

// TruePerson is one real person, whatever c360 makes of their traces.
type TruePerson struct {
	Index      int    `json:"index"`
	Story      string `json:"story,omitempty"`
	Name       string `json:"name"`
	Gender     string `json:"gender"`
	BirthDate  string `json:"birth_date"`
	BirthLunar bool   `json:"birth_lunar"`
	City       string `json:"city"`
	District   string `json:"district"`
	Tier       string `json:"tier"`
	Phone      string `json:"phone"`
	Email      string `json:"email,omitempty"`
	// Identifiers are all that were ever sent about the person, normalised, as kind:value.
	Identifiers []string `json:"identifiers"`
	// Customers is how many customers the deterministic rules see where there is one person: 2 means that web and
	// store cannot be tied together.
	Customers int       `json:"customers"`
	Events    int       `json:"events"`
	Orders    int       `json:"orders"`
	Revenue   int       `json:"revenue"`
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
	// Slipping is how the person slips away, "" if not: see [SlippingFading] and its like. SlippingSince is when it began,
	// ReturnedAt when one who returned did.
	Slipping      string    `json:"slipping"`
	SlippingSince time.Time `json:"slipping_since,omitzero"`
	ReturnedAt    time.Time `json:"returned_at,omitzero"`
	// SilentFrom is when a slipping person has stopped coming.
	SilentFrom time.Time `json:"silent_from,omitzero"`
	// RhythmDays is how long it usually is from one visit to the next, in the web shop or in a store.
	RhythmDays int `json:"rhythm_days"`
	// Favourites are the categories that the person looks at most.
	Favourites []string  `json:"favourites"`
	Uses       []TrueUse `json:"uses,omitempty"`
}

// Truth ranges over the history once.
func (c *Company) Truth() Truth {
	t := Truth{Plan: c.plan, ByType: map[string]int{}, BySource: map[string]int{}, ByChannel: map[string]int{}, Slipping: map[string]int{}}
	l := ledger{links: links{}, people: make([]trace, len(c.people))}
	for tp := range c.History() {
		t.Events++
		t.ByType[tp.Type]++
		t.BySource[tp.Source]++
		t.ByChannel[string(tp.Channel)]++
		if tp.Who == (Who{}) {
			t.Nameless++
		}
		l.note(&tp)
	}
	t.Customers = l.links.components()
	t.Merged = l.merged()
	for i, p := range c.people {
		t.People = append(t.People, l.person(p, i))
	}
	for i := range t.People {
		if kind := t.People[i].Slipping; kind != "" {
			t.Slipping[kind]++
		}
	}
	t.Together, t.Consumables, t.Arrivals, t.Stories = truePairs(), trueConsumables(), c.plan.trueArrivals(), c.trueStories()
	return t
}

// Write writes the truth as JSON.
func (t *Truth) Write(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	out.SetEscapeHTML(false)
	if err := out.Encode(t); err != nil {
		return fmt.Errorf("truth file: %w", err)
	}
	return nil
}

// trace is what the history says about one person.
type trace struct {
	identifiers, linking    map[string]bool
	events, orders, revenue int
	first, last             time.Time
}

// ledger follows people and links through the history.
type ledger struct {
	links  links
	people []trace
}

func (l *ledger) note(tp *Touchpoint) {
	ids := linking(tp)
	l.links.tie(ids)
	if tp.Person < 0 {
		return
	}
	p := &l.people[tp.Person]
	if p.events++; p.events == 1 {
		p.first, p.identifiers, p.linking = tp.At, map[string]bool{}, map[string]bool{}
	}
	p.last = tp.At
	for _, id := range ids {
		p.linking[id] = true
	}
	for _, pair := range tp.Who.pairs() {
		if pair[1] != "" {
			p.identifiers[normal(pair[0], pair[1])] = true
		}
	}
	if tp.Type == "order.completed" {
		p.orders++
		p.revenue += totalOf(tp.Data)
	}
}

func totalOf(data []byte) int {
	var d struct {
		Total int `json:"total"`
	}
	if json.Unmarshal(data, &d) != nil {
		return 0
	}
	return d.Total
}

// normal is an identifier as c360 will have it. The phones here come in three spellings only.
func normal(kind, value string) string {
	if kind == events.KindPhone && value[0] == '0' {
		value = "+82" + bare(value)[1:]
	} else if kind == events.KindPhone {
		value = "+82" + bare(value[4:])
	}
	return kind + ":" + value
}

// linking are the identifiers of a touchpoint that may tie fragments together, given the grade of its source.
func linking(tp *Touchpoint) []string {
	var ids []string
	for _, pair := range tp.Who.pairs() {
		id := events.Identifier{Kind: pair[0], Value: pair[1], Grade: events.Asserted}
		if onSegment(tp.Source) {
			id.Grade = events.Claimed
		}
		if id.Value != "" && id.Links() {
			ids = append(ids, normal(id.Kind, id.Value))
		}
	}
	return ids
}

func (l *ledger) person(p *person, i int) TruePerson {
	t := l.people[i]
	seen := map[string]bool{}
	for id := range t.linking {
		if root, ok := l.links.root(id); ok {
			seen[root] = true
		}
	}
	return TruePerson{
		Index: i, Story: p.story, Name: p.name.full(), Gender: p.gender, BirthDate: p.birth, BirthLunar: p.lunar,
		City: p.place.city, District: p.place.name, Tier: p.tier, Phone: normal(events.KindPhone, p.phone)[6:], Email: p.email,
		Identifiers: slices.Sorted(maps.Keys(t.identifiers)), Customers: len(seen),
		Events: t.events, Orders: t.orders, Revenue: t.revenue, First: t.first, Last: t.last,
		Slipping: p.slip.kind, SlippingSince: p.slip.since.UTC(), ReturnedAt: p.slip.back.UTC(), SilentFrom: p.slip.silent().UTC(), RhythmDays: int(p.gap() / day),
		Favourites: []string{kinds[p.favourites[0]].category, kinds[p.favourites[1]].category}, Uses: p.trueUses(),
	}
}

// merged finds customers that are several people.
func (l *ledger) merged() [][]int {
	people := map[string]map[int]bool{}
	for i, t := range l.people {
		for id := range t.linking {
			if root, ok := l.links.root(id); ok {
				if people[root] == nil {
					people[root] = map[int]bool{}
				}
				people[root][i] = true
			}
		}
	}
	var out [][]int
	for _, set := range people {
		if len(set) > 1 {
			out = append(out, slices.Sorted(maps.Keys(set)))
		}
	}
	slices.SortFunc(out, slices.Compare[[]int])
	return out
}

// links is a union of identifiers that were seen together.
type links map[string]string

func (l links) root(id string) (string, bool) {
	parent, ok := l[id]
	if !ok {
		return "", false
	}
	for parent != id {
		l[id] = l[parent]
		id, parent = parent, l[parent]
	}
	return id, true
}

func (l links) tie(ids []string) {
	for i, id := range ids {
		if _, ok := l[id]; !ok {
			l[id] = id
		}
		if i > 0 {
			a, _ := l.root(ids[0])
			b, _ := l.root(id)
			l[max(a, b)] = min(a, b)
		}
	}
}

func (l links) components() int {
	n := 0
	for id, parent := range l {
		if id == parent {
			n++
		}
	}
	return n
}

// plots says in one line what each story is about.
var plots = []TrueStory{
	{Key: StoryBeforeCall, What: "order status looked at 5 times, an unanswered delivery inquiry, two failed payments, then the call, minutes before the end"},
	{Key: StoryHandOff, What: "asked on the web in the evening, continued by phone the next morning under the same case"},
	{Key: StoryFading, What: "several visits a week until twelve weeks before the end, then fewer, none in the last three"},
	{Key: StoryFamily, What: "mother and son give the same phone number: the rules make one customer of two people"},
	{Key: StoryTypo, What: "the till took the first one's loyalty number for a purchase of the second"},
	{Key: StoryWrongMail, What: "the second one's browser claims the first one's mail address: must not link"},
	{Key: StoryVIP, What: "platinum, a complaint open for three days, an unanswered call, an advertisement in between"},
	{Key: StoryBirthday, What: "birthdays in the seven days after the end, some by the lunar calendar"},
	{Key: StoryLeapDay, What: "born on 29 February"},
	{Key: StoryNamesake, What: "different people called 김민준"},
	{Key: StoryCoating, What: "complaints about the same lens coating within six days"},
}

func (c *Company) trueStories() []TrueStory {
	out := slices.Clone(plots)
	for i := range out {
		for n, p := range c.people {
			if p.story == out[i].Key {
				out[i].People = append(out[i].People, n)
			}
		}
	}
	return out
}
