package events

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"
)

// A record is how an event lies in a log: a binary header and then Data, byte for byte as received, so that a
// replay parses no JSON. Version 1 of the format:
//
//	version 1 byte | position 8, recorded at 8 (big endian, unix nanoseconds) |
//	flags uvarint | the present times, each seconds varint + nanoseconds uvarint | schema, if present, varint |
//	channel code 1 byte | uvarint lengths of id, source, type and the present optional strings |
//	identifier count, and for each: kind code, grade, length of a kind without a code, length of the value |
//	16 bytes of fragment id, if present | all those strings, in that order | data
//
// Position and recorded time have a fixed place, so a driver encodes an event before it knows either (see
// StampRecord). The stream of a fragment is kept as the 16 bytes of its id, not derived again on read: a
// touchpoint stays in its stream even if FragmentOf should learn a new rule one day.
const (
	recordVersion = 1
	stampEnd      = 17 // version, position, recorded at
)

// MaxRecord is the largest record every driver takes, in bytes. It leaves 64 KiB below the message limit of 1 MiB
// that NATS and EventStoreDB share, so a log can move from any engine to any other.
const MaxRecord = 1<<20 - 64<<10

const (
	flagTime = 1 << iota
	flagReceived
	flagSent
	flagOriginal
	flagSchema
	flagSubject
	flagTraceParent
	flagChannelName // the channel has no code
	flagFragment    // the stream is fragment-<16 bytes>
	flagSource      // the stream is source-<Source>
	flagStream      // the stream is spelled out
	flagsKnown      = 1<<iota - 1
)

// The codes are part of the format: append, never reorder. Code 0 means "spelled out".
var (
	channelCodes = [...]Channel{1: ChannelWeb, ChannelApp, ChannelStore, ChannelCall, ChannelInquiry, ChannelMessage, ChannelOther}
	kindCodes    = [...]string{1: KindUserID, KindLoyaltyID, KindCard, KindEmail, KindPhone, KindDevice, KindAnonymousID}
)

const (
	fragmentPrefix = "fragment-"
	sourcePrefix   = "source-"
	noTime         = math.MinInt64 // a recorded time that is not set
)

var (
	errRecordShort   = errors.New("record: cut short")
	errRecordVersion = errors.New("record: written by a newer c360, or damaged: unknown version or flag")
	errRecordRange   = errors.New("record: a length or number is out of range")
)

// Next returns the chain value of a log that ended in h after record was appended to it.
func (h Hash) Next(record []byte) Hash {
	var next Hash
	d := sha256.New()
	d.Write(h[:])
	d.Write(record)
	var sum [sha256.Size]byte
	copy(next[:], d.Sum(sum[:0]))
	return next
}

// StreamFragment returns the fragment whose stream this is, and false for every other stream.
func StreamFragment(stream string) (uuid.UUID, bool) {
	text, ok := strings.CutPrefix(stream, fragmentPrefix)
	if !ok || len(text) != 36 || strings.ToLower(text) != text {
		return uuid.UUID{}, false
	}
	id, err := uuid.Parse(text)
	return id, err == nil
}

// AppendRecord appends the record of r to dst and returns it. Everything but r.Hash is kept; times lose their zone.
func AppendRecord(dst []byte, r *Recorded) []byte {
	dst = append(dst, recordVersion)
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.Position))
	dst = binary.BigEndian.AppendUint64(dst, uint64(nanos(r.RecordedAt))) //nolint:gosec // the sign bit travels along
	w := recordWriter{dst: dst, r: r}
	w.chooseFlags()
	w.chooseTexts()
	w.header()
	w.strings()
	return append(w.dst, r.Data...)
}

// StampRecord gives an encoded record its position and recorded time.
func StampRecord(record []byte, position Position, at time.Time) {
	binary.BigEndian.PutUint64(record[1:], uint64(position))
	binary.BigEndian.PutUint64(record[9:], uint64(nanos(at))) //nolint:gosec // the sign bit travels along
}

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return noTime
	}
	return t.UnixNano()
}

// recordWriter writes one record: first what is needed to cut the strings, then the strings.
type recordWriter struct {
	dst      []byte
	r        *Recorded
	flags    uint64
	fragment uuid.UUID
	texts    [7]string // the strings of the record itself
	n        int
}

func (w *recordWriter) header() {
	w.uvarint(w.flags)
	for _, t := range w.times() {
		if !t.IsZero() {
			w.dst = binary.AppendVarint(w.dst, t.Unix())
			w.uvarint(uint64(t.Nanosecond())) //nolint:gosec // 0 to 999,999,999
		}
	}
	if w.has(flagSchema) {
		w.dst = binary.AppendVarint(w.dst, int64(w.r.Schema))
	}
	w.dst = append(w.dst, code(channelCodes[:], w.r.Channel))
	for _, s := range w.texts[:w.n] {
		w.uvarint(uint64(len(s)))
	}
	w.uvarint(uint64(len(w.r.Identifiers)))
	for i := range w.r.Identifiers {
		w.identifier(&w.r.Identifiers[i])
	}
	if w.has(flagFragment) {
		w.dst = append(w.dst, w.fragment[:]...)
	}
}

func (w *recordWriter) identifier(id *Identifier) {
	kind := code(kindCodes[:], id.Kind)
	w.dst = append(w.dst, kind, byte(id.Grade))
	if kind == 0 {
		w.uvarint(uint64(len(id.Kind)))
	}
	w.uvarint(uint64(len(id.Value)))
}

func (w *recordWriter) strings() {
	for _, s := range w.texts[:w.n] {
		w.dst = append(w.dst, s...)
	}
	for i := range w.r.Identifiers {
		id := &w.r.Identifiers[i]
		if code(kindCodes[:], id.Kind) == 0 {
			w.dst = append(w.dst, id.Kind...)
		}
		w.dst = append(w.dst, id.Value...)
	}
}

func (w *recordWriter) chooseFlags() {
	r := w.r
	for i, t := range w.times() {
		w.set(flagTime<<i, !t.IsZero())
	}
	w.set(flagSchema, r.Schema != 0)
	w.set(flagSubject, r.Subject != "")
	w.set(flagTraceParent, r.TraceParent != "")
	w.set(flagChannelName, code(channelCodes[:], r.Channel) == 0)
	var ok bool
	if w.fragment, ok = StreamFragment(r.Stream); ok {
		w.flags |= flagFragment
		return
	}
	rest, found := strings.CutPrefix(r.Stream, sourcePrefix)
	derived := found && rest == r.Source
	w.set(flagSource, derived)
	w.set(flagStream, !derived)
}

func (w *recordWriter) times() [4]time.Time {
	return [...]time.Time{w.r.Time, w.r.Received, w.r.Sent, w.r.Original}
}

// chooseTexts lists the strings of the record; one whose flag is not set takes not even a length.
func (w *recordWriter) chooseTexts() {
	w.text(w.r.ID, true)
	w.text(w.r.Source, true)
	w.text(w.r.Type, true)
	w.text(w.r.Subject, w.has(flagSubject))
	w.text(w.r.TraceParent, w.has(flagTraceParent))
	w.text(string(w.r.Channel), w.has(flagChannelName))
	w.text(w.r.Stream, w.has(flagStream))
}

func (w *recordWriter) text(s string, present bool) {
	if present {
		w.texts[w.n] = s
		w.n++
	}
}

func (w *recordWriter) uvarint(n uint64)     { w.dst = binary.AppendUvarint(w.dst, n) }
func (w *recordWriter) has(flag uint64) bool { return w.flags&flag != 0 }

func (w *recordWriter) set(flag uint64, on bool) {
	if on {
		w.flags |= flag
	}
}

// code returns the place of v in codes, 0 if it has none.
func code[T comparable](codes []T, v T) byte {
	for i := 1; i < len(codes); i++ {
		if codes[i] == v {
			return byte(i)
		}
	}
	return 0
}

// fragmentStream is FragmentStream in one allocation, for replay.
func fragmentStream(id [16]byte) string {
	var b [len(fragmentPrefix) + 36]byte
	copy(b[:], fragmentPrefix)
	text := b[len(fragmentPrefix):]
	hex.Encode(text[0:8], id[0:4])
	hex.Encode(text[9:13], id[4:6])
	hex.Encode(text[14:18], id[6:8])
	hex.Encode(text[19:23], id[8:10])
	hex.Encode(text[24:36], id[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(b[:])
}
