package events_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
)

func fullRecord() events.Recorded {
	at := time.Date(2026, 5, 3, 12, 0, 0, 123456789, time.UTC)
	return events.Recorded{
		Event: events.Event{
			ID: "0b1c", Source: "web", Type: "order.completed", Schema: 2, Subject: "ORD-1",
			Time: at, Received: at.Add(1), Sent: at.Add(-1), Original: at.Add(time.Hour),
			Channel: events.ChannelWeb, TraceParent: "00-ab-cd-01",
			Identifiers: []events.Identifier{
				{Kind: events.KindAnonymousID, Value: "a1", Grade: events.Claimed},
				{Kind: "member_no", Value: "17", Grade: events.Verified},
			},
			Data: []byte(`{"total":15900}`),
		},
		Stream: "fragment-0a1b2c3d-0000-5000-8000-000000000001", Position: 7, RecordedAt: at.Add(time.Second),
	}
}

func TestRecordRoundTrip(t *testing.T) {
	t.Parallel()
	full := fullRecord()
	for name, change := range map[string]func(r *events.Recorded){
		"full":               func(*events.Recorded) {},
		"zero":               func(r *events.Recorded) { *r = events.Recorded{} },
		"no recorded time":   func(r *events.Recorded) { r.RecordedAt = time.Time{} },
		"source stream":      func(r *events.Recorded) { r.Stream = "source-web" },
		"other stream":       func(r *events.Recorded) { r.Stream = "source-app" },
		"upper case uuid":    func(r *events.Recorded) { r.Stream = strings.ToUpper(r.Stream) },
		"unknown channel":    func(r *events.Recorded) { r.Channel = "kiosk" },
		"no channel":         func(r *events.Recorded) { r.Channel = "" },
		"no identifiers":     func(r *events.Recorded) { r.Identifiers = nil },
		"odd grade":          func(r *events.Recorded) { r.Identifiers[0].Grade = 250 },
		"negative schema":    func(r *events.Recorded) { r.Schema = -1 },
		"last position":      func(r *events.Recorded) { r.Position = math.MaxUint64 },
		"long ago":           func(r *events.Recorded) { r.Time = time.Date(-4000, 1, 1, 0, 0, 0, 5, time.UTC) },
		"before 1970":        func(r *events.Recorded) { r.RecordedAt = time.Unix(-5, 7).UTC() },
		"no data":            func(r *events.Recorded) { r.Data = nil },
		"data like a header": func(r *events.Recorded) { r.Data = events.AppendRecord(nil, &full) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := fullRecord()
			change(&want)
			var got events.Recorded
			if err := events.DecodeRecord(events.AppendRecord(nil, &want), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestRecordIsCompact(t *testing.T) {
	t.Parallel()
	r := fullRecord()
	content := len(r.ID + r.Source + r.Type + r.Subject + r.TraceParent + "a1" + "member_no" + "17" + string(r.Data))
	if over := len(events.AppendRecord(nil, &r)) - content; over > 100 {
		t.Errorf("a full header takes %d bytes beside its strings, want at most 100", over)
	}
}

func TestStampRecord(t *testing.T) {
	t.Parallel()
	want := fullRecord()
	blank := want
	blank.Position, blank.RecordedAt = 0, time.Time{}
	record := events.AppendRecord(nil, &blank)
	events.StampRecord(record, want.Position, want.RecordedAt)
	if !bytes.Equal(record, events.AppendRecord(nil, &want)) {
		t.Error("a stamped record differs from one encoded with its position and time")
	}
}

func TestDecodeRecordKeepsHashAndMemoryApart(t *testing.T) {
	t.Parallel()
	want := fullRecord()
	record := events.AppendRecord(nil, &want)
	got := events.Recorded{Hash: events.Hash{1, 2, 3}, Stream: "left over"}
	if err := events.DecodeRecord(record, &got); err != nil {
		t.Fatal(err)
	}
	clear(record)
	want.Hash = events.Hash{1, 2, 3}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDecodeRecordRefuses(t *testing.T) {
	t.Parallel()
	r := fullRecord()
	r.Data = nil
	record := events.AppendRecord(nil, &r)
	for n := range record {
		if err := events.DecodeRecord(record[:n], &events.Recorded{}); err == nil {
			t.Errorf("a record cut to %d of %d bytes was read", n, len(record))
		}
	}
	newer := bytes.Clone(record)
	newer[0]++
	if err := events.DecodeRecord(newer, &events.Recorded{}); err == nil {
		t.Error("a record of an unknown version was read")
	}
}

func TestHashNext(t *testing.T) {
	t.Parallel()
	var zero events.Hash
	seen := map[events.Hash]bool{zero: true}
	for _, h := range []events.Hash{zero.Next(nil), zero.Next([]byte("a")), zero.Next([]byte("b")), zero.Next([]byte("a")).Next([]byte("b"))} {
		if seen[h] {
			t.Errorf("hash %x came twice", h)
		}
		seen[h] = true
	}
}

func TestCheckEntry(t *testing.T) {
	t.Parallel()
	good := events.Entry{Stream: "s", Event: events.Event{ID: "i", Source: "s", Type: "t"}}
	if err := events.CheckEntry(&good); err != nil {
		t.Error(err)
	}
	for _, strip := range []func(e *events.Entry){
		func(e *events.Entry) { e.Stream = "" }, func(e *events.Entry) { e.Event.ID = "" },
		func(e *events.Entry) { e.Event.Source = "" }, func(e *events.Entry) { e.Event.Type = "" },
	} {
		bad := good
		strip(&bad)
		if events.CheckEntry(&bad) == nil {
			t.Errorf("%+v passed", bad)
		}
	}
	if events.CheckRecordSize(make([]byte, events.MaxRecord)) != nil || events.CheckRecordSize(make([]byte, events.MaxRecord+1)) == nil {
		t.Error("the limit is not MaxRecord")
	}
}

func TestStreamFragment(t *testing.T) {
	t.Parallel()
	want, _ := events.FragmentOf([]events.Identifier{{Kind: events.KindUserID, Value: "u1", Grade: events.Asserted}})
	if got, ok := events.StreamFragment(events.FragmentStream(want)); !ok || got != want {
		t.Errorf("got %v %v, want %v", got, ok, want)
	}
	for _, name := range []string{"", "clock", "fragment-", "fragment-x", "case-" + want.String(), events.FragmentStream(want) + "0"} {
		if _, ok := events.StreamFragment(name); ok {
			t.Errorf("%q was taken for a fragment's stream", name)
		}
	}
}

func TestRecordRoundTripProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := drawRecord(t)
		var got events.Recorded
		if err := events.DecodeRecord(events.AppendRecord([]byte("before"), &want)[len("before"):], &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
	})
}

func drawRecord(t *rapid.T) events.Recorded {
	text := rapid.OneOf(rapid.String(), rapid.Just(""), rapid.SampledFrom([]string{"web", "email", "user_id", "call"}))
	at := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "sec"), rapid.Int64Range(0, 999_999_999).Draw(t, "nsec")).UTC()
	})
	id := rapid.Custom(func(t *rapid.T) events.Identifier {
		return events.Identifier{Kind: text.Draw(t, "kind"), Value: text.Draw(t, "value"), Grade: events.Grade(rapid.Uint8().Draw(t, "grade"))}
	})
	return events.Recorded{
		Event: events.Event{
			ID: text.Draw(t, "id"), Source: text.Draw(t, "source"), Type: text.Draw(t, "type"),
			Schema: int(rapid.Int32().Draw(t, "schema")), Subject: text.Draw(t, "subject"), Time: at.Draw(t, "time"),
			Channel: events.Channel(text.Draw(t, "channel")), Identifiers: rapid.SliceOf(id).Draw(t, "identifiers"),
			Data: rapid.SliceOf(rapid.Byte()).Draw(t, "data"), Sent: at.Draw(t, "sent"), TraceParent: text.Draw(t, "trace"),
		},
		Stream:     rapid.OneOf(text, rapid.Just("fragment-0a1b2c3d-0000-5000-8000-000000000001")).Draw(t, "stream"),
		Position:   events.Position(rapid.Uint64().Draw(t, "position")),
		RecordedAt: time.Unix(0, rapid.Int64Min(math.MinInt64+1).Draw(t, "recorded")).UTC(),
	}
}

// FuzzRecord: whatever the bytes, reading them does not panic, and what was read is written and read again unchanged.
func FuzzRecord(f *testing.F) {
	full := fullRecord()
	f.Add(events.AppendRecord(nil, &full))
	f.Add(events.AppendRecord(nil, &events.Recorded{}))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		var first, second events.Recorded
		if err := events.DecodeRecord(b, &first); err != nil {
			if !cmp.Equal(first, events.Recorded{}) {
				t.Error("a refused record left something behind")
			}
			return
		}
		if err := events.DecodeRecord(events.AppendRecord(nil, &first), &second); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("-first +second:\n%s", diff)
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	r := fullRecord()
	r.Data = bytes.Repeat([]byte("x"), 544)
	record := events.AppendRecord(nil, &r)
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 2*len(record))
		for b.Loop() {
			buf = events.AppendRecord(buf[:0], &r)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := errors.Join(events.DecodeRecord(record, &events.Recorded{})); err != nil {
				b.Fatal(err)
			}
		}
	})
}
