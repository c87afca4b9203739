package demo

import "time"

// pair is two goods that people buy together: of a thousand baskets that begin with one, so many get the other too.
// These are the planted pairs that recommendations should find.
type pair struct {
	sku, with string
	permille  int
}

var pairs = []pair{
	{"FR-1001", "CR-1107", 520}, // a frame of titanium, a cleaner for lenses
	{"FR-1005", "CR-1104", 440}, // a frame of horn, a cleaner against fog
	{"SG-1017", "CR-1106", 400}, // sunglasses, a case
	{"CL-1029", "CR-1108", 550}, // lenses for two weeks, the solution they need
	{"LS-1038", "CR-1107", 380}, // progressive lenses, a cleaner for lenses
	{"KN-1044", "CR-1111", 420}, // a sweater of cashmere, a washing liquid for wool
	{"OT-1056", "AC-1080", 560}, // a coat of wool, a scarf of cashmere
	{"OT-1060", "AC-1083", 420}, // a down jacket, gloves of lambswool
	{"TP-1065", "BT-1079", 480}, // a blouse of silk, a pleated skirt
	{"BG-1086", "AC-1085", 300}, // a bag of leather, gloves of leather
	{"HM-1095", "HM-1103", 350}, // candles, something of ceramics for the table
}

// forEver is longer than any history.
const forEver = 200 * 365 * day

// goesWith is what gets into the basket because of the first good in it.
func (s *scene) goesWith(first good, at time.Time) []line {
	planted := false
	var out []line
	for _, p := range pairs {
		if p.sku != first.sku {
			continue
		}
		if planted = true; s.d.chance(p.permille) {
			out = append(out, line{bySKU[p.with], 1})
		}
	}
	for k, kd := range kinds {
		if c, ok := companion[k]; ok && !planted && kd.category == first.category && s.d.chance(c.permille) {
			out = append(out, line{s.goodOf(c.kind, at), 1})
		}
	}
	return out
}
