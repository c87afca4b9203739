package demo_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// histories are those of the real people, whatever c360 can tie together of their traces.
func histories(t *testing.T) []*history.History {
	t.Helper()
	fragments := make([]*history.Fragment, len(whole().truth.People))
	for i := range fragments {
		fragments[i] = &history.Fragment{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(i), byte(i >> 8)})}
	}
	for _, tp := range whole().all {
		if tp.Person >= 0 {
			f := fragments[tp.Person]
			f.Touchpoints = append(f.Touchpoints, compact(t, &tp, f.ID))
		}
	}
	list := make([]*history.History, len(fragments))
	for i, f := range fragments {
		list[i] = history.Merge(f)
	}
	return list
}

// compact keeps of a touchpoint what a churn policy looks at.
func compact(t *testing.T, tp *demo.Touchpoint, f uuid.UUID) history.Touchpoint {
	t.Helper()
	body, _ := events.DecodeBody(tp.Data)
	x := history.Touchpoint{
		At: tp.At.UnixMicro(), Key: history.KeyOf(tp.Source, tp.ID), Fragment: f, Type: tp.Type, Channel: tp.Channel, Grade: events.Asserted, Order: body.OrderID,
	}
	_ = json.Valid
	return x
}

func TestScratch(t *testing.T) {
	_ = churn.Visits
	_ = standing.Never
	histories(t)
}
