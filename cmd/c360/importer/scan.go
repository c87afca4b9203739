package importer

// These find their way in JSON that is known to be right, faster than a parser that has to check it.

// space returns the first place from at on that is not white space.
func space(raw []byte, at int) int {
	for raw[at] == ' ' || raw[at] == '\t' || raw[at] == '\n' || raw[at] == '\r' {
		at++
	}
	return at
}

// next returns where the token after the one byte (or the colon after the name) at at begins.
func next(raw []byte, at int) int {
	at = space(raw, at)
	return space(raw, at+1)
}

// skip returns the end of the value that begins at at.
func skip(raw []byte, at int) int {
	switch raw[at] {
	case '"':
		return skipString(raw, at)
	case '{', '[':
		return skipNested(raw, at)
	}
	for at < len(raw) && !ends(raw[at]) {
		at++
	}
	return at
}

// ends reports whether a number or a word cannot go on with c.
func ends(c byte) bool {
	switch c {
	case ',', ']', '}', ' ', '\t', '\n', '\r':
		return true
	}
	return false
}

func skipString(raw []byte, at int) int {
	for at++; raw[at] != '"'; at++ {
		if raw[at] == '\\' {
			at++
		}
	}
	return at + 1
}

func skipNested(raw []byte, at int) int {
	for depth := 0; ; at++ {
		switch raw[at] {
		case '"':
			at = skipString(raw, at) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		}
	}
}
