package natslog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"github.com/klauspost/compress/s2"

	"github.com/c360hq/c360/events"
)

// A frame is one message of the stream: the records of many events, with their positions in them, and where in the log it
// belongs. Version 1 of the format:
//
//	"c360" 4 | version 1 | flags 1 | count 4 | length of the records 4 | frame id 16 |
//	position before it 8 | chain hash before it 16 | CRC-32C of all else 4 |
//	the records, each behind its length as uvarint; compressed with S2, if the flag says so
//
// Numbers are big endian. Whoever follows the stream knows position and hash himself, so a frame that is out of place is
// noticed whatever the server says.
const (
	frameMagic   = "c360"
	frameVersion = 1
	flagS2       = 1
	crcAt        = 54
	headerLen    = crcAt + 4

	// A frame that is on its way is all that is on its way, so it should be large; but one event cannot be read without its
	// frame. This many bytes of records are about 800 usual events, and 150 to 250 KB on the wire. (S2 leaves 45 % of
	// them, zstd would leave 28 %, but for five times the processor time, which is as much as all the rest of an append.)
	frameTarget = 512 << 10
	// frameMax bounds the records of a frame: one as large as they get, with its length.
	frameMax = events.MaxRecord + binary.MaxVarintLen32
	// messageMax is the largest message a frame can become.
	messageMax = headerLen + frameMax
)

// frameID is what a writer knows its own frame by.
type frameID [16]byte

// frame is an unpacked frame.
type frame struct {
	id     frameID
	base   events.Head   // the event before the first one
	raw    []byte        // lengths and records
	bounds [][2]int32    // where in raw each record begins and ends
	hashes []events.Hash // of each event, once chain was called, or the writer has added it
}

var (
	errNotOurs = errors.New("the message is not a frame of c360")
	errDamaged = errors.New("the frame is damaged")
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// newFrame returns an empty frame after base, with room for so many records of so many bytes in all.
func newFrame(base events.Head, count, size int) frame {
	return frame{base: base, raw: make([]byte, 0, size), bounds: make([][2]int32, 0, count), hashes: make([]events.Hash, 0, count)}
}

func (f *frame) len() int { return len(f.bounds) }

// record returns record i. It must not be changed.
func (f *frame) record(i int) []byte { return f.raw[f.bounds[i][0]:f.bounds[i][1]:f.bounds[i][1]] }

// add appends a record and returns the frame's own copy of it.
func (f *frame) add(record []byte) []byte {
	f.raw = binary.AppendUvarint(f.raw, uint64(len(record)))
	start := len(f.raw)
	f.raw = append(f.raw, record...)
	f.bounds = append(f.bounds, [2]int32{int32(start), int32(len(f.raw))}) //nolint:gosec // bounded by frameMax
	return f.raw[start:]
}

// fits reports whether another record of n bytes may be added.
func (f *frame) fits(n int) bool {
	return f.len() == 0 || len(f.raw)+n+binary.MaxVarintLen32 <= frameTarget
}

// chain computes the hash of each event from its record.
func (f *frame) chain() {
	f.hashes = make([]events.Hash, f.len())
	hash := f.base.Hash
	for i := range f.hashes {
		hash = hash.Next(f.record(i))
		f.hashes[i] = hash
	}
}

// end computes the chain and returns the head.
func (f *frame) end() events.Head {
	f.chain()
	return f.head()
}

// head returns the position and hash of the last event of a frame whose chain was computed.
func (f *frame) head() events.Head {
	return events.Head{Position: f.base.Position + events.Position(f.len()), Hash: f.hashes[f.len()-1]} //nolint:gosec // a length
}

// cut finds the records in raw.
func (f *frame) cut(count int) error {
	f.bounds = make([][2]int32, 0, min(count, len(f.raw)))
	for at := 0; at < len(f.raw); {
		n, size := binary.Uvarint(f.raw[at:])
		if size <= 0 || n > uint64(len(f.raw)-at-size) { //nolint:gosec // at never passes the length
			return errDamaged
		}
		start := at + size
		at = start + int(n)                                            //nolint:gosec // checked above
		f.bounds = append(f.bounds, [2]int32{int32(start), int32(at)}) //nolint:gosec // bounded by frameMax
	}
	if f.len() != count || count == 0 {
		return errDamaged
	}
	return nil
}

// packer turns frames into messages. One goroutine uses it.
type packer struct {
	room []byte
	idle int // frames to send as they are, since compressing the last one did not pay
}

// idleAfter is how many frames are not compressed after one that became hardly smaller.
const idleAfter = 15

// pack returns the message of a frame.
func (p *packer) pack(f *frame) []byte {
	b := make([]byte, headerLen, headerLen+len(f.raw)/2)
	copy(b, frameMagic)
	b[4] = frameVersion
	binary.BigEndian.PutUint32(b[6:], uint32(f.len()))     //nolint:gosec // bounded by frameMax
	binary.BigEndian.PutUint32(b[10:], uint32(len(f.raw))) //nolint:gosec // bounded by frameMax
	copy(b[14:], f.id[:])
	binary.BigEndian.PutUint64(b[30:], uint64(f.base.Position))
	copy(b[38:], f.base.Hash[:])
	b = append(b, p.compress(b, f.raw)...)
	binary.BigEndian.PutUint32(b[crcAt:], checksum(b))
	return b
}

// compress returns raw smaller than it is and sets the flag in the header, or as it is if that does not pay.
func (p *packer) compress(header, raw []byte) []byte {
	if p.idle > 0 {
		p.idle--
		return raw
	}
	p.room = slices.Grow(p.room[:0], s2.MaxEncodedLen(len(raw)))
	small := s2.Encode(p.room[:cap(p.room)], raw)
	if len(small) > len(raw)-len(raw)/8 {
		p.idle = idleAfter
		return raw
	}
	header[5] |= flagS2
	return small
}

func checksum(message []byte) uint32 {
	return crc32.Update(crc32.Checksum(message[:crcAt], castagnoli), castagnoli, message[headerLen:])
}

// unpack reads a message. Whatever it holds, unpack does not panic and takes no more memory than a frame may.
// Errors: errNotOurs, errDamaged.
func unpack(message []byte) (*frame, error) {
	if len(message) < headerLen || string(message[:4]) != frameMagic {
		return nil, errNotOurs
	}
	if message[4] != frameVersion || message[5]&^flagS2 != 0 {
		return nil, fmt.Errorf("%w, or written by a newer c360", errDamaged)
	}
	size := binary.BigEndian.Uint32(message[10:])
	if checksum(message) != binary.BigEndian.Uint32(message[crcAt:]) || size > frameMax {
		return nil, errDamaged
	}
	f := &frame{base: events.Head{Position: events.Position(binary.BigEndian.Uint64(message[30:]))}}
	copy(f.id[:], message[14:])
	copy(f.base.Hash[:], message[38:])
	if f.raw = message[headerLen:]; message[5]&flagS2 != 0 {
		n, err := s2.DecodedLen(f.raw)
		if err != nil || n != int(size) {
			return nil, errDamaged
		}
		if f.raw, err = s2.Decode(make([]byte, size), f.raw); err != nil {
			return nil, fmt.Errorf("%w: %w", errDamaged, err)
		}
	}
	if len(f.raw) != int(size) {
		return nil, errDamaged
	}
	return f, f.cut(int(binary.BigEndian.Uint32(message[6:])))
}
