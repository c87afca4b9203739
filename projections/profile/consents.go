package profile

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/projections"
)

// maxConsents bounds the purposes and media of one fragment; of more, the least names are kept.
const maxConsents = 64

type consent struct {
	purpose, medium string
	given           bool
	textVersion     string
	said            saying
}

// consents are sorted by purpose and medium.
type consents []consent

func (c *consents) set(x consent) {
	if len(x.purpose)+len(x.medium)+len(x.textVersion) > 256 {
		return
	}
	i, found := slices.BinarySearchFunc(*c, x, func(a, b consent) int {
		return cmp.Or(cmp.Compare(a.purpose, b.purpose), cmp.Compare(a.medium, b.medium))
	})
	switch {
	case !found:
		*c = slices.Insert(*c, i, x)
		*c = (*c)[:min(len(*c), maxConsents)]
	case x.said.later(&(*c)[i].said):
		(*c)[i] = x
	}
}

// consent takes in what the event says about consent.
func (s *state) consent(t *projections.Touch) {
	b := &t.Body
	x := consent{
		purpose: b.Purpose, medium: cmp.Or(b.Medium, "*"), given: t.Type == "consent.given",
		textVersion: b.TextVersion, said: sayingOf(t),
	}
	if t.Type == "message.unsubscribed" {
		x.purpose = "marketing"
	}
	if x.purpose != "" {
		s.consents.change(decodeConsents).set(x)
	}
}

func encodeConsents(e *projections.Encoder, c *consents) {
	for i := range *c {
		x := &(*c)[i]
		e.Text(x.purpose)
		e.Text(x.medium)
		e.Bool(x.given)
		e.Text(x.textVersion)
		x.said.encode(e)
	}
}

func decodeConsents(d *projections.Decoder) consents {
	var c consents
	for d.More() {
		x := consent{purpose: d.Text(), medium: d.Text(), given: d.Bool(), textVersion: d.Text()}
		x.said = decodeSaying(d)
		c = append(c, x)
	}
	return c
}
