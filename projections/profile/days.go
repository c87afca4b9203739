package profile

import (
	"cmp"
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// maxDays bounds the days counted apart, the latest ones; some clocks are set to anything.
const maxDays = 2000

type dayCount struct {
	day day
	n   uint64
}

// dayList counts events by day, the latest day first.
type dayList struct {
	channel string
	list    []dayCount
	older   uint64 // events of days before the latest maxDays
}

// channelDays counts events by channel and day; channels in the order of their names.
type channelDays []dayList

// of returns the days of a channel.
func (c *channelDays) of(channel string) *dayList {
	i, found := slices.BinarySearchFunc(*c, channel, func(x dayList, name string) int { return cmp.Compare(x.channel, name) })
	if !found {
		*c = slices.Insert(*c, i, dayList{channel: channel})
	}
	return &(*c)[i]
}

func (l *dayList) add(at day, n uint64) {
	i, found := 0, false
	for i < len(l.list) && !found && l.list[i].day >= at { // nearly always the first
		if found = l.list[i].day == at; !found {
			i++
		}
	}
	switch {
	case found:
		l.list[i].n += n
	case i == maxDays:
		l.older += n
	default:
		l.list = slices.Insert(l.list, i, dayCount{at, n})
		if len(l.list) > maxDays {
			l.older += l.list[maxDays].n
			l.list = l.list[:maxDays]
		}
	}
}

// merge adds the days of another fragment.
func (c *channelDays) merge(o channelDays) {
	for i := range o {
		l := c.of(o[i].channel)
		l.older += o[i].older
		for _, d := range o[i].list {
			l.add(d.day, d.n)
		}
	}
}

// total returns how many events there were.
func (l *dayList) total() int64 {
	n := l.older
	for _, d := range l.list {
		n += d.n
	}
	return int64(n) // #nosec G115 -- a count of events
}

func (c *channelDays) encode(e *projections.Encoder) {
	e.Uint(uint64(len(*c)))
	for i := range *c {
		l := &(*c)[i]
		e.Text(l.channel)
		e.Uint(l.older)
		e.Uint(uint64(len(l.list)))
		last := day(0)
		for _, d := range l.list {
			e.Int(int64(last - d.day))
			e.Uint(d.n)
			last = d.day
		}
	}
}

func decodeDays(d *projections.Decoder) channelDays {
	c := make(channelDays, d.Len())
	for i := range c {
		l := &c[i]
		l.channel, l.older = d.Text(), d.Uint()
		n := d.Len()
		l.list = make([]dayCount, n, n+1)
		last := day(0)
		for j := range l.list {
			last -= day(d.Int())
			l.list[j] = dayCount{last, d.Uint()}
		}
	}
	return c
}

// Ribbon returns the events per week up to now.
func (p *Profile) Ribbon(now time.Time) Ribbon {
	start := dayOf(now.UnixMicro()).monday() - 7*(RibbonWeeks-1)
	r := Ribbon{Start: start.start(), Weeks: RibbonWeeks, Channels: map[events.Channel][]int64{}}
	for _, channel := range events.Channels {
		r.Channels[channel] = make([]int64, RibbonWeeks)
	}
	for i := range p.days {
		l := &p.days[i]
		weeks := r.Channels[events.Channel(l.channel)]
		for _, d := range l.list {
			if week := (d.day - start) / 7; d.day >= start && int(week) < len(weeks) {
				weeks[week] += int64(d.n) // #nosec G115 -- a count of events
			}
		}
	}
	return r
}

// Rhythm returns how often the customer comes, as seen now. Messages we sent are not visits, and days to come do not count.
func (p *Profile) Rhythm(now time.Time) Rhythm {
	today := dayOf(now.UnixMicro())
	var visits []day
	for i := range p.days {
		if p.days[i].channel == string(events.ChannelMessage) {
			continue
		}
		for _, d := range p.days[i].list {
			if d.day <= today {
				visits = append(visits, d.day)
			}
		}
	}
	slices.Sort(visits)
	visits = slices.Compact(visits)
	if len(visits) == 0 {
		return Rhythm{SilentDays: -1}
	}
	return Rhythm{UsualGapDays: usualGap(visits), SilentDays: int(today - visits[len(visits)-1])}
}

// usualGap is the median gap between visit days.
func usualGap(visits []day) float64 {
	if len(visits) < 3 {
		return 0
	}
	gaps := make([]day, len(visits)-1)
	for i := range gaps {
		gaps[i] = visits[i+1] - visits[i]
	}
	slices.Sort(gaps)
	half := len(gaps) / 2
	if len(gaps)%2 == 1 {
		return float64(gaps[half])
	}
	return float64(gaps[half-1]+gaps[half]) / 2
}

// Months returns the events per month and channel, the newest month first.
func (p *Profile) Months() []MonthCount {
	var all []MonthCount
	for i := range p.days {
		l := &p.days[i]
		for _, d := range l.list {
			t := d.day.start()
			start := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, Zone)
			if end := len(all) - 1; end < 0 || !all[end].Start.Equal(start) || all[end].Channel != events.Channel(l.channel) {
				all = append(all, MonthCount{Month: start.Format("2006-01"), Start: start, Channel: events.Channel(l.channel)})
			}
			all[len(all)-1].Count += int64(d.n) // #nosec G115 -- a count of events
		}
	}
	slices.SortStableFunc(all, func(a, b MonthCount) int { return b.Start.Compare(a.Start) })
	return all
}
