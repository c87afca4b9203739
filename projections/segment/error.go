package segment

// RuleError says where in a rule the first fault is, and how to mend it.
type RuleError struct {
	// Pointer is the JSON pointer (RFC 6901) of the faulty place, "" for the rule as a whole.
	Pointer string
	// Message says what is wrong and what to write instead.
	Message string
}

func (e *RuleError) Error() string {
	if e.Pointer == "" {
		return "rule: " + e.Message
	}
	return "rule: " + e.Pointer + ": " + e.Message
}
