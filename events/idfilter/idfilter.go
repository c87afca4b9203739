// Package idfilter knows in memory which ids a log does not have: nearly every event that comes is new, and a look-up that
// finds nothing would otherwise cost a store more than the append itself. It is a Bloom filter, so "maybe" sends the caller
// to the store, and "no" is certain. It takes 12 to 24 bits an id: 15 MB at five million events.
//
// It keeps nothing: whoever opens a store starts with an empty filter and fills it in the background from the ids that the
// store has, at about two million a second; until it is complete it never says no.
package idfilter

import (
	"encoding/binary"
	"slices"
	"sync/atomic"

	"github.com/c360hq/c360/events/keys"
)

// Filter is a set of ids that grows. One goroutine at a time may Add; any may ask.
type Filter struct {
	layers   atomic.Pointer[[]*layer] // the last one takes new ids
	complete atomic.Bool
}

const (
	// Min is how many ids the first layer has room for, at least.
	Min          = 1 << 18
	bitsPerID    = 12
	lineWords    = 8 // a layer is cut into cache lines, and an id sets bits in one line only
	bitsPerEntry = 6
)

// layer is one Bloom filter of a fixed size. Layers double, so there are never more than a handful.
type layer struct {
	words []atomic.Uint64
	lines uint64
	room  int // ids it may still take; the writer's
}

func newLayer(ids int) *layer {
	lines := max(ids*bitsPerID/(64*lineWords), 1)
	return &layer{words: make([]atomic.Uint64, lines*lineWords), lines: uint64(lines), room: ids}
}

// place returns the line of an id and the number its bits in the line come from. The id is a cryptographic hash, so its
// bytes serve as they are.
func (b *layer) place(id *keys.ID) (line []atomic.Uint64, bits uint64) {
	at := binary.LittleEndian.Uint64(id[1:]) % b.lines * lineWords
	return b.words[at : at+lineWords], binary.LittleEndian.Uint64(id[9:])
}

func (b *layer) add(id *keys.ID) {
	line, bits := b.place(id)
	for range bitsPerEntry {
		line[bits%lineWords].Or(1 << (bits >> 3 % 64))
		bits >>= 9
	}
}

func (b *layer) has(id *keys.ID) bool {
	line, bits := b.place(id)
	for range bitsPerEntry {
		if line[bits%lineWords].Load()&(1<<(bits>>3%64)) == 0 {
			return false
		}
		bits >>= 9
	}
	return true
}

// New returns an empty filter for a store of that many ids, which may double before a layer is added.
func New(ids int) *Filter {
	f := &Filter{}
	f.layers.Store(&[]*layer{newLayer(max(2*ids, Min))})
	return f
}

// Absent reports whether the id is certainly not in the store.
func (f *Filter) Absent(id *keys.ID) bool {
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

// Add takes a new id.
func (f *Filter) Add(id *keys.ID) {
	layers := *f.layers.Load()
	last := layers[len(layers)-1]
	if last.room == 0 {
		last = newLayer(int(last.lines) * 2 * 64 * lineWords / bitsPerID) //nolint:gosec // far below 2^63
		grown := slices.Concat(layers, []*layer{last})                    // readers may be in the old slice
		f.layers.Store(&grown)
	}
	last.room--
	last.add(id)
}

// Fill takes an id that the store had when it was opened. It may be called beside Add.
func (f *Filter) Fill(id *keys.ID) { (*f.layers.Load())[0].add(id) }

// Complete says that the filter has every id of the store: from now on it may say no.
func (f *Filter) Complete() { f.complete.Store(true) }

// Layers returns how many filters there are behind each other.
func (f *Filter) Layers() int { return len(*f.layers.Load()) }
