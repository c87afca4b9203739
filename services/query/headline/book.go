package headline

import (
	"strings"

	"github.com/c360hq/c360/events"
)

// Text is one thing said in both languages.
type Text = events.Text

// Tone says whether an event is good or bad news for the customer.
type Tone = events.Tone

// The tones of a row; Live is only used by the brief, for a call that is still going on.
const (
	Plain      = events.TonePlain
	Good       = events.ToneGood
	Bad        = events.ToneBad
	Live  Tone = "live"
)

// Book knows how to say every type of event. It never changes and may be used by many at once.
type Book struct{ catalogue *events.Catalogue }

// NewBook returns a book over a catalogue, which gives the plain names and tones.
func NewBook(c *events.Catalogue) *Book { return &Book{catalogue: c} }

// Known reports whether the catalogue knows a type.
func (b *Book) Known(eventType string) bool {
	_, ok := b.catalogue.Lookup(eventType)
	return ok
}

// customPrefix marks the types that were names of custom events.
const customPrefix = "custom."

// Name returns the plain name of a type. One that the catalogue does not know is called what its source called it,
// as far as that can still be seen.
func (b *Book) Name(eventType string) Text {
	if t, ok := b.catalogue.Lookup(eventType); ok {
		return t.Title
	}
	if own, ok := strings.CutPrefix(eventType, customPrefix); ok {
		return Same(strings.ReplaceAll(own, "_", " "))
	}
	return Same(eventType)
}

// Say says an event in a title and a detail line.
func (b *Book) Say(eventType string, f *Facts) (title, detail Text) {
	t := templates[eventType]
	said := []Text{b.Name(eventType)}
	if eventType == "order.completed" && f.Store != "" {
		said[0] = Text{Ko: f.Store + " 구매", En: "Purchase at " + f.Store}
	}
	return join(append(said, texts(t.title, f)...)...), join(texts(t.detail, f)...)
}

func texts(phrases []phrase, f *Facts) []Text {
	all := make([]Text, len(phrases))
	for i, p := range phrases {
		all[i] = p(f)
	}
	return all
}

// Tone says whether the event is good or bad news: what its type is, unless its facts say otherwise.
func (b *Book) Tone(eventType string, f *Facts) Tone {
	switch {
	case Unhappy(eventType, f), eventType == "inquiry.opened" && f.Complaint:
		return Bad
	case eventType == "call.ended" && f.Resolved != nil && !*f.Resolved:
		return Bad
	}
	if t, ok := b.catalogue.Lookup(eventType); ok {
		return t.Tone
	}
	return Plain
}

const (
	// lowShare is the share of its scale up to which an answer counts as unhappy: 2 of 5, 4 of 10.
	lowShare     = 0.4
	defaultScale = 5
)

// Unhappy reports whether the event is a survey answer or a review at the low end of its scale.
func Unhappy(eventType string, f *Facts) bool {
	if eventType != "survey.answered" && eventType != "review.submitted" || f.Score == nil {
		return false
	}
	scale := f.Scale
	if scale <= 0 {
		scale = defaultScale
	}
	return *f.Score <= lowShare*float64(scale)
}
