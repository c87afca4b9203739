package profile

import (
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Ribbon returns the events per week up to now.
func (p *Profile) Ribbon(now time.Time) Ribbon {
	start := history.DayOf(now.UnixMicro()).Monday() - 7*(RibbonWeeks-1)
	r := Ribbon{Start: start.Start(), Weeks: RibbonWeeks, Channels: map[events.Channel][]int64{}}
	for _, channel := range events.Channels {
		r.Channels[channel] = make([]int64, RibbonWeeks)
	}
	for i := range p.days {
		l := &p.days[i]
		weeks := r.Channels[events.Channel(l.Channel)]
		for _, d := range l.List {
			if week := (d.Day - start) / 7; d.Day >= start && int(week) < len(weeks) {
				weeks[week] += int64(d.N) // #nosec G115 -- a count of events
			}
		}
	}
	return r
}

// Rhythm returns how often the customer comes, as seen now. Messages we sent are not visits, and days to come do not count.
func (p *Profile) Rhythm(now time.Time) Rhythm {
	today := history.DayOf(now.UnixMicro())
	var visits []history.Day
	for i := range p.days {
		if p.days[i].Channel == string(events.ChannelMessage) {
			continue
		}
		for _, d := range p.days[i].List {
			if d.Day <= today {
				visits = append(visits, d.Day)
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
func usualGap(visits []history.Day) float64 {
	if len(visits) < 3 {
		return 0
	}
	gaps := make([]history.Day, len(visits)-1)
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
		for _, d := range l.List {
			t := d.Day.Start()
			start := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, Zone)
			if end := len(all) - 1; end < 0 || !all[end].Start.Equal(start) || all[end].Channel != events.Channel(l.Channel) {
				all = append(all, MonthCount{Month: start.Format("2006-01"), Start: start, Channel: events.Channel(l.Channel)})
			}
			all[len(all)-1].Count += int64(d.N) // #nosec G115 -- a count of events
		}
	}
	slices.SortStableFunc(all, func(a, b MonthCount) int { return b.Start.Compare(a.Start) })
	return all
}
