package churns

import (
	"cmp"
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/standing"
)

// Default is the name of the policy that a fresh install gets, and Calibrated who writes it.
const (
	Default    = "default"
	Calibrated = "c360"
)

// Book tells what the policies are as of a time. It may be used by many at once.
type Book struct {
	set *standing.Set
	at  int64
}

// NewBook returns the policies of a set as of a time, Unix microseconds.
func NewBook(set *standing.Set, at int64) *Book { return &Book{set, at} }

// At is the time, Unix microseconds.
func (b *Book) At() int64 { return b.at }

// Held is a policy that holds.
type Held struct {
	Name     string
	Schedule *standing.Schedule
	Version  standing.Version
	Program  *churn.Program
	// Written is the definition of the version.
	Written standing.Written
}

// Held returns the policies that hold, in the order of their names.
func (b *Book) Held() []*Held {
	var all []*Held
	for _, s := range b.set.Schedules {
		if h, ok := b.held(s); ok {
			all = append(all, h)
		}
	}
	return all
}

// Named returns a policy that holds. If no name is given, those that people wrote go before those that a calibration did, and Default
// goes before the others, which go by name.
func (b *Book) Named(name string) (*Held, bool) {
	all := b.Held()
	if name == "" && len(all) > 0 {
		return slices.MinFunc(all, usual), true
	}
	i := slices.IndexFunc(all, func(h *Held) bool { return h.Name == name })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

func usual(a, b *Held) int {
	return cmp.Or(cmp.Compare(oneIf(a.Written.Actor == Calibrated), oneIf(b.Written.Actor == Calibrated)),
		cmp.Compare(oneIf(a.Name != Default), oneIf(b.Name != Default)), cmp.Compare(a.Name, b.Name))
}

func oneIf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (b *Book) held(s *standing.Schedule) (*Held, bool) {
	v := s.In(b.at)
	p, ok := v.Judge.(*churn.Program)
	if !ok {
		return nil, false
	}
	w, _ := b.written(s.Name, v.From)
	return &Held{s.Name, s, v, p, w}, true
}

// written returns the definition of the version that began at a time, and whether it removed the policy.
func (b *Book) written(name string, from int64) (w standing.Written, removed bool) {
	for i := range b.set.Definitions {
		if d := &b.set.Definitions[i]; d.Name == name && d.From == from {
			w, removed = standing.Written{}, d.Removed // the last one of that moment holds
			if parsed, err := standing.ParseWritten(d.Body); err == nil {
				w = parsed
			}
		}
	}
	return w, removed
}

// Brief names the policy and says what it is worth.
func (h *Held) Brief() PolicyBrief {
	p := h.Program.Policy()
	return PolicyBrief{
		Name: h.Name, Title: h.Written.Title, Kind: p.Kind(), Version: h.Version.Number, Since: instant(h.Version.From),
		Actor: h.Written.Actor, Measured: worth(p.Measured), Note: p.Note,
	}
}

func worth(m *churn.Measured) *PolicyWorth {
	if m == nil {
		return nil
	}
	return &PolicyWorth{
		Text: m.Words(), Cutoffs: m.Cutoffs, HeldBack: m.HeldBack, HorizonDays: m.HorizonDays, Label: m.Label,
		Customers: m.Customers, Slipped: m.Slipped, Flagged: m.Flagged, Right: m.Right, BaseRate: m.BaseRate,
		Precision: m.Precision, Recall: m.Recall, AUC: m.AUC, MinTimes: m.MinTimes, Unjudged: m.Unjudged,
		Recency: PlainRecency{
			Precision: m.RecencyPrecision, Recall: m.RecencyRecall, F1: f1(m.RecencyPrecision, m.RecencyRecall), AUC: m.RecencyAUC,
		},
	}
}

// f1 is the harmonic mean of precision and recall, 0 if both are.
func f1(precision, recall float64) float64 {
	if precision+recall == 0 {
		return 0
	}
	return 2 * precision * recall / (precision + recall)
}

// Policies returns every policy that was not removed, in the order of their names, without counts.
func (b *Book) Policies() []Policy {
	all := []Policy{}
	for _, s := range b.set.Schedules {
		if p, ok := b.Policy(s.Name); ok && !p.Removed {
			all = append(all, p)
		}
	}
	return all
}

// Policy returns one policy, whole but for its counts; false if there never was one of that name by then.
func (b *Book) Policy(name string) (Policy, bool) {
	s := b.set.Schedule(name)
	if s == nil || s.First() > b.at {
		return Policy{}, false
	}
	v := s.In(b.at)
	w, removed := b.written(name, v.From)
	p := Policy{
		PolicyBrief: PolicyBrief{Name: name, Title: w.Title, Version: v.Number, Since: instant(v.From), Actor: w.Actor},
		Rule:        []byte(w.Rule), Removed: removed, Fault: faultOf(v), Versions: b.versions(s),
	}
	if h, ok := b.held(s); ok {
		p.PolicyBrief = h.Brief()
	}
	if len(p.Rule) == 0 {
		p.Rule = []byte("null")
	}
	return p, true
}

// versions are those by then, the latest first.
func (b *Book) versions(s *standing.Schedule) []PolicyRevision {
	all := []PolicyRevision{}
	for _, v := range slices.Backward(s.Versions) {
		if v.From > b.at {
			continue
		}
		w, removed := b.written(s.Name, v.From)
		all = append(all, PolicyRevision{
			Version: v.Number, Since: instant(v.From), Actor: w.Actor, Title: w.Title, Removed: removed, Fault: faultOf(v),
		})
	}
	return all
}

func faultOf(v standing.Version) string {
	if v.Fault == nil {
		return ""
	}
	return v.Fault.Error()
}

// instant returns a time, Unix microseconds, as answers have it.
func instant(at int64) time.Time { return time.UnixMicro(at).UTC() }

// instantOr returns a time, or nil for never.
func instantOr(at int64, never int64) *time.Time {
	if at == never {
		return nil
	}
	t := instant(at)
	return &t
}

// textOr returns a text, or nil for an empty one.
func textOr(t events.Text) *events.Text {
	if t == (events.Text{}) {
		return nil
	}
	return &t
}
