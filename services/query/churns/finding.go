package churns

import (
	"cmp"
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

const (
	// WithinDays is how long a customer who was flagged has to come back before they count as lost.
	WithinDays = 60
	// trendPoints is how many ends of weeks a trend has.
	trendPoints = 12
	// pastFlags bounds the flags of the past in an answer.
	pastFlags = 24
)

// Places are the positions of touchpoints in the log, by what names them in histories.
type Places map[history.Ref]events.Position

// Finding is what one policy says of one customer, before the events behind it were looked up.
type Finding struct {
	held    *Held
	at      int64
	score   churn.Score
	trend   []churn.Point
	changes []standing.Change
	past    []churn.Winback // of the changes that raised a flag, in order
}

// Whole has everything found out about a customer as of a time; see [Finding.Answer].
func (h *Held) Whole(of *history.History, at int64) *Finding {
	f := h.glance(of, at)
	f.score.Pivotal = h.Program.Pivotal(of, at)
	for _, c := range f.changes {
		if p, ok := h.Schedule.In(c.At).Judge.(*churn.Program); ok && c.In {
			f.past = append(f.past, p.Winback(of, c.At, at, WithinDays))
		}
	}
	return f
}

// glance leaves out what takes long and a page does not show.
func (h *Held) glance(of *history.History, at int64) *Finding {
	return &Finding{
		held: h, at: at, score: h.Program.Glance(of, at), trend: h.Program.Trend(of, at, churn.Weekly, trendPoints),
		changes: h.Schedule.Changes(of, at),
	}
}

// Refs are the touchpoints whose positions [Finding.Answer] needs.
func (f *Finding) Refs() []history.Ref {
	refs := slices.Clone(f.score.Pivotal)
	for i := range f.score.Reasons {
		refs = append(refs, f.score.Reasons[i].Touchpoints...)
	}
	for _, w := range f.past {
		if w.Cause.At != 0 {
			refs = append(refs, w.Cause)
		}
	}
	return refs
}

// Answer is what the policy says.
func (f *Finding) Answer(places Places) CustomerFlag {
	return CustomerFlag{
		Policy: f.held.Brief(), Flagged: f.score.In, Since: f.since(), Due: instantOr(f.score.Due, standing.Never),
		Risk: f.score.Points, Known: f.score.Known, Note: textOr(f.score.Note), Trend: trendOf(f.trend),
		Reasons: reasonsOf(&f.score, places), Pivotal: evidenceOf(f.score.Pivotal, &f.score, places), Past: f.pastFlags(places),
	}
}

// Compare orders findings: flagged ones first, then the higher risk, then by name.
func Compare(a, b *Finding) int {
	return cmp.Or(cmp.Compare(oneIf(b.score.In), oneIf(a.score.In)), cmp.Compare(b.score.Points, a.score.Points), cmp.Compare(a.held.Name, b.held.Name))
}

// since is when the flag that is up went up.
func (f *Finding) since() *time.Time {
	if n := len(f.changes); n > 0 && f.changes[n-1].In {
		t := instant(f.changes[n-1].At)
		return &t
	}
	return nil
}

// pastFlags are the flags that were raised, the latest first.
func (f *Finding) pastFlags(places Places) []PastFlag {
	all := []PastFlag{}
	for i, c := range f.changes {
		if !c.In || len(all) == len(f.past) {
			continue
		}
		w := f.past[len(all)]
		p := PastFlag{Raised: instant(c.At), Began: c.Begin, Version: f.held.Schedule.In(c.At).Number, Outcome: string(w.Outcome)}
		if i+1 < len(f.changes) {
			p.Lowered = instantOr(f.changes[i+1].At, standing.Never)
		}
		if w.Cause.At != 0 {
			e := evidence(w.Cause, nil, places)
			p.Cause = &e
		}
		all = append(all, p)
	}
	slices.Reverse(all)
	return all[:min(len(all), pastFlags)]
}

func trendOf(points []churn.Point) []RiskPoint {
	all := make([]RiskPoint, len(points))
	for i, p := range points {
		all[i] = RiskPoint{Time: instant(p.At), Risk: p.Points, Flagged: p.In}
	}
	return all
}

func reasonsOf(s *churn.Score, places Places) []FlagReason {
	all := make([]FlagReason, len(s.Reasons))
	for i := range s.Reasons {
		r := &s.Reasons[i]
		all[i] = FlagReason{
			Code: r.Code, Channel: string(r.Channel), Text: r.Words, Weight: r.Points, Numbers: map[string]float64{},
			Evidence: evidenceOf(r.Touchpoints, s, places),
		}
		for _, n := range r.Numbers {
			all[i].Numbers[n.Name] = n.Value
		}
	}
	return all
}

func evidenceOf(refs []history.Ref, s *churn.Score, places Places) []FlagEvidence {
	all := make([]FlagEvidence, len(refs))
	for i, r := range refs {
		all[i] = evidence(r, s, places)
	}
	return all
}

func evidence(r history.Ref, s *churn.Score, places Places) FlagEvidence {
	return FlagEvidence{Position: places[r], Type: r.Type, Time: instant(r.At), Pivotal: s != nil && slices.Contains(s.Pivotal, r)}
}

// Brief returns what the page of a customer shows: the policy that flags them with the highest risk, or else the one with the
// highest risk; nil if there is no policy.
func (b *Book) Brief(of *history.History) *ChurnBrief {
	var all []*Finding
	for _, h := range b.Held() {
		all = append(all, h.glance(of, b.at))
	}
	if len(all) == 0 {
		return nil
	}
	return slices.MinFunc(all, Compare).brief()
}

func (f *Finding) brief() *ChurnBrief {
	a := &ChurnBrief{
		Policy: f.held.Name, Title: f.held.Written.Title, Version: f.held.Version.Number, Flagged: f.score.In, Since: f.since(),
		Risk: f.score.Points, Known: f.score.Known, Note: textOr(f.score.Note), Trend: trendOf(f.trend), Reasons: []ChurnReason{},
	}
	for i := range f.score.Reasons {
		r := &f.score.Reasons[i]
		a.Reasons = append(a.Reasons, ChurnReason{Code: r.Code, Text: r.Words, Weight: r.Points})
	}
	return a
}
