package lookalike

import (
	"strconv"

	"github.com/c360hq/c360/events"
)

// channels are what channels are called.
var channels = map[string]events.Text{
	"web": {Ko: "웹", En: "web"}, "app": {Ko: "앱", En: "app"}, "store": {Ko: "매장", En: "store"}, "call": {Ko: "전화", En: "call"},
	"inquiry": {Ko: "문의", En: "inquiry"}, "message": {Ko: "메시지", En: "message"}, "other": {Ko: "기타", En: "other"},
}

// figures are what figures are called; "revenue KRW" is told by its currency.
var figures = map[string]events.Text{
	"orders": {Ko: "주문 수", En: "orders"}, "returned_orders": {Ko: "반품·취소 주문 수", En: "returned orders"},
	"silent_days": {Ko: "마지막 활동 후 일수", En: "days since last heard of"},
	"known_days":  {Ko: "첫 활동 후 일수", En: "days since first heard of"},
}

// title is what a feature is called.
func (o *Options) title(k Key) events.Text {
	name := events.Text{Ko: k.Name, En: k.Name}
	switch k.Kind {
	case KindTrait:
		return events.Text{Ko: k.Name + ": " + k.Value, En: k.Name + " is " + k.Value}
	case KindRate:
		if o.Titles != nil {
			if t := o.Titles(k.Name); t.Ko != "" {
				name = t
			}
		}
		return events.Text{Ko: name.Ko + " (30일당 횟수)", En: name.En + " in 30 days"}
	case KindChannel:
		if t, ok := channels[k.Name]; ok {
			name = t
		}
		return events.Text{Ko: name.Ko + " 채널 비중", En: "share of touchpoints by " + name.En}
	case KindCategory:
		return events.Text{Ko: k.Name + " 구매", En: "bought " + k.Name}
	case KindFigure:
		if t, ok := figures[k.Name]; ok {
			return t
		}
	case KindNumber:
	}
	return name
}

// contrastText says a difference in words.
func (o *Options) contrastText(d *Difference) events.Text {
	t, write := o.title(d.Key), amount
	if d.binary() || d.Kind == KindChannel {
		write = percent
	}
	group, rest := write(d.Group), write(d.Rest)
	return events.Text{Ko: t.Ko + ": " + group + " (나머지 " + rest + ")", En: t.En + ": " + group + " against " + rest}
}

// driverText says what a customer has of a feature, and which way that moves them.
func (o *Options) driverText(d *Driver) events.Text {
	t := o.title(d.Key)
	switch {
	case d.binary() && d.Has == 0:
		t = events.Text{Ko: t.Ko + " (해당 없음)", En: "not: " + t.En}
	case d.binary():
	case d.Kind == KindChannel:
		t = events.Text{Ko: t.Ko + " " + percent(d.Has), En: t.En + " " + percent(d.Has)}
	default:
		t = events.Text{Ko: t.Ko + " " + amount(d.Has), En: t.En + " " + amount(d.Has)}
	}
	if d.Adds < 0 {
		return events.Text{Ko: "▼ " + t.Ko, En: "less alike: " + t.En}
	}
	return events.Text{Ko: "▲ " + t.Ko, En: "more alike: " + t.En}
}

func percent(share float64) string {
	return strconv.FormatFloat(share*100, 'f', 1, 64) + " %"
}

// amount writes a number as short as it is told apart.
func amount(v float64) string {
	if v >= 100 || v <= -100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}
