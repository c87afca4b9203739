package projections_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/segment"
)

// churnPolicies are one of each kind.
var churnPolicies = []string{
	`{"version":1,"counts":{"of":"visits"},"rhythm":{"factor":2.5,"gap":"median","min_visits":2}}`,
	`{"version":1,"counts":{"of":"visits"},"decline":{"window_days":28,"windows":1,"min_windows":1}}`,
	`{"version":1,"counts":{"of":"purchases"},"model":{"name":"mbg_nbd","parameters":{"r":0.525,"alpha":6.183,"a":0.891,"b":1.614},"within_weeks":8}}`,
}

// TestOddTimes: what happened in the year 1 or 9999, many things at one moment, and rules that hold since the year 1, are
// folded in no more time than others, and in any order to the same rows.
func TestOddTimes(t *testing.T) {
	t.Parallel()
	list := roomtest.Generate(5, roomtest.Options{People: 10, Events: 300, Decisions: 4, Shared: 10})
	for i := range list {
		switch {
		case i%50 == 1:
			list[i].Time = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
		case i%50 == 2:
			list[i].Time = time.Date(1700, 1, 1, 0, 0, 0, i, time.UTC)
		case i%50 == 3:
			list[i].Time = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		case i%50 < 9:
			list[i].Time = time.Date(2025, 5, 5, 0, 0, 0, 0, time.UTC)
		}
	}
	inOrder := foldedOddly(t, list, 5000)
	if got := foldedOddly(t, roomtest.Shuffle(3, list), 2); got != inOrder {
		t.Errorf("shuffled\n%sin order\n%s", got, inOrder)
	}
}

// foldedOddly folds what happened under rules that begin in the year 1, and returns the digest of the rows.
func foldedOddly(t *testing.T, list []events.Event, batch int) string {
	t.Helper()
	rooms, _ := judging(t, 3)
	o := options(nil, rooms...)
	h := setup(t, rooms...)
	o.Log, o.Store, o.BatchEvents = h.log, h.store, batch
	var all []events.Entry
	for i, rule := range append(segmentRules, `{"birthday":{"within":"7d"}}`, `{"trait":"age",">=":30}`) {
		all = append(all, written(fmt.Sprint("d", i), fmt.Sprint(segment.Stream, "s", i), segment.Defined, 0, rule))
	}
	for i, policy := range churnPolicies {
		all = append(all, written(fmt.Sprint("p", i), fmt.Sprint(churn.Stream, "p", i), churn.Defined, 0, policy))
	}
	for i := range all {
		all[i].Event.Time = time.Date(1, 1, 1, 0, 0, 0, i, time.UTC)
	}
	_, err := h.log.Append(t.Context(), append(all, roomtest.Entries(list...)...)...)
	must(t, err)
	e := projections.NewEngine(o)
	defer e.Stop()
	must(t, errors.Join(e.RunTo(t.Context(), h.head(t)), e.SweepAll(t.Context())))
	return h.digest(t, false)
}
