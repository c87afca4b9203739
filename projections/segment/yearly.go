package segment

import (
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// yearly is a birthday, or another day that is kept every year, being today or in the days to come.
type yearly struct {
	trait string
	days  int64
	zones *zones
}

func (y *yearly) at(h *history.History, at int64) (in bool, due int64) {
	z := y.zones.of(h, at)
	today := dayIn(z, at)
	next, ok := y.next(h, at, today)
	switch ahead := int64(next - today); {
	case !ok:
		return false, standing.Never
	case ahead <= y.days:
		return true, startOf(z, next+1)
	}
	return false, startOf(z, next-int(y.days))
}

func (y *yearly) next(h *history.History, at int64, today int) (int, bool) {
	a, ok := annualOf(h, y.trait, at)
	if y.trait == birthDate {
		a, ok = bornOn(h, at)
	}
	if !ok {
		return 0, false
	}
	return a.next(today)
}

func (y *yearly) write(b []byte) []byte {
	if y.trait == birthDate {
		b = append(b, `{"birthday":{`...)
	} else {
		b = append(quote(append(b, `{"anniversary":{"of":`...), y.trait), ',')
	}
	b = quote(append(b, `"within":`...), lengthText(y.days*day))
	return append(b, "}}"...)
}

func (y *yearly) words() events.Text {
	of, in := nameOf(y.trait), lengthWords(y.days*day)
	if y.trait == birthDate {
		of = events.Text{Ko: "생일", En: "birthday"}
	} else {
		of = events.Text{Ko: of.Ko + " 기념일", En: "anniversary of " + of.En}
	}
	if y.days == 0 {
		return events.Text{Ko: of.Ko + ": 오늘", En: of.En + " today"}
	}
	return events.Text{Ko: of.Ko + ": " + in.Ko + " 안", En: of.En + " within " + in.En}
}

func (y *yearly) need(n *needs) { n.traits = true }
