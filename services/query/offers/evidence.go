package offers

import (
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// maxEvidence bounds the events named for one reason, the latest ones.
const maxEvidence = 3

// Finder finds a touchpoint in the log; 0 if it is not there.
type Finder func(history.Ref) (events.Position, error)

// instant is a time of an answer.
func instant(at int64) time.Time { return time.UnixMicro(at).UTC() }

// evidenceOf names touchpoints, given in the order of time, the latest first. Their positions are found later.
func evidenceOf(refs []history.Ref) []OfferEvidence {
	all := make([]OfferEvidence, 0, maxEvidence)
	for n := len(refs) - 1; n >= 0 && len(all) < maxEvidence; n-- {
		all = append(all, evidence(refs[n]))
	}
	return all
}

// latestOf is evidenceOf for touchpoints that are given the latest first.
func latestOf(refs []history.Ref) []OfferEvidence {
	all := make([]OfferEvidence, 0, maxEvidence)
	for _, r := range refs[:min(maxEvidence, len(refs))] {
		all = append(all, evidence(r))
	}
	return all
}

func evidence(r history.Ref) OfferEvidence {
	return OfferEvidence{Type: r.Type, Time: instant(r.At), ref: r}
}

// find looks up the positions of events.
func find(where Finder, lists ...[]OfferEvidence) error {
	for _, list := range lists {
		for i := range list {
			var err error
			if list[i].Position, err = where(list[i].ref); err != nil {
				return err
			}
		}
	}
	return nil
}

// Find looks up the positions of the events that an answer names.
func (a *RecommendationsAnswer) Find(where Finder) error {
	var lists [][]OfferEvidence
	for i := range a.Recommendations {
		for _, w := range a.Recommendations[i].Why {
			lists = append(lists, w.Evidence)
		}
	}
	for i := range a.Again {
		lists = append(lists, a.Again[i].Evidence)
	}
	for i := range a.UpSell {
		lists = append(lists, a.UpSell[i].Evidence)
	}
	for _, interests := range [][]OfferInterest{a.Interests, a.Brands} {
		for i := range interests {
			lists = append(lists, interests[i].Evidence)
		}
	}
	for i := range a.LeftOut {
		l := &a.LeftOut[i]
		var err error
		if l.Evidence.Position, err = where(l.Evidence.ref); err != nil {
			return err
		}
	}
	return find(where, lists...)
}

// Find looks up the positions of the events that an answer names.
func (a *WhoCaresAnswer) Find(where Finder) error {
	for i := range a.Customers {
		if err := find(where, a.Customers[i].Evidence); err != nil {
			return err
		}
	}
	return nil
}
