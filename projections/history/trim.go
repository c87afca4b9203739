package history

import "slices"

// What is kept of a fragment is a function of what happened, not of the order in which it was told, though what was left
// out is gone: the latest MaxTouchpoints of either sort, and those before them as far back as the next landmark, or
// maxSpare. Landmarks are touchpoints that a hash picks. The more is told the later is where that begins, so nothing that
// was left out is ever wanted again; and it moves once in some hundred touchpoints, so a fragment that goes on and on is not
// written anew, and judged anew, at every one.
const (
	landmarkEvery = 512
	maxSpare      = 1024
)

// side is how many touchpoints of a sort there are, and the place among them of the first landmark but the very first of
// them; 0 if there is none.
type side struct{ count, landmark int }

func (s *side) add(t *Touchpoint) {
	if s.landmark == 0 && t.isLandmark() {
		s.landmark = s.count
	}
	s.count++
}

// full reports whether there are so many that some can be left out.
func (s *side) full() bool {
	spare := s.count - MaxTouchpoints
	return spare > maxSpare || s.landmark > 0 && spare >= s.landmark
}

// isLandmark mixes the key once more: whoever makes up ids does not see through it by chance.
func (t *Touchpoint) isLandmark() bool {
	return (t.Key*0x9e3779b97f4a7c15)>>32%landmarkEvery == 0
}

// side is 1 for a touchpoint of those that quiet ones do not push out, 0 for a quiet one.
func (t *Touchpoint) side() int {
	if t.weighty() {
		return 1
	}
	return 0
}

// weighty reports whether a touchpoint is one of those that quiet ones do not push out: it is about an order, says
// something about the person, or is a word of consent.
func (t *Touchpoint) weighty() bool {
	return t.Order != "" || len(t.Traits) > 0 || t.Field("purpose") != ""
}

func sidesOf(list []Touchpoint) (all [2]side) {
	for i := range list {
		all[list[i].side()].add(&list[i])
	}
	return all
}

// fits reports whether nothing is left out when these come on top of what there is.
func (h *head) fits(list []Touchpoint) bool {
	if h.total+len(list) <= MaxTouchpoints {
		return true
	}
	would := h.sides
	for i := range list {
		would[list[i].side()].add(&list[i])
	}
	return !would[0].full() && !would[1].full()
}

// trim sums up the earliest touchpoints of either sort, if there are so many.
func (c *chunk) trim(list []Touchpoint) []Touchpoint {
	is := sidesOf(list)
	if !is[0].full() && !is[1].full() {
		return list
	}
	var spare [2]int
	for i := range spare {
		spare[i] = spareOf(list, i, is[i].count)
	}
	c.isCut = true
	return slices.DeleteFunc(list, func(t Touchpoint) bool {
		if spare[t.side()] <= 0 {
			return false
		}
		spare[t.side()]--
		c.older = addOlder(c.older, olderOf(&t))
		return true
	})
}

// spareOf returns how many of the earliest touchpoints of a sort are left out: all before the last landmark that leaves
// MaxTouchpoints, and at least so many that no more than maxSpare are beyond those.
func spareOf(list []Touchpoint, of, count int) int {
	spare := max(0, count-MaxTouchpoints-maxSpare)
	place := 0
	for i := range list {
		if list[i].side() != of {
			continue
		}
		if place > count-MaxTouchpoints {
			break
		}
		if place > spare && list[i].isLandmark() {
			spare = place
		}
		place++
	}
	return spare
}
