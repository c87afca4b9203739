package events

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

const (
	notPhone   = "not a phone number; send it with its country code, as in +82 10 1234 5678"
	shortPhone = "too short for somebody's phone number; send all its digits"
	// minUnknownPhone is the number of national digits from which a number that libphonenumber can parse but does not
	// know as assigned is kept: new ranges open every year, and what is shorter is usually cut off.
	minUnknownPhone = 8
	maxPhoneDigits  = 15
	// maxRawPhone bounds what the library is asked to read.
	maxRawPhone = 128
)

// phoneWords are what Korean and Japanese keyboards write and libphonenumber does not know: "extension", and the
// long vowel mark that stands in for a dash.
var phoneWords = strings.NewReplacer("내선", " ext ", "ー", "-")

// phone returns the E.164 form of a phone number, or the problem.
func (n Normaliser) phone(value string) (normal, problem string) {
	if e164, ok := n.koreanPhone(value); ok {
		return e164, ""
	}
	if !utf8.ValidString(value) {
		return "", "not valid UTF-8; send UTF-8"
	}
	if len(value) > maxRawPhone {
		return "", notPhone
	}
	value = strings.TrimPrefix(foldText(value), "tel:")
	value = phoneWords.Replace(value)
	if e164, ok := n.koreanPhone(value); ok {
		return e164, ""
	}
	if bare, _ := phonenumbers.MaybeSeparateExtensionFromPhone(value); strings.ContainsFunc(bare, unicode.IsLetter) {
		return "", "letters in a phone number; send digits only"
	}
	return n.libraryPhone(value)
}

// libraryPhone asks libphonenumber. A number dialled with 00 and a country code ("0082 10…") is tried again as +.
func (n Normaliser) libraryPhone(value string) (normal, problem string) {
	normal, problem = parsePhone(value, n.region())
	if problem != "" && strings.HasPrefix(value, "00") {
		if again, stillBad := parsePhone("+"+value[2:], n.region()); stillBad == "" {
			return again, ""
		}
	}
	return normal, problem
}

func parsePhone(value, region string) (normal, problem string) {
	number, err := phonenumbers.Parse(value, region)
	if err != nil {
		return "", notPhone
	}
	if !phonenumbers.IsValidNumber(number) {
		if problem := unknownPhoneProblem(number); problem != "" {
			return "", problem
		}
	}
	return formatPhone(number), ""
}

func formatPhone(number *phonenumbers.PhoneNumber) string {
	e164 := phonenumbers.Format(number, phonenumbers.E164)
	if ext := number.GetExtension(); ext != "" {
		e164 += ";ext=" + ext
	}
	return e164
}

// unknownPhoneProblem judges a number that the library does not know as assigned. One that the library reads
// differently the second time (it strips zeros, for one) is noise, not a number.
func unknownPhoneProblem(number *phonenumbers.PhoneNumber) string {
	switch phonenumbers.IsPossibleNumberWithReason(number) {
	case phonenumbers.IS_POSSIBLE:
		if len(phonenumbers.GetNationalSignificantNumber(number)) < minUnknownPhone {
			return shortPhone
		}
		if again, err := phonenumbers.Parse(formatPhone(number), ""); err != nil || formatPhone(again) != formatPhone(number) {
			return notPhone
		}
		return ""
	case phonenumbers.TOO_SHORT, phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return shortPhone
	default:
		return notPhone
	}
}

func (n Normaliser) region() string {
	if n.Region == "" {
		return "KR"
	}
	return n.Region
}

// koreanPhone reads the ways in which Korean mobile and city numbers are usually written, without the library,
// which takes some hundred times as long. It gives up (false) on anything it is not sure of.
func (n Normaliser) koreanPhone(value string) (string, bool) {
	var digits [maxPhoneDigits]byte
	d, plus, ok := phoneDigits(digits[:0], value)
	if !ok {
		return "", false
	}
	significant := koreanSignificant(d, plus, n.region() == "KR")
	if !isKoreanNumber(significant) {
		return "", false
	}
	if plus && len(value) == len(significant)+len("+82") {
		return value, true
	}
	return "+82" + string(significant), true
}

// phoneDigits appends the digits of value to d; ok is false if value holds anything but ASCII digits, a leading
// + and the usual separators.
func phoneDigits(d []byte, value string) (digits []byte, plus, ok bool) {
	for i := range len(value) {
		switch c := value[i]; {
		case '0' <= c && c <= '9':
			if len(d) == cap(d) {
				return nil, false, false
			}
			d = append(d, c)
		case c == '+' && i == 0:
			plus = true
		case c != ' ' && c != '-' && c != '.' || i == 0 || i == len(value)-1:
			return nil, false, false
		}
	}
	return d, plus, true
}

// koreanSignificant returns what follows +82 in a Korean number, or nil. A 0 left standing after the country
// code ("+82 010…") is dropped, and a missing + ("8210…") is forgiven where numbers are Korean anyway.
func koreanSignificant(d []byte, plus, local bool) []byte {
	switch {
	case len(d) < 4 || !plus && !local:
		return nil
	case plus && d[0] == '8' && d[1] == '2', len(d) >= 12 && d[0] == '8' && d[1] == '2':
		return withoutZero(d[2:])
	case !plus && d[0] == '0':
		return d[1:]
	}
	return nil
}

func withoutZero(d []byte) []byte {
	if d[0] == '0' {
		return d[1:]
	}
	return d
}

// isKoreanNumber reports whether n, without the leading 0, is a mobile number (10 and 8 digits) or a city number
// (Seoul 2, the other areas 31 to 64, then 7 or 8 digits).
func isKoreanNumber(n []byte) bool {
	if len(n) < 2 {
		return false
	}
	switch {
	case n[0] == '1':
		return n[1] == '0' && len(n) == 10
	case n[0] == '2':
		return (len(n) == 8 || len(n) == 9) && isExchange(n[1:])
	case n[0] >= '3' && n[0] <= '6' && n[1] >= '1' && n[1] <= '5':
		return (len(n) == 9 || len(n) == 10) && isExchange(n[2:]) && isArea(n[0], n[1])
	}
	return false
}

// isExchange reports whether a local number begins like one: 2 to 9.
func isExchange(local []byte) bool { return local[0] >= '2' }

// isArea reports whether 0ab is an area code: 031-033, 041-044, 051-055, 061-064.
func isArea(a, b byte) bool {
	switch a {
	case '3':
		return b <= '3'
	case '5':
		return b <= '5'
	}
	return b <= '4'
}
