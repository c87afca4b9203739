package dataset

import (
	"math"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/profile"
)

// Value is one value of a column; the column says of which type. The zero Value is null. It is a plain struct and
// not an any, because an export makes some hundred million of them.
type Value struct {
	set  bool
	bits int64
	text string
}

// Null reports whether there is no value.
func (v *Value) Null() bool { return !v.set }

// Text returns a Text or JSON value.
func (v *Value) Text() string { return v.text }

// Int returns an Int value, the microseconds since 1970 of a Timestamp, and the days since 1970 of a Date.
func (v *Value) Int() int64 { return v.bits }

// Bool returns a Bool value.
func (v *Value) Bool() bool { return v.bits != 0 }

// Real returns a Real value.
func (v *Value) Real() float64 { return math.Float64frombits(uint64(v.bits)) } //nolint:gosec // the bits, whatever their sign

// TimeLayout is how timestamps are written as text: ISO 8601 of one length, so that they sort as they are.
const TimeLayout = "2006-01-02T15:04:05.000000Z"

// Append appends the value as text: ISO 8601 times and dates, the shortest decimal of a real, true or false, nothing
// for null.
func (v *Value) Append(b []byte, t Type) []byte {
	switch {
	case !v.set:
		return b
	case t == Int:
		return strconv.AppendInt(b, v.bits, 10)
	case t == Real:
		return strconv.AppendFloat(b, v.Real(), 'f', -1, 64)
	case t == Bool:
		return strconv.AppendBool(b, v.Bool())
	case t == Timestamp:
		return time.UnixMicro(v.bits).UTC().AppendFormat(b, TimeLayout)
	case t == Date:
		return time.Unix(v.bits*secondsPerDay, 0).UTC().AppendFormat(b, time.DateOnly)
	}
	return append(b, v.text...)
}

const secondsPerDay = 24 * 60 * 60

// TextValue is a text; it is never null.
func TextValue(s string) Value { return Value{set: true, text: s} }

func text(s string) Value { return TextValue(s) }

// maybe is null if there is nothing to say.
func maybe[S ~string | ~[]byte](s S) Value { return Value{set: len(s) > 0, text: string(s)} }

func count[N ~int | ~int64 | ~uint64](n N) Value { return Value{set: true, bits: int64(n)} }

func flag(b bool) Value {
	if b {
		return Value{set: true, bits: 1}
	}
	return Value{set: true}
}

func float(f float64) Value { return Value{set: true, bits: int64(math.Float64bits(f))} } //nolint:gosec // the bits

// money is exact to four decimals up to 9e11.
func money(m events.Money) Value { return float(float64(m) / 1e4) }

// number is null if the literal is none.
func number(literal string) Value {
	if literal == "" {
		return Value{}
	}
	f, err := strconv.ParseFloat(literal, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return Value{}
	}
	return float(f)
}

// moment is null for the zero time.
func moment(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return Value{set: true, bits: t.UnixMicro()}
}

// dayOf is the day of a moment in the house's zone; null for the zero time.
func dayOf(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	_, offset := t.In(profile.Zone).Zone()
	local := t.Unix() + int64(offset)
	day := local / secondsPerDay
	if local%secondsPerDay < 0 {
		day--
	}
	return Value{set: true, bits: day}
}

// date reads 1984-05-03; null for anything else.
func date(s string) Value {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Value{}
	}
	return Value{set: true, bits: t.Unix() / secondsPerDay}
}

func id(u uuid.UUID) Value { return text(u.String()) }
