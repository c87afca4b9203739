package query

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// TestCustomerChanges: members of lists are compared by name, not by place; what is on one side only is null on the
// other; and what says where an answer is true is no change.
func TestCustomerChanges(t *testing.T) {
	t.Parallel()
	before := &CustomerAnswer{
		Name: "이하늘", Position: 3, Initials: "하늘",
		Notes:  []Note{{ID: "1", Text: "old"}, {ID: "2", Text: "same"}},
		Totals: Totals{Events: 7, ByType: map[string]int64{"page.viewed": 7}, Revenue: []Amount{{Currency: "KRW", Amount: 420000}}},
	}
	after := &CustomerAnswer{
		Name: "이바다", Position: 9,
		Notes:  []Note{{ID: "3", Text: "new"}, {ID: "2", Text: "same"}, {ID: "1", Text: "mended"}},
		Totals: Totals{Events: 8, ByType: map[string]int64{"page.viewed": 7, "a/b~c": 1}, Revenue: []Amount{{Currency: "KRW", Amount: 420000}}},
	}
	changes, further, err := customerChanges(before, after)
	if err != nil || further != 0 {
		t.Fatal(further, err)
	}
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s: %s -> %s", c.Field, c.Before, c.After))
	}
	want := []string{
		`/name: "이하늘" -> "이바다"`,
		`/notes/1/text: "old" -> "mended"`,
		`/notes/3: null -> {"author":"","pinned":false,"store":"","text":"new","time":null}`,
		`/totals/by_type/a~1b~0c: null -> 1`,
		`/totals/events: 7 -> 8`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if p := part("/totals/by_type/x"); p != "/totals/by_type" {
		t.Error(p)
	}
	if changes, _, _ := customerChanges(before, before); changes == nil || len(changes) != 0 {
		t.Errorf("a customer differs from itself in %+v", changes)
	}
}

// TestVeryManyChanges: of very many changes the first are told, and how many there are.
func TestVeryManyChanges(t *testing.T) {
	t.Parallel()
	after := &CustomerAnswer{}
	for range 3 * maxChanges {
		after.Fragments = append(after.Fragments, FragmentAnswer{ID: uuid.New()})
	}
	changes, further, err := customerChanges(&CustomerAnswer{Fragments: []FragmentAnswer{}}, after)
	if err != nil || len(changes) != maxChanges || further != 2*maxChanges {
		t.Errorf("%d changes, %d more, %v", len(changes), further, err)
	}
}

// TestLinesOfNobody: a place that was not handed out is refused, and so is a file that was closed.
func TestLinesOfNobody(t *testing.T) {
	t.Parallel()
	l, err := newLines(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := l.write(&CustomerDifference{Name: "이하늘"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.flush(); err != nil {
		t.Fatal(err)
	}
	page, next, err := l.read(0, 2)
	if err != nil || len(page) != 2 || next == 0 {
		t.Fatal(len(page), next, err)
	}
	if rest, end, err := l.read(next, 2); err != nil || len(rest) != 1 || end != 0 {
		t.Error(len(rest), end, err)
	}
	if _, _, err := l.read(next+1, 2); err == nil {
		t.Error("a place in the middle of a line is taken")
	}
	l.close()
	if _, _, err := l.read(0, 2); err == nil {
		t.Error("what is no longer kept is read")
	}
}
