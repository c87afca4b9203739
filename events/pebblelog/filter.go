package pebblelog

import (
	"context"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events/idfilter"
	"github.com/c360hq/c360/events/keys"
)

// fillFilter adds every id of the store, while the sequencer adds new ones.
func fillFilter(ctx context.Context, f *idfilter.Filter, db pebble.Reader) error {
	err := eachKey(ctx, db, keys.PrefixID, func(key, _ []byte) error {
		if len(key) == len(keys.ID{}) {
			f.Fill((*keys.ID)(key))
		}
		return nil
	})
	if err == nil {
		f.Complete()
	}
	return err
}
