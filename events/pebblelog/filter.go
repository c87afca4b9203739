package pebblelog

import (
	"context"
	"encoding/binary"
	"slices"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
)

// idFilter knows in memory which ids the log does not have: nearly every event that comes is new, and a look-up that
// finds nothing would otherwise cost the store more than the append itself. It is a Bloom filter, so "maybe" sends the
// appender to the store, and "no" is certain. It takes 12 to 24 bits an id: 15 MB at five million events.
//
// After Open it fills in the background from the store's id entries, at about two million a second; until it is
// complete every look-up goes to the store.
type idFilter struct {
	layers   atomic.Pointer[[]*bloomLayer] // the last one takes new ids
	complete atomic.Bool
}

const (
	filterMin    = 1 << 18 // ids the first layer has room for, at least
	bitsPerID    = 12
	lineWords    = 8 // a layer is cut into cache lines, and an id sets bits in one line only
	bitsPerEntry = 6
)

// bloomLayer is one filter of a fixed size. Layers double, so there are never more than a handful.
type bloomLayer struct {
	words []atomic.Uint64
	lines uint64
	room  int // ids it may still take; the writer's
}

func newBloomLayer(ids int) *bloomLayer {
	lines := max(ids*bitsPerID/(64*lineWords), 1)
	return &bloomLayer{words: make([]atomic.Uint64, lines*lineWords), lines: uint64(lines), room: ids}
}

// place returns the line of an id and the number its bits in the line come from. The id is a cryptographic hash, so its
// bytes serve as they are.
func (b *bloomLayer) place(id *idKey) (line []atomic.Uint64, bits uint64) {
	at := binary.LittleEndian.Uint64(id[1:]) % b.lines * lineWords
	return b.words[at : at+lineWords], binary.LittleEndian.Uint64(id[9:])
}

func (b *bloomLayer) add(id *idKey) {
	line, bits := b.place(id)
	for range bitsPerEntry {
		line[bits%lineWords].Or(1 << (bits >> 3 % 64))
		bits >>= 9
	}
}

func (b *bloomLayer) has(id *idKey) bool {
	line, bits := b.place(id)
	for range bitsPerEntry {
		if line[bits%lineWords].Load()&(1<<(bits>>3%64)) == 0 {
			return false
		}
		bits >>= 9
	}
	return true
}

// newIDFilter returns an empty filter for a log of that many events, which may double before a layer is added.
func newIDFilter(ids int) *idFilter {
	f := &idFilter{}
	f.layers.Store(&[]*bloomLayer{newBloomLayer(max(2*ids, filterMin))})
	return f
}

// absent reports whether the id is certainly not in the log.
func (f *idFilter) absent(id *idKey) bool {
	if !f.complete.Load() {
		return false
	}
	for _, layer := range *f.layers.Load() {
		if layer.has(id) {
			return false
		}
	}
	return true
}

// add takes a new id. Only the sequencer calls it.
func (f *idFilter) add(id *idKey) {
	layers := *f.layers.Load()
	last := layers[len(layers)-1]
	if last.room == 0 {
		last = newBloomLayer(int(last.lines) * 2 * 64 * lineWords / bitsPerID) //nolint:gosec // far below 2^63
		grown := slices.Concat(layers, []*bloomLayer{last})                    // readers may be in the old slice
		f.layers.Store(&grown)
	}
	last.room--
	last.add(id)
}

// load adds every id of the store, while the sequencer adds new ones.
func (f *idFilter) load(ctx context.Context, db pebble.Reader) error {
	first := (*f.layers.Load())[0]
	err := eachKey(ctx, db, prefixID, func(key, _ []byte) error {
		if len(key) == len(idKey{}) {
			first.add((*idKey)(key))
		}
		return nil
	})
	if err == nil {
		f.complete.Store(true)
	}
	return err
}
