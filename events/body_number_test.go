package events_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/c360hq/c360/events"
)

// TestNumbersAreBounded: read models find things by these numbers, and no engine takes keys of any length.
func TestNumbersAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("주문", 3000)
	for _, field := range []string{"order_id", "inquiry_id", "case_id", "note_id"} {
		number := func(value string) string {
			b := events.DecodeBody([]byte(`{"` + field + `":"` + value + `"}`))
			return b.OrderID + b.InquiryID + b.CaseID + b.NoteID
		}
		a, b := number(long+"1"), number(long+"2")
		if len(a) > 512 || len(a) < 400 || !utf8.ValidString(a) || a == b || a != number(long+"1") {
			t.Errorf("%s: %q and %q", field, a, b)
		}
		if short := strings.Repeat("7", 512); number(short) != short {
			t.Errorf("%s: a number that is short enough is changed", field)
		}
	}
}
