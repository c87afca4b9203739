package numbers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics/lookalike"
)

// ContrastAnswer is what sets the members of a segment apart from everybody else.
type ContrastAnswer struct {
	Basis
	Group       int64                  `json:"group" doc:"members of the segment"`
	Rest        int64                  `json:"rest" doc:"everybody else"`
	LeftOut     []string               `json:"left_out" doc:"features that were not compared: the segment's own rule asks for them, or the call left them out"`
	Tested      int                    `json:"tested" doc:"how many features were compared"`
	Significant int                    `json:"significant" doc:"how many differ at a false-alarm share of 5 %"`
	TooMany     []string               `json:"too_many_values" doc:"traits with too many different values to be compared"`
	Differences []lookalike.Difference `json:"differences" doc:"significant ones first, then by how large they are at least; a difference is no cause"`
}

// Contrast puts a report into an answer.
func Contrast(b Basis, r *lookalike.Report, left Left) *ContrastAnswer {
	a := &ContrastAnswer{
		Basis: b, Group: r.Group, Rest: r.Rest, LeftOut: listed(left), Tested: r.Tested, Significant: r.Significant,
		TooMany: listed(r.TooMany), Differences: listed(r.Differences),
	}
	if a.rests(min(r.Group, r.Rest), events.Text{Ko: "작은 쪽 고객", En: "customers on the smaller side"}); !r.Enough {
		a.Enough = false
	}
	return a
}

// LookalikesRequest asks who is like the members of a segment.
type LookalikesRequest struct {
	SeedSegment      string   `json:"seed_segment" doc:"the segment to find the like of"`
	ProspectsSegment string   `json:"prospects_segment,omitempty" doc:"the segment whose members are ranked; left out, everybody. Members of the seed segment are never ranked"`
	Limit            int      `json:"limit,omitempty" doc:"how many prospects are told, at most 10000; 0 stands for 100"`
	Leave            []string `json:"leave,omitempty" doc:"features to leave out, beside those that the seed segment's own rule asks for: trait:tier, rate:page.viewed, channel:call, category:…, figure:orders"`
}

// LookalikesAnswer ranks prospects by how much they are like the members of a segment.
type LookalikesAnswer struct {
	Basis
	Seed             string               `json:"seed_segment"`
	ProspectsSegment string               `json:"prospects_segment"`
	LeftOut          []string             `json:"left_out" doc:"features that the ranking does not use"`
	Model            *lookalike.Model     `json:"model" doc:"a logistic regression; hold_out tells how well it ranks customers it has not seen, beside the best single feature; null if there is too little data"`
	Better           *bool                `json:"better" doc:"whether it ranks better than the best single feature on the held-out customers; if not, use that feature"`
	Looked           int64                `json:"looked" doc:"how many prospects were looked at"`
	Prospects        []lookalike.Prospect `json:"prospects" doc:"the most alike first, with what drives each"`
}

// Lookalikes puts a ranking into an answer; m is nil if there was too little data.
func Lookalikes(b Basis, q *LookalikesRequest, left Left, m *lookalike.Model, p *lookalike.Prospects) *LookalikesAnswer {
	a := &LookalikesAnswer{
		Basis: b, Seed: q.SeedSegment, ProspectsSegment: q.ProspectsSegment, LeftOut: listed(left), Model: m,
		Prospects: []lookalike.Prospect{},
	}
	if m == nil {
		a.lacks(events.Text{
			Ko: "기준 세그먼트와 나머지에 고객이 각각 50명은 있어야 합니다.",
			En: "it takes 50 customers in the seed segment and 50 in the rest",
		})
		return a
	}
	better := m.HoldOut.AUC > m.HoldOut.SingleAUC
	a.Enough, a.Why, a.Better, a.Looked, a.Prospects = true, nil, &better, p.Looked, listed(p.Prospects)
	for i := range a.Prospects {
		a.Prospects[i].Drivers = listed(a.Prospects[i].Drivers)
	}
	return a
}

// Left are features that are left out, "kind:name" each.
type Left []string

// Has reports whether a feature is left out. A trait is, be it a text or a number, and revenue in every currency.
func (l Left) Has(k lookalike.Key) bool {
	kind, name := k.Kind, k.Name
	if kind == lookalike.KindNumber {
		kind = lookalike.KindTrait
	}
	if kind == lookalike.KindFigure && strings.HasPrefix(name, "revenue ") {
		name = "revenue"
	}
	return slices.Contains(l, string(kind)+":"+name)
}

// LeaveOut reads the features that a call leaves out, and adds those that a segment's rule asks for: what a group was
// chosen by sets it apart by definition.
func LeaveOut(asked []string, rule []byte) (Left, error) {
	var l Left
	for _, one := range asked {
		kind, name, ok := strings.Cut(one, ":")
		if kinds := []string{"trait", "rate", "channel", "category", "figure"}; !ok || name == "" || !slices.Contains(kinds, kind) {
			return nil, fmt.Errorf("%.60q is no feature; write kind:name with a kind of %s", one, strings.Join(kinds, ", "))
		}
		l = append(l, one)
	}
	var tree any
	if len(rule) > 0 && json.Unmarshal(rule, &tree) == nil {
		l = append(l, asksFor(tree)...)
	}
	slices.Sort(l)
	return slices.Compact(l), nil
}

// asksFor are the traits and the types that a rule in the language of segments asks for. What is counted of a type is a
// rate; of orders it is also what comes with every one.
func asksFor(tree any) []string {
	var all []string
	switch t := tree.(type) {
	case []any:
		for _, x := range t {
			all = append(all, asksFor(x)...)
		}
	case map[string]any:
		for key, x := range t {
			if name, ok := x.(string); ok {
				all = append(all, named(key, name)...)
			}
			all = append(all, asksFor(x)...)
		}
	}
	return all
}

func named(key, name string) []string {
	switch key {
	case "trait":
		return []string{"trait:" + name}
	case "event", "last", "first":
		if strings.HasPrefix(name, "order.") {
			return append([]string{"rate:" + name}, boughtBy...)
		}
		return []string{"rate:" + name}
	}
	return nil
}

// boughtBy are the features that say no more than that something was bought.
var boughtBy = []string{
	"figure:orders", "figure:revenue", "rate:order.completed", "rate:payment.approved", "rate:points.earned",
	"rate:shipment.delivered", "rate:shipment.dispatched",
}
