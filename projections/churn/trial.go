package churn

import (
	"errors"
	"fmt"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Label is what a flag foretells.
type Label uint8

// The labels: nothing of the sort happens within the horizon.
const (
	NoPurchase Label = 1 + iota
	NoVisit
)

// String returns "no_purchase" or "no_visit".
func (l Label) String() string {
	if l == NoVisit {
		return "no_visit"
	}
	return "no_purchase"
}

func parseLabel(name string) (Label, bool) {
	for _, l := range [...]Label{NoPurchase, NoVisit} {
		if l.String() == name {
			return l, true
		}
	}
	return 0, false
}

// MaxCutoffs bounds the cut-off dates of a backtest.
const MaxCutoffs = 36

// Trial says how policies are put to the test.
type Trial struct {
	// Cutoffs are the times, Unix microseconds, ascending, as of which flags are looked at.
	Cutoffs []int64
	// HorizonDays is how many days after a cut-off are looked at for what then happened.
	HorizonDays int
	Label       Label
	// Now is what is known up to: no horizon may end after it.
	Now int64
	// MinVisits and ActiveDays say who is judged at a cut-off: who had been there on so many days that count (1 at least), the last
	// of them at most so many days ago (0: no matter when).
	MinVisits, ActiveDays int
	// MinTimes leaves out those of whom the horizon can tell nothing: who would not come so many times within it at their usual
	// gap. They may be as faithful as anybody and yet not be seen. 0 judges everybody, which makes those who come rarely by nature
	// look like leaving, and any rule that flags them look right.
	MinTimes float64
	// Contact is what contacting one flagged customer costs, Saved what a right flag is worth on average, given how many of
	// them can be kept. Both may be 0.
	Contact, Saved events.Money
}

func (t *Trial) check() error {
	switch {
	case len(t.Cutoffs) == 0 || len(t.Cutoffs) > MaxCutoffs:
		return fmt.Errorf("churn backtest: there are %d cut-off dates; give 1 to %d", len(t.Cutoffs), MaxCutoffs)
	case !slices.IsSorted(t.Cutoffs):
		return errors.New("churn backtest: the cut-off dates are not in order; give the earliest first")
	case t.HorizonDays < 1 || t.HorizonDays > maxDays:
		return fmt.Errorf("churn backtest: the horizon is %d days; give 1 to %d", t.HorizonDays, maxDays)
	case t.Label != NoPurchase && t.Label != NoVisit:
		return errors.New("churn backtest: what a flag foretells is missing; give no_purchase or no_visit")
	}
	if end := t.end(t.Cutoffs[len(t.Cutoffs)-1]); end > t.Now {
		return fmt.Errorf("churn backtest: %d days after %s are not over yet; give an earlier cut-off date or a shorter horizon",
			t.HorizonDays, date(t.Cutoffs[len(t.Cutoffs)-1]))
	}
	return nil
}

func (t *Trial) end(cutoff int64) int64 { return cutoff + int64(t.HorizonDays)*dayMicros }

// outcome is what is to be known of a customer at a cut-off date, whatever the policy.
type outcome struct {
	silence         day // since the last day that counts
	judged, slipped bool
}

// look says what became of a customer; false if they are not among those to look at.
func (t *Trial) look(k *counter, h *history.History, cutoff int64) (o outcome, there bool) {
	var space [inStack]day
	days := k.days(h, cutoff, reach{max(t.MinVisits, defaultRhythm.Gaps+1), everything}, space[:0])
	if len(days) < max(t.MinVisits, 1) {
		return o, false
	}
	o.silence = dayOf(cutoff) - days[0]
	if t.ActiveDays > 0 && o.silence > day(t.ActiveDays) {
		return o, false
	}
	gap, gaps := defaultRhythm.own(days)
	o.judged = t.MinTimes == 0 || gaps > 0 && float64(t.HorizonDays) >= t.MinTimes*gap
	if end := t.end(cutoff); !o.judged {
		return o, true
	} else if t.Label == NoPurchase {
		_, did := bought(h, cutoff, end, end)
		o.slipped = !did
	} else {
		_, did := k.returned(h, cutoff, end)
		o.slipped = !did
	}
	return o, true
}
