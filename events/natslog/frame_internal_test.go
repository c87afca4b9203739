package natslog

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/c360hq/c360/events"
)

func someFrame(n int, noise bool) *frame {
	rng := rand.New(rand.NewPCG(uint64(n), 1))
	f := &frame{id: frameID{1, 2, 3}, base: events.Head{Position: 41, Hash: events.Hash{9}}}
	for i := range n {
		record := fmt.Appendf(nil, "record number %d of a frame", i)
		for k := range record {
			if noise {
				record[k] = byte(rng.Uint32())
			}
		}
		f.add(record)
	}
	return f
}

func headOf(f *frame) events.Head {
	f.chain()
	return f.head()
}

func TestFrameComesBack(t *testing.T) {
	t.Parallel()
	var p packer
	for _, noise := range []bool{false, true, false} {
		for _, n := range []int{1, 2, 1000} {
			f := someFrame(n, noise)
			got, err := unpack(p.pack(f))
			if err != nil {
				t.Fatal(err)
			}
			if got.id != f.id || got.base != f.base || got.len() != n || headOf(got) != headOf(f) {
				t.Errorf("a frame of %d records (noise: %v) came back changed", n, noise)
			}
			for i := range n {
				if !bytes.Equal(got.record(i), f.record(i)) {
					t.Errorf("record %d came back changed", i)
				}
			}
		}
	}
}

// TestFlippedFrame flips every bit of a message: it is never taken for a frame.
func TestFlippedFrame(t *testing.T) {
	t.Parallel()
	var p packer
	message := p.pack(someFrame(20, false))
	for i := range len(message) * 8 {
		message[i/8] ^= 1 << (i % 8)
		if _, err := unpack(message); err == nil {
			t.Errorf("bit %d may be flipped", i)
		}
		message[i/8] ^= 1 << (i % 8)
	}
	for n := range message {
		if _, err := unpack(message[:n]); err == nil {
			t.Errorf("a frame may be cut to %d bytes", n)
		}
	}
}

// FuzzFrame unpacks anything: no panic, an error or a frame that packs again into the same records.
func FuzzFrame(f *testing.F) {
	var p packer
	for _, n := range []int{1, 3, 100} {
		f.Add(p.pack(someFrame(n, false)))
		f.Add(p.pack(someFrame(n, true)))
	}
	f.Add([]byte("c360"))
	f.Fuzz(func(t *testing.T, message []byte) {
		if len(message) >= headerLen { // a checksum that fits lets the rest be reached
			message = bytes.Clone(message)
			sum := checksum(message)
			for i := range 4 {
				message[crcAt+i] = byte(sum >> (24 - 8*i))
			}
		}
		got, err := unpack(message)
		if err != nil {
			if !errors.Is(err, errNotOurs) && !errors.Is(err, errDamaged) {
				t.Errorf("unpack gave %v", err)
			}
			return
		}
		again, err := unpack(p.pack(got))
		if err != nil || headOf(again) != headOf(got) || again.base != got.base {
			t.Errorf("a frame that was unpacked packs into another one: %v", err)
		}
	})
}
