package analytics_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/roomtest"
)

// splitmix is a generator of numbers that look random.
type splitmix uint64

func (r *splitmix) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func sortBy[T any](list []T, key func(T) int64) {
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// everything is every result over some histories, as JSON, by its name.
func everything(t *testing.T, all []*history.History) map[string]string {
	t.Helper()
	last := int64(0)
	for _, h := range all {
		last = max(last, h.Touchpoints[len(h.Touchpoints)-1].At)
	}
	at := last - 40*analytics.Day
	half := analytics.Period{From: at - 180*analytics.Day, To: at}
	order, view := analytics.Step{Type: history.OrderCompleted}, analytics.Step{Type: "page.viewed"}
	return map[string]string{
		"kpi":       jsonOf(t, result(t, made(t, analytics.NewKPI, analytics.KPIOptions{At: at, Period: half, Active: analytics.ByAnything}), all...)),
		"retention": jsonOf(t, result(t, made(t, analytics.NewRetention, analytics.RetentionOptions{At: at, Active: analytics.ByVisits}), all...)),
		"funnel":    jsonOf(t, result(t, made(t, analytics.NewFunnel, analytics.FunnelOptions{At: at, Period: half, Steps: []analytics.Step{view, order, order}}), all...)),
		"paths":     jsonOf(t, result(t, made(t, analytics.NewPaths, analytics.PathOptions{At: at, Period: half, Goal: order}), all...)),
		"returns":   jsonOf(t, result(t, made(t, analytics.NewReturns, analytics.ReturnOptions{At: at, Period: half}), all...)),
		"survival":  jsonOf(t, result(t, made(t, analytics.NewSurvival, analytics.SurvivalOptions{At: at}), all...)),
		"values":    jsonOf(t, result(t, valuesOf(t, at, half), all...)),
	}
}

// valuesOf makes a value table of two groups: who ever had a refund, and who has an even last byte.
func valuesOf(t *testing.T, at int64, period analytics.Period) func() *analytics.Values {
	return func() *analytics.Values {
		v, err := analytics.NewValues(analytics.ValueOptions{
			At: at, Period: period, Costs: map[string]events.Money{"call.ended": 35_000_000, "inquiry.opened": 18_000_000},
		}, func(h *history.History) (groups []string) {
			if len(h.Between(h.Of(history.OrderRefunded), 0, at)) > 0 {
				groups = append(groups, "refunded")
			}
			if h.Customer[15]%2 == 0 {
				groups = append(groups, "even")
			}
			return groups
		})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestEverythingIsTheSameHoweverItArrives folds the made-up events of 60 people in order and shuffled with repeats.
func TestEverythingIsTheSameHoweverItArrives(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 3; seed++ {
		list := roomtest.Generate(seed, roomtest.Options{People: 60, Events: 3000, Shared: 5})
		want, got := everything(t, scan(t, list)), everything(t, scan(t, roomtest.Shuffle(seed, list)))
		for name, text := range want {
			if got[name] != text {
				t.Errorf("seed %d: %s is another one when the events come in another order, some twice", seed, name)
			}
		}
	}
}

// TestTheFutureChangesNothing compares results over whole histories with those over what had happened by then.
func TestTheFutureChangesNothing(t *testing.T) {
	t.Parallel()
	list := roomtest.Generate(5, roomtest.Options{People: 60, Events: 3000, Shared: 5})
	whole := scan(t, list)
	last := int64(0)
	for _, h := range whole {
		last = max(last, h.Touchpoints[len(h.Touchpoints)-1].At)
	}
	at := last - 40*analytics.Day // as in everything
	var past []events.Event
	for _, e := range list {
		if now := e.Time.UnixMicro(); now <= at || now == last {
			past = append(past, e) // the last one sets the instant
		}
	}
	if len(past) == len(list) {
		t.Fatal("nothing lies in the future")
	}
	want, got := everything(t, whole), everything(t, scan(t, past))
	for name, text := range want {
		if got[name] != text {
			t.Errorf("seed 5: %s looks at what happened later", name)
		}
	}
}
