package segments_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/segments"
)

func defined(name string, from int64, rule string) standing.Definition {
	return standing.Definition{
		Name: name, From: from, Source: "c360", ID: strconv.FormatInt(from, 10), Body: fmt.Appendf(nil, `{"title":{"ko":"%s %d"},"rule":%s,"actor":"kim"}`, name, from, rule),
	}
}

func removed(name string, from int64) standing.Definition {
	return standing.Definition{Name: name, From: from, Source: "c360", ID: strconv.FormatInt(from, 10), Removed: true, Body: []byte(`{"actor":"lee"}`)}
}

const gold = `{"trait":"tier","is":"gold"}`

// TestBook tells what a segment was, through a change of its own, one of another that it speaks of, its removal and its return.
func TestBook(t *testing.T) {
	t.Parallel()
	b := segments.NewBook([]standing.Definition{
		defined("b", 20, `{"segment":"a"}`), defined("a", 10, gold), defined("a", 30, `{"trait":"tier","is":"vip"}`),
		removed("b", 40), defined("b", 50, gold),
	}, nil)
	for _, c := range []struct {
		at      int64
		there   bool
		title   string
		version int
	}{{20, true, "b 20", 1}, {35, true, "b 20", 2}, {45, false, "b 20", 3}, {50, true, "b 50", 4}} {
		s, ok := b.Segment("b", c.at)
		if !ok || s.Removed == c.there || s.Title.Ko != c.title || s.Title.En != c.title || s.Version != c.version || b.There("b", c.at) != c.there {
			t.Errorf("at %d it is %+v", c.at, s)
		}
	}
	page, _ := b.Page("b", 50)
	var own []bool
	for _, v := range page.Versions {
		own = append(own, v.Own)
	}
	if fmt.Sprint(own) != "[true true false true]" || page.Versions[1].Removed != true || page.Versions[1].Actor != "lee" || string(page.Versions[1].Rule) != "null" ||
		page.Versions[3].Until.UnixMicro() != 30 || len(page.Needs) != 0 {
		t.Errorf("the page is %+v", page)
	}
	if by := b.NeededBy("a", 35); fmt.Sprint(by) != "[b]" || len(b.NeededBy("a", 45)) != 0 || b.Count(45) != 1 || b.Count(5) != 0 {
		t.Errorf("a is needed by %v", by)
	}
	if _, ok := b.Segment("c", 50); ok {
		t.Error("there is a segment c")
	}
}

// TestCheck says what would be wrong, and where.
func TestCheck(t *testing.T) {
	t.Parallel()
	b := segments.NewBook([]standing.Definition{defined("a", 10, gold), defined("b", 20, `{"segment":"a"}`)}, nil)
	for _, c := range []struct {
		x       standing.Definition
		pointer string
		fine    bool
	}{
		{defined("c", 30, `{"all":[{"segment":"a"},{"segment":"b"}]}`), "", true},
		{defined("c", 15, `{"all":[{"segment":"a"},{"segment":"b"}]}`), "/all/1", false},
		{defined("a", 30, `{"any":[{"segment":"b"}]}`), "/any/0", false},
		{defined("a", 30, `{"trait":"tier","is":"vip"}`), "", true},
	} {
		err := b.Check(c.x)
		var wrong *segment.RuleError
		if (err == nil) != c.fine || err != nil && (!errors.As(err, &wrong) || wrong.Pointer != c.pointer) {
			t.Errorf("%s: %v, want it at %q", c.x.Body, err, c.pointer)
		}
	}
}
