package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/c360hq/c360/events"
)

// Rules says what ties fragments together. They are data: another set of rules is another generation.
type Rules struct {
	// Version names the rules in what people read; Hash tells two sets apart.
	Version int
	// Strength lists the kinds from the strongest down; Custom stands for kinds not listed.
	Strength []string
	// Limits is the number of fragments an identifier of a kind may tie, at most 255. With more it is inert.
	Limits map[string]int
	// OtherLimit is the limit of kinds without one of their own.
	OtherLimit int
	// MaxComponent is the number of fragments a customer may have. A tie that would make more is not made.
	MaxComponent int
	// MaxTies is the number of shared identifiers a fragment may have. A fragment with more is a hub, an account
	// that many people use, and stands alone.
	MaxTies int
	// MaxGather is the number of fragments that are looked at together. In a component with more, the weakest
	// kinds are left out, one after the other, until it falls into parts that are small enough.
	MaxGather int
	// Blocked are identifiers ("kind:value", or ":value" for every kind) that never tie.
	Blocked []string
}

// Custom stands in Rules.Strength for the kinds that are not listed.
const Custom = "*"

// maxMembers is how many fragments of an identifier are remembered in its row, the smallest ids; limits are below.
const maxMembers = 256

// DefaultRules returns the rules of a new installation.
//
// A phone or an e-mail is shared by a household or a small office, so 20. A device or a browser is shared by a family or
// stands in a shop, and one browser goes through few accounts, so 50. A user id, a loyalty or a
// card number names one person by its nature; many fragments under one are many browsers of that person, so 255.
func DefaultRules() Rules {
	return Rules{
		Version: 1,
		Strength: []string{
			events.KindUserID, events.KindLoyaltyID, events.KindCard, events.KindEmail, events.KindPhone,
			Custom, events.KindDevice, events.KindAnonymousID,
		},
		Limits: map[string]int{
			events.KindPhone: 20, events.KindEmail: 20, events.KindDevice: 50, events.KindAnonymousID: 50,
		},
		OtherLimit:   255,
		MaxComponent: 500,
		MaxTies:      1000,
		MaxGather:    2000,
		Blocked: []string{
			":null", ":undefined", ":none", ":unknown", ":anonymous", ":guest", ":test", ":n/a", ":-", ":0", ":-1",
			":[object Object]", ":00000000-0000-0000-0000-000000000000",
		},
	}
}

// Validate reports what is wrong with the rules.
func (r Rules) Validate() error {
	for kind, n := range r.Limits {
		if n < 1 || n >= maxMembers {
			return fmt.Errorf("identity rules: the limit of %s is %d; give 1 to %d", kind, n, maxMembers-1)
		}
	}
	if r.OtherLimit < 1 || r.OtherLimit >= maxMembers {
		return fmt.Errorf("identity rules: the other limit is %d; give 1 to %d", r.OtherLimit, maxMembers-1)
	}
	if r.MaxComponent < 1 || r.MaxGather < r.MaxComponent || r.MaxTies < 1 {
		return fmt.Errorf("identity rules: max component %d, gather %d, ties %d; all above 0, gather not below component",
			r.MaxComponent, r.MaxGather, r.MaxTies)
	}
	if !slices.Contains(r.Strength, Custom) || len(r.Strength) > 64 {
		return fmt.Errorf("identity rules: strength lists %d kinds; it needs %q and at most 64", len(r.Strength), Custom)
	}
	return nil
}

// Hash is the same for equal rules only.
func (r Rules) Hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %q %d %d %d %d %q\n", r.Version, r.Strength, r.OtherLimit, r.MaxComponent, r.MaxTies, r.MaxGather,
		slices.Sorted(slices.Values(r.Blocked)))
	for _, kind := range slices.Sorted(maps.Keys(r.Limits)) {
		fmt.Fprintf(h, "%s %d\n", kind, r.Limits[kind])
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// compiled are rules in the form the fold asks them in.
type compiled struct {
	Rules
	blocked map[string]bool
	ranks   map[string]int
}

func compile(r Rules) compiled {
	c := compiled{Rules: r, blocked: map[string]bool{}, ranks: map[string]int{}}
	for _, b := range r.Blocked {
		c.blocked[b] = true
	}
	for i, kind := range r.Strength {
		c.ranks[kind] = i + 1
	}
	return c
}

// rank is 1 for the strongest kind; decisions, which are stronger than any kind, have rank 0.
func (c *compiled) rank(kind string) int {
	if n, ok := c.ranks[kind]; ok {
		return n
	}
	return c.ranks[Custom]
}

// inert reports whether an identifier that so many fragments share ties none of them.
func (c *compiled) inert(kind, value string, fragments int) bool {
	limit, ok := c.Limits[kind]
	if !ok {
		limit = c.OtherLimit
	}
	return fragments > limit || c.blocked[":"+value] || c.blocked[kind+":"+value]
}

// ties reports whether an identifier that so many fragments share ties them together.
func (c *compiled) ties(kind, value string, fragments int) bool {
	return fragments >= 2 && !c.inert(kind, value, fragments)
}
