package churn

import (
	"fmt"

	"github.com/c360hq/c360/events"
)

var channelWords = map[events.Channel]events.Text{
	events.ChannelWeb:     {Ko: "웹 방문", En: "web visits"},
	events.ChannelApp:     {Ko: "앱 방문", En: "app visits"},
	events.ChannelStore:   {Ko: "매장 방문", En: "store visits"},
	events.ChannelCall:    {Ko: "전화", En: "calls"},
	events.ChannelInquiry: {Ko: "문의", En: "inquiries"},
	events.ChannelMessage: {Ko: "메시지 응답", En: "answers to messages"},
	events.ChannelOther:   {Ko: "기타 방문", En: "other visits"},
	"":                    {Ko: "방문", En: "visits"},
}

var purchaseWords = map[events.Channel]events.Text{
	events.ChannelWeb:     {Ko: "웹 구매", En: "web purchases"},
	events.ChannelApp:     {Ko: "앱 구매", En: "app purchases"},
	events.ChannelStore:   {Ko: "매장 구매", En: "store purchases"},
	events.ChannelCall:    {Ko: "전화 구매", En: "purchases by call"},
	events.ChannelInquiry: {Ko: "문의 구매", En: "purchases by inquiry"},
	events.ChannelMessage: {Ko: "메시지 구매", En: "purchases by message"},
	events.ChannelOther:   {Ko: "기타 구매", En: "other purchases"},
	"":                    {Ko: "구매", En: "purchases"},
}

// channelFall is the days of one channel: how many of them are in the last window and in the windows before.
type channelFall struct {
	channel events.Channel
	fall
}

// falls are the reasons of a decline, one a channel that fell: each weighs as much as what it lost.
func (r *reading) falls() ([]Reason, []float64) {
	seen, on := r.policy.Decline.worst(r.days, r.today)
	var list []Reason
	var parts []float64
	sum := 0.0
	for _, c := range r.channels(seen, on) {
		if lost := c.mean() - float64(c.recent); lost > 0 {
			list, parts, sum = append(list, r.fallReason(c, on)), append(parts, lost), sum+lost
		}
	}
	if len(list) == 0 { // the same in each channel, on fewer days
		return []Reason{r.fallReason(channelFall{"", seen}, on)}, []float64{1}
	}
	for i := range parts {
		parts[i] /= sum
	}
	return list, parts
}

// channels counts the days of each channel as the decline policy counts all.
func (r *reading) channels(seen fall, on day) []channelFall {
	size := day(r.policy.Decline.WindowDays)
	from := on - size*day(seen.windows+1)
	var all []channelFall
	for _, name := range events.Channels {
		c := channelFall{name, fall{windows: seen.windows}}
		for _, d := range r.channelDays(name) {
			switch {
			case d > on:
			case d > on-size:
				c.recent++
			case d > from:
				c.before++
			}
		}
		all = append(all, c)
	}
	return all
}

// channelDays are the days of one channel in reach.
func (r *reading) channelDays(name events.Channel) []day {
	k := r.counter
	if !k.through(name) {
		return nil
	}
	k.channels = []events.Channel{name}
	return k.days(r.h, r.at, reach{-1, r.reach.span}, nil)
}

func (r *reading) fallReason(c channelFall, on day) Reason {
	words, days := channelWords[c.channel], r.policy.Decline.WindowDays
	if r.counter.purchases {
		words = purchaseWords[c.channel]
	}
	from := on - day(days*(c.windows+1))
	return Reason{
		Code: "decline", Channel: c.channel,
		Words: events.Text{
			Ko: fmt.Sprintf("%s 감소: %d일 동안 %d일 (이전 평균 %.1f일)", words.Ko, days, c.recent, c.mean()),
			En: fmt.Sprintf("%s falling: %d days in %d days (%.1f on average before)", words.En, c.recent, days, c.mean()),
		},
		Numbers: []Number{
			{"now", float64(c.recent)}, {"before", c.mean()}, {"windows", float64(c.windows)}, {"window_days", float64(days)}, {"as_of_day", float64(on)},
		},
		Touchpoints: r.behind(func(d day, through events.Channel) bool {
			return (c.channel == "" || through == c.channel) && d > from && d <= on
		}),
	}
}
