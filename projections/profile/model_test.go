package profile_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/roomtest"
)

// told is one event with what the model needs of it.
type told struct {
	*events.Recorded
	body  events.Body
	grade events.Grade
}

// earlier orders by (time, source, id).
func earlier(a, b told) int {
	return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Source, b.Source), cmp.Compare(a.ID, b.ID))
}

// modelOf works out the profile of some fragments from all their events at once, in the order in which they happened.
func modelOf(log []events.Recorded, of []uuid.UUID) *profile.Profile {
	var list []told
	for i := range log {
		f, ok := log[i].Fragment()
		if !ok || !slices.Contains(of, f) {
			continue
		}
		e := told{Recorded: &log[i], body: events.DecodeBody(log[i].Data), grade: events.Claimed}
		for _, id := range log[i].Identifiers {
			e.grade = max(e.grade, id.Grade)
		}
		list = append(list, e)
	}
	slices.SortFunc(list, earlier)
	p := &profile.Profile{Traits: map[string]profile.Trait{}, ByChannel: map[events.Channel]int64{}, ByType: map[string]int64{}}
	for _, e := range list {
		p.Events++
		p.ByChannel[e.Channel]++
		p.ByType[e.Type]++
		p.LastSeen, p.LastChannel = e.Time, e.Channel
	}
	if len(list) > 0 {
		p.FirstSeen = list[0].Time
	}
	modelTraits(p, list)
	modelOrders(p, list)
	modelConsents(p, list)
	modelCases(p, list)
	modelNotes(p, list)
	return p
}

func modelTraits(p *profile.Profile, list []told) {
	for _, e := range list {
		for _, t := range e.body.Traits {
			if had, ok := p.Traits[t.Name]; !ok || e.grade >= had.Grade {
				p.Traits[t.Name] = profile.Trait{Value: t.Value, Grade: e.grade, Source: e.Source, EventID: e.ID, Time: e.Time}
			}
		}
	}
	p.Name = p.Text("name")
}

func modelOrders(p *profile.Profile, list []told) {
	type order struct {
		first     *told
		cancelled bool
		most      events.Money
	}
	byNumber := map[string]*order{}
	revenue, quarters, refunded := map[string]events.Money{}, map[string]events.Money{}, events.Money(0)
	for _, e := range list {
		if e.Type != "order.completed" && e.Type != "order.cancelled" && e.Type != "order.refunded" {
			continue
		}
		o := byNumber[e.body.OrderID]
		if o == nil {
			o = &order{}
			byNumber[e.body.OrderID] = o
		}
		switch e.Type {
		case "order.completed":
			if o.first == nil || e.grade > o.first.grade {
				o.first = &e
			}
			if p.FirstOrderAt.IsZero() {
				p.FirstOrderAt = e.Time
			}
			p.LastOrderAt = e.Time
		case "order.cancelled":
			o.cancelled, o.most = true, max(o.most, e.body.Total)
		default:
			refunded += e.body.Total
			p.Refunds++
		}
	}
	for _, o := range byNumber {
		if o.cancelled {
			p.Cancelled++
		}
		if o.first == nil {
			continue
		}
		p.Orders++
		left := max(o.first.body.Total-o.most, 0)
		revenue["KRW"] += left
		at := o.first.Time.In(profile.Zone)
		quarters[fmt.Sprintf("%dQ%d", at.Year(), (at.Month()+2)/3)] += left
	}
	for _, q := range slices.Sorted(maps.Keys(quarters)) {
		if quarters[q] != 0 {
			p.ByQuarter = append(p.ByQuarter, profile.QuarterAmount{Quarter: q, Amount: profile.Amount{Currency: "KRW", Amount: quarters[q]}})
		}
	}
	if revenue["KRW"] != 0 {
		p.Revenue = []profile.Amount{{Currency: "KRW", Amount: revenue["KRW"]}}
	}
	if refunded != 0 {
		p.Refunded = []profile.Amount{{Currency: "KRW", Amount: refunded}}
	}
}

func modelConsents(p *profile.Profile, list []told) {
	byKey := map[string]profile.Consent{}
	for _, e := range list {
		if e.Type == "consent.given" || e.Type == "consent.withdrawn" {
			byKey[e.body.Purpose+" "+e.body.Medium] = profile.Consent{
				Purpose: e.body.Purpose, Medium: e.body.Medium, Given: e.Type == "consent.given",
				Source: e.Source, EventID: e.ID, Time: e.Time,
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(byKey)) {
		p.Consents = append(p.Consents, byKey[k])
	}
}

// modelCases plays each case through in order: the inquiries of the generator have the number of their case.
func modelCases(p *profile.Profile, list []told) {
	byCase := map[string]*profile.Case{}
	opened := map[string]bool{}
	for _, e := range list {
		if e.body.CaseID == "" {
			continue
		}
		c := byCase[e.body.CaseID]
		if c == nil {
			c = &profile.Case{State: profile.Open, OpenedAt: e.Time, Channel: e.Channel, Subject: e.body.Topic}
			byCase[e.body.CaseID] = c
		}
		switch e.Type {
		case "inquiry.opened":
			c.Complaint = c.Complaint || e.body.Complaint
			if !opened[e.body.CaseID] {
				opened[e.body.CaseID] = true
				c.OpenedAt, c.Channel, c.Subject, c.Category = e.Time, e.Channel, e.body.Subject, e.body.Category
			}
			c.State, c.ClosedAt = profile.Open, time.Time{}
		case "inquiry.reopened":
			c.State, c.ClosedAt = profile.Open, time.Time{}
		case "inquiry.answered":
			c.AnsweredAt, c.Agent = e.Time, e.body.Agent
			if c.State == profile.Open {
				c.State = profile.Answered
			}
		case "inquiry.closed":
			c.State, c.ClosedAt, c.Agent = profile.Closed, e.Time, e.body.Agent
		case "call.ended":
			c.Agent = e.body.Agent
			if e.body.Resolved {
				c.State, c.ClosedAt = profile.Closed, e.Time
			}
		}
	}
	for _, c := range byCase {
		p.Cases = append(p.Cases, *c)
	}
	slices.SortFunc(p.Cases, func(a, b profile.Case) int {
		return cmp.Or(cmp.Compare(b2i(a.State == profile.Closed), b2i(b.State == profile.Closed)), b.OpenedAt.Compare(a.OpenedAt))
	})
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func modelNotes(p *profile.Profile, list []told) {
	byID := map[string]profile.Note{}
	for _, e := range list {
		if e.Type == "note.added" {
			b := &e.body
			byID[b.NoteID] = profile.Note{ID: b.NoteID, Text: b.Text, Author: b.Author, Store: b.Store, Pinned: b.Pinned, Time: e.Time}
		}
	}
	for _, n := range byID {
		p.Notes = append(p.Notes, n)
	}
	slices.SortFunc(p.Notes, func(a, b profile.Note) int {
		return cmp.Or(cmp.Compare(b2i(!a.Pinned), b2i(!b.Pinned)), b.Time.Compare(a.Time))
	})
}

func TestProfileIsTheModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := roomtest.Generate(rapid.Uint64().Draw(t, "events"), roomtest.Options{People: 3, Events: rapid.IntRange(1, 400).Draw(t, "n")})
		log := roomtest.Record(roomtest.Shuffle(rapid.Uint64().Draw(t, "order"), list))
		store := roomtest.NewStore()
		if err := roomtest.Fold(t.Context(), store, log, rapid.SampledFrom([]int{1, 9, 400}).Draw(t, "batch"), profile.New(), history.New()); err != nil {
			t.Fatal(err)
		}
		var of []uuid.UUID
		for i := range log {
			if f, ok := log[i].Fragment(); ok && !slices.Contains(of, f) {
				of = append(of, f)
			}
		}
		of = of[:rapid.IntRange(0, len(of)).Draw(t, "fragments")]
		v, err := store.View(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		got, err := profile.New().Load(t.Context(), v, of)
		if err != nil {
			t.Fatal(err)
		}
		ignore := cmpopts.IgnoreFields(profile.Profile{}, "Fragments", "GivenName")
		d := gocmp.Diff(modelOf(log, of), got, ignore, cmpopts.IgnoreUnexported(profile.Profile{}), cmpopts.EquateEmpty(),
			cmpopts.IgnoreFields(profile.Case{}, "ID"))
		if d != "" {
			t.Fatalf("-model +room:\n%s", d)
		}
	})
}
