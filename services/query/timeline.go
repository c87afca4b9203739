package query

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/query/headline"
	"github.com/c360hq/c360/services/web"
)

type timelineParams struct {
	ID      uuid.UUID `path:"id" doc:"the customer, or any of its fragments"`
	Limit   int       `query:"limit" min:"1" max:"200" default:"50" doc:"rows in the answer"`
	Before  string    `query:"before" maxlen:"64" doc:"cursor: what happened before this place"`
	After   string    `query:"after" maxlen:"64" doc:"cursor: what happened after this place; the rows next to it"`
	Channel []string  `query:"channel" enum:"web,app,store,call,inquiry,message,other" doc:"only these channels"`
	Type    []string  `query:"type" maxlen:"400" doc:"only these types of events"`
	Group   int       `query:"group" min:"0" max:"1" default:"1" doc:"1: like events in a row are one row with a count"`
	moment
}

const (
	// maxReads bounds how often one answer goes back for more rows to fill runs with.
	maxReads = 4
	// maxRaw bounds the events that one answer folds into runs.
	maxRaw = 800
)

// timeline answers with one page of a customer's timeline.
func (s *Service) timeline(ctx context.Context, p *timelineParams) (*TimelineAnswer, error) {
	q, err := p.query()
	if err != nil {
		return nil, err
	}
	a := &TimelineAnswer{Events: []TimelineRow{}}
	err = s.look(ctx, &p.moment, one(p.ID), func(v *scene) error {
		a.Position, a.Moment = v.Checkpoint().Position, v.moment
		_, fragments, err := s.whoIs(ctx, v, p.ID)
		if err != nil {
			return err
		}
		if p.Group == 1 && q.After.IsZero() {
			return s.groupedPage(ctx, v, fragments, q, a)
		}
		return s.plainPage(ctx, v, fragments, q, p.Group == 1, a)
	})
	return a, err
}

// query says what the parameters ask the room for.
func (p *timelineParams) query() (timeline.Query, error) {
	q := timeline.Query{Types: p.Type, Limit: p.Limit}
	for _, name := range p.Channel {
		c, _ := events.ParseChannel(name)
		q.Channels = append(q.Channels, c)
	}
	var err error
	if q.Before, err = cursorOf("before", p.Before); err != nil {
		return q, err
	}
	q.After, err = cursorOf("after", p.After)
	return q, err
}

func cursorOf(name, token string) (timeline.Cursor, error) {
	c, err := timeline.ParseCursor(token)
	if err != nil {
		return c, wrongParam(name, name+" is not a cursor: give next, newer or cursor of an earlier answer as it is, or leave it out")
	}
	return c, nil
}

// plainPage answers with events as they are, or, towards now, with the runs that happen to be among them.
func (s *Service) plainPage(
	ctx context.Context, v projections.View, of []uuid.UUID, q timeline.Query, runs bool, a *TimelineAnswer,
) error {
	page, err := s.timelines.Page(ctx, v, of, q)
	if err != nil {
		return fmt.Errorf("read a timeline: %w", err)
	}
	a.Events = s.answerRows(page.Rows)
	if runs {
		a.Events, _ = group(a.Events, len(a.Events))
	}
	a.Next, a.Newer = page.Next.String(), q.After.String()
	if len(page.Rows) > 0 {
		a.Newer = page.Rows[0].Cursor().String()
	}
	return nil
}

// groupedPage reads until it has as many rows as asked for, runs being whole, or has read enough.
func (s *Service) groupedPage(ctx context.Context, v projections.View, of []uuid.UUID, q timeline.Query, a *TimelineAnswer) error {
	var raw []timeline.Row
	var next timeline.Cursor
	limit, used := q.Limit, 0
	q.Limit = min(2*limit, maxRaw)
	for range maxReads {
		page, err := s.timelines.Page(ctx, v, of, q)
		if err != nil {
			return fmt.Errorf("read a timeline: %w", err)
		}
		raw, next, q.Before = append(raw, page.Rows...), page.Next, page.Next
		a.Events, used = group(s.answerRows(raw), limit)
		if used < len(raw) || next.IsZero() || len(raw) >= maxRaw {
			break
		}
	}
	if used < len(raw) {
		next = raw[used-1].Cursor()
	}
	a.Next = next.String()
	if len(raw) > 0 {
		a.Newer = raw[0].Cursor().String()
	}
	return nil
}

func (s *Service) answerRows(rows []timeline.Row) []TimelineRow {
	all := make([]TimelineRow, len(rows))
	for i := range rows {
		all[i] = s.answerRow(&rows[i])
	}
	return all
}

func (s *Service) answerRow(r *timeline.Row) TimelineRow {
	a := TimelineRow{
		Position: r.Position, ID: r.ID, Source: r.Source, Type: r.Type, Channel: string(r.Channel), Time: r.Time,
		RecordedAt: when(r.RecordedAt), Fragment: r.Fragment, Count: 1, Known: s.book.Known(r.Type), Data: rowFacts(r),
	}
	a.Headline, a.Detail = s.book.Say(r.Type, &a.Data)
	a.Tone = s.book.Tone(r.Type, &a.Data)
	return a
}

// rowFacts reads the fields that the room kept of an event. What it wrote always decodes; if the store is damaged the
// row is still worth showing without them.
func rowFacts(r *timeline.Row) headline.Facts {
	var f headline.Facts
	if json.Unmarshal(r.Headline, &f) != nil {
		return headline.Facts{}
	}
	return f
}

// fragmentsOf finds the customer a fragment belongs to, and all its fragments.
func (s *Service) fragmentsOf(ctx context.Context, v projections.View, id uuid.UUID) (uuid.UUID, []uuid.UUID, error) {
	customer, ok, err := s.identities.Resolve(ctx, v, id)
	if err != nil {
		return customer, nil, fmt.Errorf("resolve a fragment: %w", err)
	}
	if !ok {
		return customer, nil, web.Wrong(http.StatusNotFound,
			"nobody has this id; find the customer with GET /v1/customers?q=, or wait= for the position of a fresh event")
	}
	fragments, err := s.identities.Fragments(ctx, v, customer)
	if err != nil {
		return customer, nil, fmt.Errorf("list the fragments of a customer: %w", err)
	}
	return customer, fragments, nil
}

// fragmentSet is fragmentsOf as a set.
func (s *Service) fragmentSet(ctx context.Context, v projections.View, id uuid.UUID) (map[uuid.UUID]bool, error) {
	_, fragments, err := s.fragmentsOf(ctx, v, id)
	set := make(map[uuid.UUID]bool, len(fragments))
	for _, f := range fragments {
		set[f] = true
	}
	return set, err
}
