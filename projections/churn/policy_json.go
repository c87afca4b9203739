package churn

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
)

// PolicyError says where a policy is wrong and what to write instead.
type PolicyError struct {
	// Pointer is the JSON pointer (RFC 6901) of what is wrong, "" for the policy itself.
	Pointer string
	Problem string
}

func (e *PolicyError) Error() string {
	if e.Pointer == "" {
		return "churn policy: " + e.Problem
	}
	return "churn policy: " + e.Pointer + ": " + e.Problem
}

// maxPolicy bounds the bytes of a policy.
const maxPolicy = 16 << 10

// Parse reads a policy. What is missing is as in Default, member by member; what is not known, of the wrong kind or out of
// range is a *PolicyError.
func Parse(text []byte) (Policy, error) {
	p := Policy{Counts: defaultCounts, Signals: defaultSignals}
	if len(text) > maxPolicy {
		return p, &PolicyError{"", fmt.Sprintf("is %d bytes long; give at most %d", len(text), maxPolicy)}
	}
	var fault *events.JSONError
	if err := events.CheckJSON(text); errors.As(err, &fault) {
		return p, &PolicyError{fault.Pointer, fault.Problem}
	} else if err != nil {
		return p, &PolicyError{"", err.Error()}
	}
	if err := json.Unmarshal(text, &p, strict); err != nil {
		return p, notPolicy(err)
	}
	return p, p.Validate()
}

var strict = json.RejectUnknownMembers(true)

// notPolicy says where JSON is not a policy.
func notPolicy(err error) error {
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic) && errors.Is(err, json.ErrUnknownName):
		return &PolicyError{string(semantic.JSONPointer), "there is no such member; see the names of a policy's members in its description"}
	case errors.As(err, &semantic):
		return &PolicyError{string(semantic.JSONPointer), "is of the wrong kind or too large"}
	case errors.As(err, &syntactic):
		return &PolicyError{string(syntactic.JSONPointer), "is not JSON; give one object"}
	}
	return &PolicyError{"", "give one JSON object"}
}

// Marshal writes a policy down in one way, with every member. Parse gives it back.
func (p Policy) Marshal() ([]byte, error) {
	return json.Marshal(p, json.Deterministic(true))
}

// UnmarshalJSONFrom puts what is given over the defaults.
func (r *Rhythm) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain Rhythm
	*r = defaultRhythm
	return json.UnmarshalDecode(d, (*plain)(r), strict)
}

// UnmarshalJSONFrom puts what is given over the defaults.
func (c *Decline) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain Decline
	*c = defaultDecline
	return json.UnmarshalDecode(d, (*plain)(c), strict)
}

// UnmarshalJSONFrom puts what is given over the defaults.
func (m *Model) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain Model
	*m = defaultModel
	return json.UnmarshalDecode(d, (*plain)(m), strict)
}
