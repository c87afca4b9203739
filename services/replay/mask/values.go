package mask

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
)

// masked stands for text that was.
const masked = "(masked)"

// sum is what pseudonyms are made of: of a sort of value, so that equal values of two sorts have nothing in common.
func (m *Mask) sum(sort, value string) []byte {
	h := hmac.New(sha256.New, m.key)
	h.Write([]byte(sort))
	h.Write([]byte{0})
	h.Write([]byte(value))
	return h.Sum(nil)
}

// pseudonym is a name that says nothing. 64 bits keep a thousand million values apart as good as for certain.
func (m *Mask) pseudonym(sort, value string) string {
	return "masked-" + hex.EncodeToString(m.sum(sort, value)[:8])
}

func (m *Mask) number(sort, value string, below uint64) uint64 {
	return binary.BigEndian.Uint64(m.sum(sort, value)) % below
}

// phone is a number that reaches nobody: 010-0 begins no mobile number, and it is too long for one. Of half a million
// numbers about two become the same.
func (m *Mask) phone(value string) string {
	return fmt.Sprintf("+82100%011d", m.number("phone", m.normal(events.KindPhone, value), 1e11))
}

// email is an address of a domain that cannot exist (RFC 6761).
func (m *Mask) email(value string) string {
	return "m" + hex.EncodeToString(m.sum("email", m.normal(events.KindEmail, value))[:8]) + "@masked.invalid"
}

func (m *Mask) normal(kind, value string) string {
	if n, err := m.norm.Identifier(kind, value); err == nil {
		return n
	}
	return value
}

// name is a name that nobody has; parts of names are masked alone, so that they need not fit.
func (m *Mask) name(value string) string {
	return "고객 " + strings.ToUpper(hex.EncodeToString(m.sum("name", value)[:3]))
}

// birthday keeps the year, so that ages stay about what they were.
func (m *Mask) birthday(value string) string {
	day, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return masked
	}
	first := day.AddDate(0, 0, 1-day.YearDay())
	n := int(m.number("birthday", value, 364)) // #nosec G115 -- below 364
	if n >= day.YearDay()-1 {
		n++ // any day of that year but this one
	}
	return first.AddDate(0, 0, n).Format(time.DateOnly)
}
