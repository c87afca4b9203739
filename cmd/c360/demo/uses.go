package demo

import "time"

// consumable is something that runs out: whoever uses it buys it again about every so many days.
type consumable struct {
	sku  string
	days int
	// favourite is the kind of goods that those who use it like, permille how many of them use it.
	favourite, permille int
}

var consumables = []consumable{
	{"CL-1026", 30, kindContacts, 110},
	{"CL-1027", 30, kindContacts, 60},
	{"CL-1029", 42, kindContacts, 70},
	{"CL-1032", 30, kindContacts, 60},
	{"CR-1108", 60, kindContacts, 60},
	{"CR-1107", 75, kindFrames, 110},
}

// use is a consumable that somebody uses, and how long it lasts them.
type use struct {
	good  good
	every time.Duration
}

// uses says what somebody has to buy again and again: how long it lasts is their own, near what is usual.
func (d *dice) uses(favourites [2]int) []use {
	var out []use
	for _, c := range consumables {
		if (favourites[0] == c.favourite || favourites[1] == c.favourite) && d.chance(c.permille) {
			own := time.Duration(c.days) * day / 1000 * time.Duration(d.between(880, 1120))
			out = append(out, use{bySKU[c.sku], own})
		}
	}
	return out
}

// restocks is what somebody buys this week because it has run out.
func (s *scene) restocks(start time.Time) {
	for n, u := range s.p.uses {
		r := rhythm{rhythmUses + uint64(n), u.every, 250, &everyDay, s.p.buying}
		for _, midnight := range s.comings(start, r) {
			if !midnight.Before(s.p.joined) {
				s.restock(u.good, midnight)
			}
		}
	}
}

// restock is somebody who knows what they want: one look, one order.
func (s *scene) restock(g good, midnight time.Time) {
	basket := append([]line{{g, 1}}, s.goesWith(g, midnight)...)
	if s.p.user == "" {
		s.buys(stores[s.p.place.store].name, basket, s.clockTime(midnight, storeHours))
		return
	}
	at := s.clockTime(midnight, webHours)
	v, st := s.arrive(at), &stepper{at, s.d}
	v.who.User = s.p.user
	s.land(v, at)
	s.put(v.source, "product.viewed", v.channel, st.next(5*time.Second, 40*time.Second), v.who, viewed(g, v))
	s.orderOnline(v, basket, st.next(70*time.Second, 3*time.Minute))
}
