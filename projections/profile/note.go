package profile

import (
	"cmp"

	"github.com/c360hq/c360/projections"
)

// note is the latest version of a note.
type note struct {
	said                saying
	text, author, store string
	pinned              bool
}

// maxNote bounds the text of a note; the log has all of it.
const maxNote = 4096

func noteNumber(t *projections.Touch) string {
	return cmp.Or(t.Body.NoteID, "\x00"+t.Source+"\x00"+t.ID)
}

func (n *note) take(t *projections.Touch) {
	said := sayingOf(t)
	if !said.later(&n.said) {
		return
	}
	b := &t.Body
	*n = note{said, cut(b.Text, maxNote), cut(b.Author, maxCaseText), cut(b.Store, maxCaseText), b.Pinned}
}

func (n *note) encode() []byte {
	e := projections.NewEncoder(64 + len(n.text))
	n.said.encode(e)
	e.Text(n.text)
	e.Text(n.author)
	e.Text(n.store)
	e.Bool(n.pinned)
	return e.Bytes()
}

func decodeNote(d *projections.Decoder) note {
	return note{decodeSaying(d), d.Text(), d.Text(), d.Text(), d.Bool()}
}
