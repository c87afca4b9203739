package query

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/segments"
	"github.com/c360hq/c360/services/web"
)

// maxTitle bounds a title in each language, in bytes.
const maxTitle = 200

func checkSegmentName(name string) error {
	if !segments.ValidName(name) {
		return wrongParam("name", "a segment is called by 1 to 64 lower-case letters (a to z), digits and hyphens, as vip-waiting")
	}
	return nil
}

func checkTitle(t events.Text) error {
	for pointer, text := range map[string]string{"/title/ko": t.Ko, "/title/en": t.En} {
		if len(text) > maxTitle || !utf8.ValidString(text) {
			return web.Wrong(http.StatusBadRequest, fmt.Sprintf("the title is longer than %d bytes; shorten it", maxTitle)).At(pointer)
		}
	}
	if t == (events.Text{}) {
		return web.Wrong(http.StatusBadRequest, `give the segment a title in one language at least: {"ko": "우수 고객", "en": "Best customers"}`).At("/title")
	}
	return nil
}

// since reads since when a segment or a policy is to hold; the zero time is now.
func (s *Service) since(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := beginning(text)
	switch {
	case err != nil:
		return t, web.Wrong(http.StatusBadRequest, err.Error()).At("/since")
	case t.After(s.now()):
		return t, web.Wrong(http.StatusBadRequest, "since is in the future; give a time that has passed, or leave it out for now").At("/since")
	case t.Year() < 1970:
		return t, web.Wrong(http.StatusBadRequest, "since is before 1970; give a later time").At("/since")
	}
	return t, nil
}

// beginning reads a time, or a day, which is its first moment in Seoul.
func beginning(text string) (time.Time, error) {
	t, err := projections.ParseTime(text, profile.Zone)
	if err == nil && len(text) == len(time.DateOnly) {
		t = t.AddDate(0, 0, -1).Add(time.Microsecond)
	}
	return t.UTC().Truncate(time.Microsecond), err
}

// readRule reads a rule by the words that this c360 knows.
func (s *Service) readRule(ctx context.Context, text []byte) (*segment.Rule, error) {
	if len(text) == 0 {
		return nil, web.Wrong(http.StatusBadRequest, `rule is missing: give a condition, as {"trait": "tier", "is": "gold"}`).At("/rule")
	}
	seen := map[string]bool{}
	err := s.in(ctx, func(v projections.View) error {
		all, err := s.timelines.Coverage(ctx, v)
		for i := range all {
			seen[all[i].Type] = true
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read which types there are: %w", err)
	}
	rule, err := segment.Parse(text, segment.Vocabulary{Catalogue: s.catalogue, Seen: func(kind string) bool { return seen[kind] }})
	return rule, wrongRule(err)
}

// wrongRule points at the faulty place of a rule under /rule.
func wrongRule(err error) error {
	var wrong *segment.RuleError
	if errors.As(err, &wrong) {
		return web.Wrong(http.StatusBadRequest, wrong.Message).At("/rule" + wrong.Pointer)
	}
	return err
}

// checkSegment refuses what cannot hold beside the other segments.
func (s *Service) checkSegment(b *segments.Book, name string, w *standing.Written, at int64) error {
	from := at
	if !w.Since.IsZero() {
		from = w.Since.UnixMicro()
	}
	last, defined := b.Last(name)
	other, clashes := b.Clash(name)
	switch {
	case clashes:
		return nameTaken(other)
	case defined && from < last:
		return web.Wrong(http.StatusConflict, "the segment as it is holds since "+segments.Time(last).Format(time.RFC3339Nano)+
			"; give a since that is not earlier, or leave it out").At("/since")
	case !b.There(name, at) && b.Count(at) >= segments.MaxSegments:
		return web.Wrong(http.StatusConflict, "there are "+strconv.Itoa(segments.MaxSegments)+" segments, which is all there may be; remove one first")
	}
	body, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("write a definition: %w", err)
	}
	return wrongRule(b.Check(standing.Definition{Name: name, From: from, Source: decisionSource, ID: "\U0010ffff", Body: body}))
}

// nameTaken refuses a name that rows cannot keep apart from another.
func nameTaken(other string) error {
	return web.Wrong(http.StatusConflict, "this name cannot be kept apart from "+other+", by its hash; choose another").At("?name")
}
