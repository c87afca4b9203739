package sqlitestore

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"sync"

	"github.com/c360hq/c360/projections"
)

// known remembers which keys a bulk load has put, so that a look-up of one that is not there yet, and in a load most
// are, neither asks SQLite nor waits for the writer. It is a Bloom filter: it may take a key for known that is not, and
// then SQLite is asked. It counts for tables that were looked into before anything was put into them.
type known struct {
	mu     sync.RWMutex
	seed   maphash.Seed
	bits   []uint64
	tables map[*plan]bool // whether the table is one it counts for; missing until it is first used
}

const (
	// knownBits take 16 MiB: at ten million keys one look-up in 250 is for nothing.
	knownBits   = 1 << 27
	knownHashes = 4
)

func newKnown() *known {
	return &known{seed: maphash.MakeSeed(), bits: make([]uint64, knownBits/64), tables: map[*plan]bool{}}
}

// put remembers the keys of rows.
func (k *known) put(p *plan, rows []projections.Row) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if counts, used := k.tables[p]; !counts {
		if !used {
			k.tables[p] = false
		}
		return
	}
	for _, row := range rows {
		k.each(p.table.Key(row), func(word *uint64, bit uint64) bool {
			*word |= bit
			return true
		})
	}
}

// among returns those of the keys that may be there.
func (k *known) among(p *plan, keys [][]any) [][]any {
	k.mu.Lock()
	counts, used := k.tables[p]
	if !used {
		k.tables[p], counts = true, true
	}
	k.mu.Unlock()
	if !counts {
		return keys
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	var there [][]any
	for _, key := range keys {
		all := true
		k.each(key, func(word *uint64, bit uint64) bool {
			all = *word&bit != 0
			return all
		})
		if all {
			there = append(there, key)
		}
	}
	return there
}

// each calls f with the bits of a key until it returns false.
func (k *known) each(key []any, f func(word *uint64, bit uint64) bool) {
	var h maphash.Hash
	h.SetSeed(k.seed)
	for _, v := range key {
		hashValue(&h, v)
	}
	sum := h.Sum64()
	step := sum>>32 | 1
	for i := range uint64(knownHashes) {
		at := (sum + i*step) % knownBits
		if !f(&k.bits[at/64], 1<<(at%64)) {
			return
		}
	}
}

// hashValue writes a value with its length, so that different keys are different texts.
func hashValue(h *maphash.Hash, v any) {
	var b [8]byte
	number := func(n uint64) {
		binary.LittleEndian.PutUint64(b[:], n)
		_, _ = h.Write(b[:]) // a hash takes everything
	}
	switch v := v.(type) {
	case int64:
		number(uint64(v)) //nolint:gosec // the bits are what counts
	case float64:
		number(math.Float64bits(v))
	case string:
		number(uint64(len(v)))
		_, _ = h.WriteString(v)
	case []byte:
		number(uint64(len(v)))
		_, _ = h.Write(v)
	}
}
