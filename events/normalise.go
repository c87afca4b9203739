package events

import "unicode/utf8"

// NormaliserVersion rises when a Normaliser gives another form to a value it accepted before. Fragment ids are
// made from normalised values, so a new version needs a rebuild and a look at the fragments it moves.
const NormaliserVersion = 1

// MaxIdentifier is the longest normalised identifier value, in bytes.
const MaxIdentifier = 256

// claimedKind is no kind: FragmentOf uses the word to keep claimed identifiers apart.
const claimedKind = "claimed"

// maxRawIdentifier bounds the work spent on a value that cannot become a legal one any more.
const maxRawIdentifier = 4 * MaxIdentifier

// Normaliser brings identifiers and names into the one form that is stored, compared and hashed into fragment
// ids. It is a value without state; the zero Normaliser reads local phone numbers as Korean ones.
//
// It folds only what a keyboard, an export or a writing convention varies (spaces, Unicode composition, full-width
// forms, domain case, phone punctuation) and never what merely looks alike: a Cyrillic а stays apart from a
// Latin a, because two people must not become one.
type Normaliser struct {
	// Region is the ISO 3166 country whose local phone numbers come without a country code; "" means "KR".
	Region string
}

// IdentifierError says why a value cannot be an identifier of its kind. It never holds the value itself, so it
// may be logged and sent back.
type IdentifierError struct {
	// Kind is the kind that was asked for.
	Kind string
	// Problem says what is wrong and what to send instead.
	Problem string
}

func (e *IdentifierError) Error() string { return e.Kind + ": " + e.Problem }

// Identifier returns the normal form of a value of that kind, or an *IdentifierError.
//
//   - phone: E.164 ("+821012345678"); an extension is kept as in RFC 3966 ("+82212345678;ext=12"), because
//     colleagues behind one switchboard are different people. Nationwide numbers (1588-1234) are "+8215881234".
//     Short numbers (114, 112) name a service and not a person: refused.
//   - email: local@domain; the domain lower case and in ASCII (IDNA), the local part NFC with A-Z lower case. Dots
//     and +tags stay, since only the receiving host knows what they mean.
//   - every other kind: NFC, trimmed, full-width ASCII folded. Case stays: only the source knows if it matters.
//
// Control and invisible characters inside a value are refused; at its ends they are trimmed. Identifier is
// idempotent.
func (n Normaliser) Identifier(kind, value string) (string, error) {
	if !ValidKind(kind) || kind == claimedKind {
		return "", &IdentifierError{"identifier", `the kind must be 1 to 32 lower-case letters, digits or _, beginning with a letter, and not "claimed"`}
	}
	if len(value) > maxRawIdentifier {
		return "", &IdentifierError{kind, "longer than 256 bytes; send the identifier only"}
	}
	normal, problem := n.identifier(kind, value)
	if problem == "" && len(normal) > MaxIdentifier {
		problem = "longer than 256 bytes; send the identifier only"
	}
	if problem != "" {
		return "", &IdentifierError{kind, problem}
	}
	return normal, nil
}

// identifier returns the normal form, or the problem.
func (n Normaliser) identifier(kind, value string) (normal, problem string) {
	switch kind {
	case KindPhone:
		return n.phone(value)
	case KindEmail:
		return email(value)
	}
	return plainIdentifier(value)
}

// plainIdentifier normalises a value that c360 knows no rules for.
func plainIdentifier(value string) (normal, problem string) {
	if isPlainASCII(value) {
		return value, ""
	}
	if !utf8.ValidString(value) {
		return "", "not valid UTF-8; send UTF-8"
	}
	value = foldText(value)
	if value == "" {
		return "", "empty; leave it out"
	}
	if hasInvisible(value) {
		return "", "contains a control or invisible character; send it without"
	}
	return value, ""
}

// Name returns the form of a person's or thing's name that is shown: NFC, with every run of white space as one
// space, and without control or invisible characters (joiners, which some scripts need, stay).
func (n Normaliser) Name(s string) string {
	if isPlainASCII(s) && !hasDoubleSpace(s) {
		return s
	}
	return cleanName(s)
}
