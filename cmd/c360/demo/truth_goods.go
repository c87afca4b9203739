package demo

import "time"

// TruePair is a pair of goods planted in the baskets: of a thousand that begin with SKU, Permille get With because of it.
// Some get it by chance as well.
type TruePair struct {
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	With     string `json:"with"`
	WithName string `json:"with_name"`
	Permille int    `json:"permille"`
}

// TrueConsumable is a good that runs out, and how many days it usually lasts.
type TrueConsumable struct {
	SKU     string `json:"sku"`
	Name    string `json:"name"`
	GapDays int    `json:"gap_days"`
}

// TrueArrival is a good that was not there from the beginning.
type TrueArrival struct {
	SKU      string    `json:"sku"`
	Name     string    `json:"name"`
	Category string    `json:"category"`
	At       time.Time `json:"at"`
}

// TrueUse is a consumable that a person uses, and how many days it lasts them.
type TrueUse struct {
	SKU     string `json:"sku"`
	GapDays int    `json:"gap_days"`
}

func truePairs() []TruePair {
	all := make([]TruePair, len(pairs))
	for i, p := range pairs {
		all[i] = TruePair{p.sku, bySKU[p.sku].name, p.with, bySKU[p.with].name, p.permille}
	}
	return all
}

func trueConsumables() []TrueConsumable {
	all := make([]TrueConsumable, len(consumables))
	for i, c := range consumables {
		all[i] = TrueConsumable{c.sku, bySKU[c.sku].name, c.days}
	}
	return all
}

// trueArrivals are those that the history sees.
func (p Plan) trueArrivals() []TrueArrival {
	var all []TrueArrival
	for i := range arrivals {
		a := &arrivals[i]
		if at := p.arrivedAt(a); !at.Before(p.Start()) && at.Before(p.End) {
			all = append(all, TrueArrival{a.sku, a.name, a.category, at.UTC()})
		}
	}
	return all
}

func (one *person) trueUses() []TrueUse {
	var all []TrueUse
	for _, u := range one.uses {
		all = append(all, TrueUse{u.good.sku, int((u.every + day/2) / day)})
	}
	return all
}
