package pebblelog

import (
	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"

	"github.com/c360hq/c360/events/keys"
)

// tableFilter is Pebble's Bloom filter for the id entries alone. Only they are ever looked up by whole key, so filters
// over the other two thirds of the keys would cost every compaction time and serve nobody.
type tableFilter struct{ bloom.FilterPolicy }

func (tableFilter) Name() string { return "c360.ids." + bloom.FilterPolicy(0).Name() }

func (f tableFilter) MayContain(t pebble.FilterType, filter, key []byte) bool {
	return key[0] != keys.PrefixID || f.FilterPolicy.MayContain(t, filter, key)
}

func (f tableFilter) NewWriter(t pebble.FilterType) pebble.FilterWriter {
	return idWriter{f.FilterPolicy.NewWriter(t)}
}

type idWriter struct{ pebble.FilterWriter }

func (w idWriter) AddKey(key []byte) {
	if key[0] == keys.PrefixID {
		w.FilterWriter.AddKey(key)
	}
}
