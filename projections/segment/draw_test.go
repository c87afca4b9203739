package segment_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/segment"
)

const (
	hour = int64(time.Hour / time.Microsecond)
	day  = 24 * hour
)

// start is when drawn histories begin: midnight in Seoul.
var start = time.Date(2026, 2, 14, 0, 0, 0, 0, history.Zone).UnixMicro()

func words(t testing.TB) segment.Vocabulary {
	t.Helper()
	c, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return segment.Vocabulary{Catalogue: c, Seen: func(kind string) bool { return kind == "custom.song_played" }}
}

// others are the segments that drawn rules may speak of.
var others = map[string]string{
	"vip":    `{"trait":"tier","in":["gold","vip"]}`,
	"loud":   `{"any":[{"event":"call.ended","count":{">=":2},"within":"3d"},{"segment":"vip"}]}`,
	"nobody": `{"all":[{"trait":"tier","exists":true},{"trait":"tier","exists":false}]}`,
}

func compile(t fataler, v segment.Vocabulary, text string) *segment.Program {
	t.Helper()
	rule, err := segment.Parse([]byte(text), v)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	p, err := segment.Compile(rule, func(name string) (*segment.Rule, bool) {
		r, err := segment.Parse([]byte(others[name]), v)
		return r, err == nil
	})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return p
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// dice draw evenly, which rapid does not; they are what a seed makes them.
type dice struct{ *rand.Rand }

func roll(t *rapid.T) *dice {
	return &dice{rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), rapid.Uint64().Draw(t, "second seed")))}
}

// between draws from both ends and all between them.
func (d *dice) between(least, most int) int { return least + d.IntN(most-least+1) }

func pick(t *dice, from ...string) string { return from[t.IntN(len(from))] }

// drawRule draws the JSON of a rule. Comparisons are around what drawn histories have.
func drawRule(t *dice, depth int) string {
	if depth > 0 && t.between(0, 2) > 0 {
		switch pick(t, "all", "any", "not") {
		case "not":
			return fmt.Sprintf(`{"not":%s}`, drawRule(t, depth-1))
		case "any":
			return fmt.Sprintf(`{"any":[%s]}`, drawRules(t, depth-1))
		}
		return fmt.Sprintf(`{"all":[%s]}`, drawRules(t, depth-1))
	}
	return leaves[t.between(0, len(leaves)-1)](t)
}

func drawRules(t *dice, depth int) string {
	parts := make([]string, t.between(1, 3))
	for i := range parts {
		parts[i] = drawRule(t, depth)
	}
	return strings.Join(parts, ",")
}

// leaves draw conditions that hold no others.
var leaves = []func(*dice) string{
	func(t *dice) string {
		return fmt.Sprintf(`{"trait":"tier",%s}`, pick(t, `"is":"gold"`, `"is_not":"gold"`, `"in":["vip","silver"]`, `"not_in":["vip"]`, `"exists":true`, `"contains":"old"`))
	},
	func(t *dice) string {
		return fmt.Sprintf(`{"trait":"visits",%s}`, pick(t, `"is":3`, `">=":2,"<":5`, `">":2.5`, `"exists":false`, `"in":[1,2]`))
	},
	func(t *dice) string {
		return fmt.Sprintf(`{"trait":"interests",%s}`, pick(t, `"contains":"lens"`, `"is_not":"lens"`, `"exists":true`))
	},
	func(t *dice) string {
		return fmt.Sprintf(`{"trait":"age",%s}`, pick(t, `">=":30`, `"<":30`, `"is":29`, `">=":29,"<=":30`))
	},
	drawCount, drawCount, drawOrders, drawSum, drawMoment, drawMoment, drawSequence, drawSequence,
	func(t *dice) string {
		return fmt.Sprintf(`{"segment":%q}`, pick(t, "vip", "loud", "nobody"))
	},
	func(t *dice) string {
		return fmt.Sprintf(`{"identifier":%q,"grade":%q}`, pick(t, "email", "phone"), pick(t, "claimed", "asserted", "verified"))
	},
	func(t *dice) string {
		return fmt.Sprintf(`{"consent":"marketing","medium":%q}`, pick(t, "sms", "email", "*"))
	},
	func(t *dice) string { return fmt.Sprintf(`{"birthday":{"within":%q}}`, pick(t, "0d", "2d", "1w")) },
	func(t *dice) string {
		return fmt.Sprintf(`{"anniversary":{"of":"joined_on","within":%q}}`, pick(t, "0d", "3d"))
	},
}

func drawKind(t *dice) string {
	return pick(t, "page.viewed", "page.viewed", "product.added", "call.ended", "order.completed", "order.cancelled", "custom.song_played")
}

func drawWhere(t *dice) string {
	return pick(t, "", "", `,"where":[{"field":"category","is":"lens"}]`, `,"where":[{"field":"channel","in":["web","app"]}]`,
		`,"where":[{"field":"amount",">=":30000}]`, `,"where":[{"field":"item.sku","is":"S1"},{"field":"quantity","<":3}]`,
		`,"where":[{"field":"item.category","is_not":"lens"}]`, `,"where":[{"field":"complaint","is":true}]`, `,"where":[{"field":"coupon","exists":false}]`)
}

func drawWithin(t *dice) string {
	return pick(t, "", `,"within":"1d"`, `,"within":"36h"`, `,"within":"5d"`, `,"within":"90m"`)
}

func drawCount(t *dice) string {
	return fmt.Sprintf(`{"event":%q%s%s%s}`, drawKind(t), drawWhere(t),
		pick(t, "", `,"count":{">=":2}`, `,"count":{"is":0}`, `,"count":{"<":3}`, `,"count":{">=":1,"<=":2}`, `,"count":{"is":2}`), drawWithin(t))
}

func drawOrders(t *dice) string {
	return fmt.Sprintf(`{"event":"order.completed"%s%s%s}`, drawWhere(t), pick(t, "", `,"count":{"<":2}`, `,"count":{"is":1}`, `,"count":{">=":2}`), drawWithin(t))
}

func drawSum(t *dice) string {
	return fmt.Sprintf(`{"event":%q%s,"sum":%q,%s%s}`, pick(t, "order.completed", "order.completed", "product.added", "call.ended"), drawWhere(t),
		pick(t, "amount", "amount", "quantity", "points"), pick(t, `">=":50000`, `"<":60000`, `">":2,"<=":70000`, `"is":0`), drawWithin(t))
}

func drawAgo(t *dice) string {
	return pick(t, `{">=":"2d"}`, `{"<":"1d"}`, `{">":"6h","<=":"4d"}`, `{"<=":"90m"}`)
}

func drawMoment(t *dice) string {
	return fmt.Sprintf(`{%q:%q%s,"ago":%s}`, pick(t, "last", "first"), drawKind(t), drawWhere(t), drawAgo(t))
}

func drawSequence(t *dice) string {
	steps := []string{}
	for range t.between(2, 3) {
		steps = append(steps, fmt.Sprintf(`{"event":%q%s}`, drawKind(t), pick(t, "", "", `,"where":[{"field":"category","is":"lens"}]`)))
	}
	if n := len(steps) - 1; t.between(0, 1) == 1 {
		steps[n] = steps[n][:len(steps[n])-1] + `,"absent":true}`
	}
	ago := ""
	if t.between(0, 1) == 1 {
		ago = `,"ago":` + drawAgo(t)
	}
	return fmt.Sprintf(`{"sequence":[%s]%s%s%s}`, strings.Join(steps, ","), pick(t, "", "", `,"same":"order"`, `,"same":"category"`), drawWithin(t), ago)
}

// drawHistory draws a customer of one to three fragments and at most so many touchpoints, over ten days, many at the same
// time or at the same time of day.
func drawHistory(t *dice, most int) *history.History {
	fragments := make([]*history.Fragment, t.between(1, 3))
	for i := range fragments {
		fragments[i] = &history.Fragment{ID: uuid.UUID{byte(i + 1)}}
		if t.between(0, 1) == 1 {
			since := start + int64(t.between(0, 5))*day
			fragments[i].Kinds = []history.Kind{{Name: pick(t, "email", "phone"), Grade: events.Grade(t.between(1, 3)), Since: since}}
		}
	}
	for key := range t.between(most/2, most) {
		f := fragments[t.between(0, len(fragments)-1)]
		f.Touchpoints = append(f.Touchpoints, drawTouchpoint(t, f.ID, uint64(key)))
	}
	for _, f := range fragments {
		slices.SortFunc(f.Touchpoints, func(a, b history.Touchpoint) int {
			if a.At != b.At {
				return int(a.At - b.At)
			}
			return int(a.Key) - int(b.Key)
		})
	}
	return history.Merge(fragments...)
}

func drawTouchpoint(t *dice, f uuid.UUID, key uint64) history.Touchpoint {
	p := history.Touchpoint{
		At: start + int64(t.between(0, 80))*3*hour, Key: key, Fragment: f, Type: drawKind(t),
		Grade: events.Grade(t.between(1, 3)), Channel: events.Channel(pick(t, "web", "app", "store")),
	}
	switch {
	case strings.HasPrefix(p.Type, "order."):
		p.Order = pick(t, "1", "2", "3", "")
		p.Amount, p.Currency = events.Money(int64(t.between(0, 8))*100_000_000), pick(t, "KRW", "KRW", "USD")
		p.HasAmount = p.Type == "order.completed" || (t.between(0, 1) == 1)
		p.Items = []history.Item{{SKU: pick(t, "S1", "S2"), Category: pick(t, "lens", "frame")}}
	case t.between(0, 3) == 0:
		p.Type = pick(t, "consent.given", "consent.withdrawn", "message.unsubscribed")
		p.Fields = []history.Field{{Name: "purpose", Value: "marketing"}, {Name: "medium", Value: pick(t, "sms", "email", "*")}}
	case t.between(0, 2) == 0:
		p.Type, p.Traits = "customer.identified", drawTraits(t)
	}
	for _, name := range []string{"category", "quantity", "points", "complaint", "coupon"} {
		if v := pick(t, "", fieldValues[name][0], fieldValues[name][1]); v != "" {
			p.Fields = append(p.Fields, history.Field{Name: name, Value: v})
		}
	}
	return p
}

var fieldValues = map[string][2]string{
	"category": {"lens", "frame"}, "quantity": {"2", "4.5"}, "points": {"30000", "-20000"}, "complaint": {"true", "false"}, "coupon": {"C1", "C2"},
}

func drawTraits(t *dice) []events.Trait {
	var all []events.Trait
	for _, name := range slices.Sorted(maps.Keys(traitValues)) {
		if i := t.between(-1, len(traitValues[name])-1); i >= 0 {
			all = append(all, events.Trait{Name: name, Value: traitValues[name][i]})
		}
	}
	return all
}

// traitValues are JSON.
var traitValues = map[string][]string{
	"tier": {`"gold"`, `"silver"`, `"vip"`}, "visits": {`1`, `3`, `4.5`, `"3"`}, "interests": {`["lens"]`, `[]`, `"lens"`},
	"birth_date":  {`"1996-02-15"`, `"1996-02-29"`, `"1997-01-01"`, `"no day"`, `"1996-02-20T00:00:00Z"`},
	"birth_lunar": {`true`, `false`}, "birth_leap": {`true`}, "joined_on": {`"2024-02-16"`, `"2025-02-23"`, `"2026-02-20"`},
	"time_zone": {`"America/New_York"`, `"Nowhere/At_All"`, `"Pacific/Apia"`},
}
