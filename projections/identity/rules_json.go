package identity

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
)

// rulesJSON is what Rules look like as JSON. A member that is missing, or null, is the default's.
type rulesJSON struct {
	Version      *int            `json:"version"`
	Strength     []string        `json:"strength"`
	Limits       map[string]*int `json:"limits"`
	OtherLimit   *int            `json:"other_limit"`
	MaxComponent *int            `json:"max_component"`
	MaxTies      *int            `json:"max_ties"`
	MaxGather    *int            `json:"max_gather"`
	Blocked      []string        `json:"blocked"`
}

// The most that ParseRules takes: beyond it folding one event may take longer than anybody waits.
const (
	mostComponent = 10_000
	mostTies      = 100_000
	mostGather    = 100_000
	mostKinds     = 64
	mostBlocked   = 1_000
	mostText      = 32 << 10
)

// ParseRules reads rules as JSON. What is missing is as in DefaultRules, kind by kind in "limits", where null takes a
// default away. It is strict: what it does not know, is of the wrong kind or out of range is an *events.JSONError that
// says where, and what to write instead.
func ParseRules(text []byte) (Rules, error) {
	r := DefaultRules()
	if len(text) > mostText {
		return r, fmt.Errorf("identity rules: %w", &events.JSONError{Problem: fmt.Sprintf("are %d bytes long; give at most %d", len(text), mostText)})
	}
	if err := events.CheckJSON(text); err != nil {
		return r, fmt.Errorf("identity rules: %w", err)
	}
	var in rulesJSON
	if err := json.Unmarshal(text, &in, json.RejectUnknownMembers(true)); err != nil {
		return r, fmt.Errorf("identity rules: %w", notRules(err))
	}
	in.over(&r)
	if err := r.check(); err != nil {
		return r, fmt.Errorf("identity rules: %w", err)
	}
	return r, r.Validate()
}

// notRules says where JSON is not rules.
func notRules(err error) error {
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic) && errors.Is(err, json.ErrUnknownName):
		return &events.JSONError{Pointer: string(semantic.JSONPointer), Problem: "there is no such rule; there are version, strength, limits, " +
			"other_limit, max_component, max_ties, max_gather and blocked"}
	case errors.As(err, &semantic):
		return &events.JSONError{Pointer: string(semantic.JSONPointer), Problem: "is of the wrong kind; strength and blocked are lists of texts, " +
			"limits is an object of whole numbers, the others are whole numbers"}
	case errors.As(err, &syntactic):
		return &events.JSONError{Pointer: string(syntactic.JSONPointer), Problem: "is not JSON; give one object"}
	}
	return &events.JSONError{Problem: "give one JSON object"}
}

// over puts what is given over r.
func (in *rulesJSON) over(r *Rules) {
	for _, n := range [...]struct{ from, to *int }{
		{in.Version, &r.Version},
		{in.OtherLimit, &r.OtherLimit},
		{in.MaxComponent, &r.MaxComponent},
		{in.MaxTies, &r.MaxTies},
		{in.MaxGather, &r.MaxGather},
	} {
		if n.from != nil {
			*n.to = *n.from
		}
	}
	if in.Strength != nil {
		r.Strength = in.Strength
	}
	if in.Blocked != nil {
		r.Blocked = in.Blocked
	}
	for kind, limit := range in.Limits {
		if limit == nil {
			delete(r.Limits, kind)
		} else {
			r.Limits[kind] = *limit
		}
	}
}

// check reports the first rule that is out of range.
func (r *Rules) check() error {
	for _, n := range [...]struct {
		name               string
		value, least, most int
	}{
		{"version", r.Version, 1, 1 << 30},
		{"other_limit", r.OtherLimit, 1, maxMembers - 1},
		{"max_component", r.MaxComponent, 1, mostComponent},
		{"max_ties", r.MaxTies, 1, mostTies},
		{"max_gather", r.MaxGather, r.MaxComponent, mostGather},
	} {
		if err := within("/"+n.name, n.value, n.least, n.most); err != nil {
			return err
		}
	}
	if err := r.checkLimits(); err != nil {
		return err
	}
	if err := r.checkStrength(); err != nil {
		return err
	}
	return r.checkBlocked()
}

func within(pointer string, value, least, most int) error {
	if value >= least && value <= most {
		return nil
	}
	return &events.JSONError{Pointer: pointer, Problem: fmt.Sprintf("is %d; give %d to %d", value, least, most)}
}

func (r *Rules) checkLimits() error {
	for _, kind := range slices.Sorted(maps.Keys(r.Limits)) {
		pointer := string(jsontext.Pointer("/limits").AppendToken(kind))
		if !events.ValidKind(kind) {
			return &events.JSONError{Pointer: pointer, Problem: "is no kind of identifier; write it in lower-case letters, digits and underscores"}
		}
		if err := within(pointer, r.Limits[kind], 1, maxMembers-1); err != nil {
			return err
		}
	}
	if len(r.Limits) > mostKinds {
		return &events.JSONError{Pointer: "/limits", Problem: fmt.Sprintf("has %d kinds; give at most %d", len(r.Limits), mostKinds)}
	}
	return nil
}

func (r *Rules) checkStrength() error {
	for i, kind := range r.Strength {
		pointer := "/strength/" + strconv.Itoa(i)
		if kind != Custom && !events.ValidKind(kind) {
			return &events.JSONError{Pointer: pointer, Problem: `is no kind of identifier; write it in lower-case letters, digits and underscores, or "*"`}
		}
		if slices.Index(r.Strength, kind) < i {
			return &events.JSONError{Pointer: pointer, Problem: "is there already; list every kind once"}
		}
	}
	if !slices.Contains(r.Strength, Custom) || len(r.Strength) > mostKinds {
		return &events.JSONError{Pointer: "/strength", Problem: fmt.Sprintf(
			`lists %d kinds; list at most %d, the strongest first, and "*" for those that are not listed`, len(r.Strength), mostKinds)}
	}
	return nil
}

func (r *Rules) checkBlocked() error {
	for i, b := range r.Blocked {
		kind, value, ok := strings.Cut(b, ":")
		if !ok || value == "" || kind != "" && !events.ValidKind(kind) {
			return &events.JSONError{Pointer: "/blocked/" + strconv.Itoa(i), Problem: `blocks nothing; write "phone:+821012345678", or ":unknown" for every kind`}
		}
	}
	if len(r.Blocked) > mostBlocked {
		return &events.JSONError{Pointer: "/blocked", Problem: fmt.Sprintf("has %d identifiers; give at most %d", len(r.Blocked), mostBlocked)}
	}
	return nil
}

// MarshalJSON writes the rules down in one way: two sets with one Hash give the same bytes, and ParseRules gives the set
// back. Kinds whose default limit the set does not have are null.
func (r Rules) MarshalJSON() ([]byte, error) {
	out := rulesJSON{
		Version: &r.Version, Strength: r.Strength, Limits: map[string]*int{}, OtherLimit: &r.OtherLimit,
		MaxComponent: &r.MaxComponent, MaxTies: &r.MaxTies, MaxGather: &r.MaxGather, Blocked: slices.Sorted(slices.Values(r.Blocked)),
	}
	for kind := range DefaultRules().Limits {
		out.Limits[kind] = nil
	}
	for kind, limit := range r.Limits {
		out.Limits[kind] = &limit
	}
	if out.Blocked == nil {
		out.Blocked = []string{}
	}
	return json.Marshal(out, json.Deterministic(true))
}

// UnmarshalJSON is ParseRules.
func (r *Rules) UnmarshalJSON(text []byte) error {
	parsed, err := ParseRules(text)
	if err == nil {
		*r = parsed
	}
	return err
}
