package demo_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
)

var kst = time.FixedZone("KST", 9*60*60)

func TestRhythmsAreThoseOfPeople(t *testing.T) {
	t.Parallel()
	days, hours := map[events.Channel]*[7]int{}, map[events.Channel]*[24]int{}
	for _, c := range events.Channels {
		days[c], hours[c] = new([7]int), new([24]int)
	}
	for tp := range company(t, demo.Plan{Seed: 360, Customers: 1000, Months: 12, End: end}).History() {
		at := tp.At.In(kst)
		days[tp.Channel][at.Weekday()]++
		hours[tp.Channel][at.Hour()]++
	}
	store, call, web := days[events.ChannelStore], days[events.ChannelCall], days[events.ChannelWeb]
	if store[time.Saturday] < store[time.Tuesday]*3/2 {
		t.Errorf("Saturdays are not busier in the stores: %v", store)
	}
	if call[time.Monday] < call[time.Sunday]*2 {
		t.Errorf("people call on Sundays: %v", call)
	}
	if hours[events.ChannelWeb][21] < hours[events.ChannelWeb][4]*4 {
		t.Errorf("the web does not sleep: %v", hours[events.ChannelWeb])
	}
	if web[time.Sunday] == 0 || hours[events.ChannelCall][3] > 0 {
		t.Errorf("web %v, calls at night %d", web, hours[events.ChannelCall][3])
	}
	for h, n := range hours[events.ChannelMessage] {
		if h < 8 && n > hours[events.ChannelMessage][12]/3 {
			t.Errorf("%d messages at %d at night", n, h)
		}
	}
}

func TestVisitsFall(t *testing.T) {
	t.Parallel()
	var quarters [4]int // of the last 24 weeks, what her browser says: parcels come when they come
	for tp := range company(t, small()).History() {
		if weeks := int(end.Sub(tp.At) / (7 * 24 * time.Hour)); tp.Person == 2 && weeks < 24 && tp.Source == demo.SourceWeb {
			quarters[3-weeks/6]++
		}
	}
	if quarters[0] < 60 || quarters[2] > quarters[1]*3/4 || quarters[3] > quarters[0]/5 {
		t.Errorf("six weeks at a time: %v", quarters)
	}
}

func TestSomebodyHasABirthdayEveryDayOfTheNextWeek(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{end, end.AddDate(0, 2, 9), end.AddDate(1, 7, 3)} {
		solar, lunar := 0, 0
		coming := map[string]bool{}
		for n := 1; n <= 7; n++ {
			coming[at.In(kst).AddDate(0, 0, n).Format("01-02")] = true
		}
		p := small()
		p.End = at
		for _, one := range company(t, p).Truth().People {
			switch {
			case one.Story != demo.StoryBirthday:
			case one.BirthLunar:
				lunar++
			case coming[one.BirthDate[5:]]:
				solar++
			default:
				t.Errorf("%s is not next week", one.BirthDate)
			}
		}
		if solar < 12 || solar+lunar != 16 {
			t.Errorf("%s: %d by the sun, %d by the moon", fmt.Sprint(at), solar, lunar)
		}
	}
}
