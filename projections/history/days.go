package history

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/projections"
)

// maxDays bounds the days counted apart, the latest ones; some clocks are set to anything.
const maxDays = 2000

// DayCount is how many touchpoints a day had.
type DayCount struct {
	Day Day
	N   uint64
}

// ChannelDays counts the touchpoints of a channel by day, the latest day first.
type ChannelDays struct {
	Channel string
	List    []DayCount
	Older   uint64 // those of days before the latest maxDays
}

// Days counts touchpoints by channel and day; channels in the order of their names.
type Days []ChannelDays

// of returns the days of a channel.
func (c *Days) of(channel string) *ChannelDays {
	i, found := slices.BinarySearchFunc(*c, channel, func(x ChannelDays, name string) int { return cmp.Compare(x.Channel, name) })
	if !found {
		*c = slices.Insert(*c, i, ChannelDays{Channel: channel})
	}
	return &(*c)[i]
}

func (l *ChannelDays) add(at Day, n uint64) {
	i, found := 0, false
	for i < len(l.List) && !found && l.List[i].Day >= at { // nearly always the first
		if found = l.List[i].Day == at; !found {
			i++
		}
	}
	switch {
	case found:
		l.List[i].N += n
	case i == maxDays:
		l.Older += n
	default:
		l.List = slices.Insert(l.List, i, DayCount{at, n})
		if len(l.List) > maxDays {
			l.Older += l.List[maxDays].N
			l.List = l.List[:maxDays]
		}
	}
}

// Merge adds the days of another fragment.
func (c *Days) Merge(o Days) {
	for i := range o {
		l := c.of(o[i].Channel)
		l.Older += o[i].Older
		for _, d := range o[i].List {
			l.add(d.Day, d.N)
		}
	}
}

// Total returns how many touchpoints there were.
func (l *ChannelDays) Total() int64 {
	n := l.Older
	for _, d := range l.List {
		n += d.N
	}
	return int64(n) // #nosec G115 -- a count of events
}

func (c *Days) encode(e *projections.Encoder) {
	e.Uint(uint64(len(*c)))
	for i := range *c {
		l := &(*c)[i]
		e.Text(l.Channel)
		e.Uint(l.Older)
		e.Uint(uint64(len(l.List)))
		last := Day(0)
		for _, d := range l.List {
			e.Int(int64(last - d.Day))
			e.Uint(d.N)
			last = d.Day
		}
	}
}

func decodeDays(d *projections.Decoder) Days {
	c := make(Days, d.Len())
	for i := range c {
		l := &c[i]
		l.Channel, l.Older = d.Text(), d.Uint()
		n := d.Len()
		l.List = make([]DayCount, n, n+1)
		last := Day(0)
		for j := range l.List {
			last -= Day(d.Int())
			l.List[j] = DayCount{last, d.Uint()}
		}
	}
	return c
}
