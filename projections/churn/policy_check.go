package churn

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/c360hq/c360/events"
)

const (
	maxTypes = 64
	maxType  = 64
	maxNote  = 2000
	maxDays  = 3650
)

// Validate reports the first thing that is out of range, as a *PolicyError.
func (p *Policy) Validate() error {
	given := 0
	for _, there := range [...]bool{p.Rhythm != nil, p.Decline != nil, p.Model != nil} {
		if there {
			given++
		}
	}
	switch {
	case p.Version != Version:
		return &PolicyError{"/version", fmt.Sprintf("is %d; give %d", p.Version, Version)}
	case given != 1:
		return &PolicyError{"", fmt.Sprintf("has %d of rhythm, decline and model; give one", given)}
	case p.UntilDays < 0 || p.UntilDays > maxDays:
		return &PolicyError{"/until_days", fmt.Sprintf("is %d; give 0 (never) to %d", p.UntilDays, maxDays)}
	}
	if err := p.Counts.check(); err != nil {
		return err
	}
	if err := p.checkKind(); err != nil {
		return err
	}
	if err := p.Signals.check(); err != nil {
		return err
	}
	return p.checkWords()
}

func (p *Policy) checkKind() error {
	switch {
	case p.Rhythm != nil:
		return p.Rhythm.check()
	case p.Decline != nil:
		return p.Decline.check()
	}
	return p.Model.check()
}

// bound is a number and what it may be.
type bound struct {
	name               string
	value, least, most float64
}

// within reports the first number that is out of bounds. It refuses what is not a number, too.
func within(list ...bound) error {
	for _, b := range list {
		if !(b.value >= b.least && b.value <= b.most) {
			return &PolicyError{b.name, fmt.Sprintf("is %g; give %g to %g", b.value, b.least, b.most)}
		}
	}
	return nil
}

func (c *Counts) check() error {
	switch {
	case c.Of != Visits && c.Of != Purchases:
		return &PolicyError{"/counts/of", `give "visits" or "purchases"`}
	case c.Of == Purchases && len(c.Types) > 0:
		return &PolicyError{"/counts/types", "purchases are orders; leave it out"}
	case len(c.Types) > maxTypes:
		return &PolicyError{"/counts/types", fmt.Sprintf("has %d types; give at most %d", len(c.Types), maxTypes)}
	}
	for i, name := range c.Types {
		if problem := typeProblem(name, c.Types[:i]); problem != "" {
			return &PolicyError{"/counts/types/" + strconv.Itoa(i), problem}
		}
	}
	for i, name := range c.Channels {
		_, known := events.ParseChannel(string(name))
		if !known || slices.Contains(c.Channels[:i], name) {
			return &PolicyError{"/counts/channels/" + strconv.Itoa(i), "give each of web, app, store, call, inquiry, message and other at most once"}
		}
	}
	return nil
}

func typeProblem(name string, before []string) string {
	switch {
	case name == "" || len(name) > maxType || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_.") != "":
		return `is no type of touchpoint; write it like "page.viewed"`
	case slices.Contains(notTheirs, name):
		return "is done by the company, not by the customer; it cannot count"
	case slices.Contains(before, name):
		return "is there already; give it once"
	}
	return ""
}

func (r *Rhythm) check() error {
	if r.Gap != Median && r.Gap != Mean {
		return &PolicyError{"/rhythm/gap", `give "median" or "mean"`}
	}
	return within(
		bound{"/rhythm/factor", r.Factor, .01, 100},
		bound{"/rhythm/gaps", float64(r.Gaps), 1, maxGaps},
		bound{"/rhythm/prior_days", r.PriorDays, 0, maxDays},
		bound{"/rhythm/prior_gaps", r.PriorGaps, 0, 100},
		bound{"/rhythm/min_visits", float64(r.MinVisits), 2, float64(r.Gaps + 1)},
		bound{"/rhythm/floor_days", r.FloorDays, 0, maxDays},
		bound{"/rhythm/ceiling_days", r.CeilingDays, max(r.FloorDays, 1), maxDays},
	)
}

func (c *Decline) check() error {
	return within(
		bound{"/decline/window_days", float64(c.WindowDays), 1, 366},
		bound{"/decline/windows", float64(c.Windows), 1, 24},
		bound{"/decline/min_windows", float64(c.MinWindows), 1, float64(c.Windows)},
		bound{"/decline/fall", c.Fall, .01, .99},
		bound{"/decline/significance", c.Significance, 1e-9, .5},
	)
}

func (s *Signals) check() error {
	return within(
		bound{"/signals/days", float64(s.Days), 0, maxDays},
		bound{"/signals/complaint", s.Complaint, 0, 5},
		bound{"/signals/refund", s.Refund, 0, 5},
		bound{"/signals/unsubscribe", s.Unsubscribe, 0, 5},
		bound{"/signals/trouble", s.Trouble, 0, 5},
	)
}

// checkWords looks at what is said about the policy, which no decision hangs on.
func (p *Policy) checkWords() error {
	if n := p.Note; n != nil && len(n.Ko)+len(n.En) > maxNote {
		return &PolicyError{"/note", fmt.Sprintf("is %d bytes long; give at most %d", len(n.Ko)+len(n.En), maxNote)}
	}
	m := p.Measured
	if m == nil {
		return nil
	}
	if len(m.Cutoffs) > MaxCutoffs {
		return &PolicyError{"/measured/cutoffs", fmt.Sprintf("has %d days; give at most %d", len(m.Cutoffs), MaxCutoffs)}
	}
	for i, c := range m.Cutoffs {
		if len(c) != len("2006-01-02") {
			return &PolicyError{"/measured/cutoffs/" + strconv.Itoa(i), "give a day like 2026-03-31"}
		}
	}
	if _, known := parseLabel(m.Label); !known {
		return &PolicyError{"/measured/label", `give "no_visit" or "no_purchase"`}
	}
	return m.checkNumbers()
}

func (m *Measured) checkNumbers() error {
	if m.Slipped > m.Customers || m.Flagged > m.Customers || m.Right > min(m.Slipped, m.Flagged) || min(m.Customers, m.Slipped, m.Flagged, m.Right, m.Unjudged) < 0 {
		return &PolicyError{"/measured", "its counts do not fit together"}
	}
	return within(
		bound{"/measured/horizon_days", float64(m.HorizonDays), 1, maxDays},
		bound{"/measured/min_times", m.MinTimes, 0, 1000},
		bound{"/measured/base_rate", m.BaseRate, 0, 1},
		bound{"/measured/precision", m.Precision, 0, 1},
		bound{"/measured/recall", m.Recall, 0, 1},
		bound{"/measured/auc", m.AUC, 0, 1},
		bound{"/measured/recency_precision", m.RecencyPrecision, 0, 1},
		bound{"/measured/recency_recall", m.RecencyRecall, 0, 1},
		bound{"/measured/recency_auc", m.RecencyAUC, 0, 1},
	)
}
