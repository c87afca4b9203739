package churn

// Goal says what to calibrate for. Its zero value but Now is sensible.
type Goal struct {
	// Now is what is known up to, Unix microseconds.
	Now int64
	// Counts is what counts; the zero value is visits.
	Counts Counts
	// HorizonDays and Label are what flags are to foretell; the zero values are Survey.Horizon and that nothing that counts happens.
	HorizonDays int
	Label       Label
	// Budget is the largest share of the customers that may be flagged; 0 is .3.
	Budget float64
	// Precision is what is wanted at least; 0 is anything.
	Precision float64
	// More are policies to try beside the usual ones.
	More []Policy
}

// judgedTimes is how many times within the horizon those who are judged would come at their usual gap: whoever comes at
// random stays away for so long with a probability of e^-3, 5 %.
const judgedTimes = 3

// pickDates is how many dates it picks on, pickApart how many days they are apart.
const (
	pickDates = 3
	pickApart = 30
)

// whole fills in what is missing.
func (g Goal) whole(s *Survey) Goal {
	if g.Counts.Of == "" {
		g.Counts.Of = Visits
	}
	if g.HorizonDays == 0 {
		g.HorizonDays = s.Horizon()
	}
	if g.Label == 0 && g.Counts.Of == Visits {
		g.Label = NoVisit
	} else if g.Label == 0 {
		g.Label = NoPurchase
	}
	if g.Budget == 0 {
		g.Budget = .3
	}
	return g
}

func (g *Goal) trial() Trial {
	t := Trial{HorizonDays: g.HorizonDays, Label: g.Label, Now: g.Now, MinVisits: RegularVisits, ActiveDays: 365, MinTimes: judgedTimes}
	measured := g.Now - int64(g.HorizonDays)*dayMicros
	picked := measured - int64(g.HorizonDays)*dayMicros
	for i := pickDates - 1; i >= 0; i-- {
		t.Cutoffs = append(t.Cutoffs, picked-int64(i*pickApart)*dayMicros)
	}
	t.Cutoffs = append(t.Cutoffs, measured)
	return t
}

// Candidates returns the usual candidates but the model, for data with this median gap in days: the own rhythm by median and by mean, the own
// rhythm drawn towards that of everybody, plain recency, and decline; the first again with bad news weighing in.
func Candidates(c Counts, gap int) []Policy {
	typical := float64(max(gap, 1))
	base := defaultRhythm
	base.MinVisits, base.FloorDays, base.CeilingDays = RegularVisits, 7, 180
	mean, drawn, plain, fall := base, base, base, defaultDecline
	mean.Gap = Mean
	drawn.Gap, drawn.PriorDays, drawn.PriorGaps = Mean, typical, 6
	plain.FloorDays, plain.CeilingDays = max(2*typical, 1), max(2*typical, 1)
	var list []Policy
	for _, r := range []*Rhythm{&base, &mean, &drawn, &plain} {
		list = append(list, Policy{Version: Version, Counts: c, Rhythm: r, UntilDays: 365, Signals: defaultSignals})
	}
	list = append(list, Policy{Version: Version, Counts: c, Decline: &fall, UntilDays: 365, Signals: defaultSignals})
	news := list[0]
	news.Signals = Signals{Days: 90, Complaint: .5, Refund: .25, Unsubscribe: .5, Trouble: .25}
	return append(list, news)
}
