package logcopy_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logcopy"
)

// bent is a log that gives one event back changed, as a damaged engine without checksums would.
type bent struct {
	events.Log
	at   events.Position
	bend func(r *events.Recorded)
}

func (b bent) Read(ctx context.Context, after events.Position, limit int) ([]events.Recorded, error) {
	page, err := b.Log.Read(ctx, after, limit)
	for i := range page {
		if page[i].Position == b.at {
			b.bend(&page[i])
		}
	}
	return page, err
}

func TestCompareFindsEveryField(t *testing.T) {
	t.Parallel()
	from := filled(t, 700)
	for field, bend := range map[string]func(r *events.Recorded){
		"data":        func(r *events.Recorded) { r.Data = []byte(`{"n":-1}`) },
		"id":          func(r *events.Recorded) { r.ID = "other" },
		"stream":      func(r *events.Recorded) { r.Stream = "other" },
		"recordedat":  func(r *events.Recorded) { r.RecordedAt = r.RecordedAt.Add(1) },
		"time":        func(r *events.Recorded) { r.Time = r.Time.Add(1) },
		"hash":        func(r *events.Recorded) { r.Hash[7]++ },
		"identifiers": func(r *events.Recorded) { r.Identifiers = nil },
	} {
		for _, at := range []events.Position{1, 300, 700} {
			for side, logs := range map[string][2]events.Log{
				"source": {bent{from, at, bend}, from}, "target": {from, bent{from, at, bend}},
			} {
				err := logcopy.Compare(t.Context(), logs[0], logs[1], headOf(t, from), quiet)
				var different *logcopy.DifferenceError
				if !errors.As(err, &different) || different.Position != at || !slices.Contains(different.Fields, field) {
					t.Errorf("%s of the %s at %d was changed: %v", field, side, at, err)
				}
			}
		}
	}
}

// TestCompareChecksTheChain bends both sides alike.
func TestCompareChecksTheChain(t *testing.T) {
	t.Parallel()
	from := filled(t, 400)
	both := bent{from, 123, func(r *events.Recorded) { r.Data = []byte(`{}`) }}
	var different *logcopy.DifferenceError
	err := logcopy.Compare(t.Context(), both, both, headOf(t, from), quiet)
	if !errors.As(err, &different) || different.Position != 123 || different.Fields[0] != "the hash chain" {
		t.Errorf("the same change on both sides: %v", err)
	}
}

func TestCompareMissesNothing(t *testing.T) {
	t.Parallel()
	from, short := filled(t, 400), filled(t, 399)
	if err := logcopy.Compare(t.Context(), from, short, headOf(t, from), quiet); err == nil {
		t.Error("a target that lacks the last event was taken for whole")
	}
	gone := bent{from, 200, func(r *events.Recorded) { r.Position = 201 }}
	if err := logcopy.Compare(t.Context(), from, gone, headOf(t, from), quiet); err == nil {
		t.Error("a target that lacks position 200 was taken for whole")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := logcopy.Compare(ctx, from, from, headOf(t, from), quiet); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Compare gave %v", err)
	}
}
