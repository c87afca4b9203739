package pebblelog

import (
	"context"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events/idfilter"
)

// fillFilter adds every id of the store, while the sequencer adds new ones.
func fillFilter(ctx context.Context, f *idfilter.Filter, db pebble.Reader) error {
	err := eachKey(ctx, db, prefixID, func(key, _ []byte) error {
		if len(key) == len(idfilter.ID{}) {
			f.Fill((*idfilter.ID)(key))
		}
		return nil
	})
	if err == nil {
		f.Complete()
	}
	return err
}
