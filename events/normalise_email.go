package events

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

const badDomain = "the part after @ is not a domain name, as in name@example.com"

// email returns the normal form of an e-mail address, or the problem.
func email(value string) (normal, problem string) {
	if isNormalEmail(value) {
		return value, ""
	}
	if !utf8.ValidString(value) {
		return "", "not valid UTF-8; send UTF-8"
	}
	value = foldText(value)
	at := strings.LastIndexByte(value, '@')
	if at < 1 {
		return "", "not name@domain"
	}
	local, domain := lowerASCII(value[:at]), value[at+1:]
	if problem := localProblem(local); problem != "" {
		return "", problem
	}
	domain, ok := mailDomain(domain)
	if !ok {
		return "", badDomain
	}
	return local + "@" + domain, ""
}

func localProblem(local string) string {
	switch {
	case strings.ContainsFunc(local, unicode.IsSpace):
		return "a space inside the address"
	case hasInvisible(local):
		return "a control or invisible character inside the address"
	case strings.ContainsAny(local, `@<>,;:()[]\"`):
		return "more than one address, or a name around it; send name@domain only"
	}
	return ""
}

// isNormalEmail reports whether s is an address in normal form, in plain lower-case ASCII: nearly all of them.
func isNormalEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	if at < 1 {
		return false
	}
	for i := range at {
		if c := s[i]; !isLowerOrDigit(c) && strings.IndexByte(".!#$%&'*+-/=?^_`{|}~", c) < 0 {
			return false
		}
	}
	return isNormalDomain(s[at+1:])
}

// isNormalDomain reports whether d is two or more labels of a-z, 0-9 and inner hyphens, none of them in the
// xn-- form, which only IDNA can judge.
func isNormalDomain(d string) bool {
	start, labels := 0, 0
	for i := 0; i <= len(d); i++ {
		if i < len(d) && d[i] != '.' {
			if !isLowerOrDigit(d[i]) && d[i] != '-' {
				return false
			}
			continue
		}
		if !isNormalLabel(d[start:i]) {
			return false
		}
		start, labels = i+1, labels+1
	}
	return labels >= 2 && len(d) <= 253
}

func isNormalLabel(l string) bool {
	if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
		return false
	}
	return len(l) < 4 || l[2:4] != "--"
}

// mailDomain returns the ASCII form of a domain, and false if it is none.
func mailDomain(d string) (string, bool) {
	d = strings.TrimSuffix(lowerASCII(d), ".")
	if isNormalDomain(d) {
		return d, true
	}
	ascii, err := idna.Lookup.ToASCII(d)
	if err != nil {
		return "", false
	}
	ascii = strings.TrimSuffix(ascii, ".")
	return ascii, strings.IndexByte(ascii, '.') > 0 && len(ascii) <= 253 && !strings.Contains(ascii, "..")
}

func isLowerOrDigit(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// lowerASCII lowers A to Z only: what other letters do when lowered changes with the Unicode version, and an
// address must keep its form for as long as the log lives.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
