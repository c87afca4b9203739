package events

import (
	"fmt"
	"strings"
)

// The identifier kinds c360 knows. A source may use any other kind that ValidKind accepts.
const (
	KindUserID      = "user_id"
	KindLoyaltyID   = "loyalty_id"
	KindCard        = "card"
	KindEmail       = "email"
	KindPhone       = "phone"
	KindDevice      = "device"
	KindAnonymousID = "anonymous_id"
)

// Grade says how far an identifier can be believed.
type Grade uint8

// The grades, weakest first. The zero Grade means "not stated" and is treated as Claimed.
const (
	// Claimed was said by a browser or app anybody can drive.
	Claimed Grade = 1 + iota
	// Asserted was said by a machine that holds a server-side key: a till, a call center, a back end.
	Asserted
	// Verified was proved: a login, a signed hash.
	Verified
)

var gradeNames = [...]string{Claimed: "claimed", Asserted: "asserted", Verified: "verified"}

// String returns "claimed", "asserted" or "verified".
func (g Grade) String() string {
	if g < Claimed || int(g) >= len(gradeNames) {
		return gradeNames[Claimed]
	}
	return gradeNames[g]
}

// ParseGrade is the inverse of Grade.String.
func ParseGrade(name string) (Grade, error) {
	for g := Claimed; int(g) < len(gradeNames); g++ {
		if gradeNames[g] == name {
			return g, nil
		}
	}
	return 0, fmt.Errorf("unknown grade %q: use claimed, asserted or verified", name)
}

// Identifier is a name some source has for a person. It is written "kind:value".
type Identifier struct {
	Kind  string
	Value string
	Grade Grade
}

// String returns "kind:value".
func (i Identifier) String() string { return i.Kind + ":" + i.Value }

// Links reports whether the identifier may tie fragments together: it is asserted or verified, or it is a
// random token that the browser or device itself minted (device, anonymous_id), which nobody else can guess.
// A claimed user id, e-mail or phone never links: anybody can type somebody else's.
func (i Identifier) Links() bool {
	return i.Grade >= Asserted || i.Kind == KindAnonymousID || i.Kind == KindDevice
}

// ParseIdentifier reads "kind:value". The value is taken as it is; see Normalise.
func ParseIdentifier(s string) (Identifier, error) {
	kind, value, ok := strings.Cut(s, ":")
	if !ok || !ValidKind(kind) || value == "" {
		return Identifier{}, fmt.Errorf("identifier %q is not kind:value, for example phone:+821012345678", s)
	}
	return Identifier{Kind: kind, Value: value}, nil
}

// ValidKind reports whether kind is 1 to 32 lower-case letters, digits and underscores, beginning with a letter.
func ValidKind(kind string) bool {
	if kind == "" || len(kind) > 32 || kind[0] < 'a' || kind[0] > 'z' {
		return false
	}
	for _, r := range kind {
		if r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}
