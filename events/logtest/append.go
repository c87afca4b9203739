package logtest

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/c360hq/c360/events"
)

var appendCases = []testCase{
	{"Append/Nothing", caseAppendNothing},
	{"Append/FirstPositionIsOne", caseFirstPosition},
	{"Append/PositionsAreDense", casePositionsDense},
	{"Append/WholeEventComesBack", caseWholeEvent},
	{"Append/ZeroFieldsStayZero", caseZeroFields},
	{"Append/TimesOfAllAges", caseTimes},
	{"Append/EmptyData", caseEmptyData},
	{"Append/DataByteForByte", caseDataBytes},
	{"Append/Unicode", caseUnicode},
	{"Append/StreamNames", caseStreamNames},
	{"Append/ManyIdentifiers", caseManyIdentifiers},
	{"Append/BigEntry", caseBigEntry},
	{"Append/ManyEntries", caseManyEntries},
	{"Append/OversizeEntry", caseOversize},
	{"Append/TooManyEntries", caseTooMany},
	{"Append/IncompleteEntry", caseIncomplete},
	{"Append/SharesNoMemory", caseAppendMemory},
}

func caseAppendNothing(s *suite) {
	results, err := s.Log.Append(s.Context())
	if err != nil || len(results) != 0 {
		s.Errorf("Append of nothing gave %v, %v", results, err)
	}
	s.dense(0)
}

func caseFirstPosition(s *suite) {
	s.want(s.append(touchpoints(0, 1)...)[0], events.Result{Outcome: events.Appended, Position: 1})
}

func casePositionsDense(s *suite) {
	next := events.Position(1)
	for _, n := range []int{1, 3, 1, 100, 7} {
		for _, r := range s.append(touchpoints(int(next), n)...) {
			s.want(r, events.Result{Outcome: events.Appended, Position: next})
			next++
		}
	}
	s.dense(112)
}

// same fails unless the one event in the log is e, in stream.
func (s *suite) same(e events.Event, stream string) {
	s.Helper()
	r := s.append(events.Entry{Stream: stream, Event: e})[0]
	got := s.at(r.Position)[0]
	if !bytes.Equal(got.Data, e.Data) {
		s.Errorf("%d bytes of data came back as other %d bytes", len(e.Data), len(got.Data))
	}
	got.Data, e.Data = nil, nil
	if diff := cmp.Diff(e, got.Event, cmpopts.EquateEmpty()); diff != "" {
		s.Errorf("the event came back changed (-want +got):\n%s", diff)
	}
	if got.Stream != stream || got.Position != r.Position {
		s.Errorf("the event is in stream %q at %d, want %q at %d", got.Stream, got.Position, stream, r.Position)
	}
}

func caseWholeEvent(s *suite) {
	at := time.Date(2026, 5, 3, 11, 0, 0, 123456789, time.UTC)
	e := events.Event{
		ID: "0b1c", Source: "pos/gangnam", Type: "order.completed", Schema: 3, Subject: "ORD-87950",
		Time: at, Received: at.Add(time.Second), Sent: at.Add(2 * time.Second), Original: at.Add(-time.Hour),
		Channel: events.ChannelStore, TraceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		Identifiers: []events.Identifier{
			{Kind: events.KindPhone, Value: "+821012345678", Grade: events.Asserted},
			{Kind: "member_no", Value: "A 17", Grade: events.Verified},
		},
		Data: []byte(`{"total": 15900}`),
	}
	s.same(e, e.Stream())
}

func caseZeroFields(s *suite) { s.same(events.Event{ID: "a", Source: "b", Type: "c"}, "clock") }

func caseTimes(s *suite) {
	for i, at := range []time.Time{
		time.Unix(0, 0), time.Unix(0, 1), time.Unix(-1, 999_999_999), time.Date(1582, 10, 15, 0, 0, 0, 1, time.UTC),
		time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(2026, 5, 3, 9, 0, 0, 0, time.FixedZone("KST", 9*3600)),
	} {
		e := event(i)
		e.Time, e.Sent = at, at.Add(1)
		p := s.append(events.Touchpoint(e))[0].Position
		got := s.at(p)[0]
		if !got.Time.Equal(at) || !got.Sent.Equal(at.Add(1)) || got.Time.Location() != time.UTC {
			s.Errorf("time %v came back as %v", at, got.Time)
		}
	}
}

func caseEmptyData(s *suite) {
	for i, data := range [][]byte{nil, {}} {
		e := event(i)
		e.Data = data
		s.append(events.Touchpoint(e))
	}
	for _, r := range s.dense(2) {
		if len(r.Data) != 0 {
			s.Errorf("no data came back as %q", r.Data)
		}
	}
}

func caseDataBytes(s *suite) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for i, data := range [][]byte{[]byte("{ \"a\" :\t1,\r\n \"a\": 2 }"), all, bytes.Repeat([]byte{0}, 1000)} {
		e := event(i)
		e.Data = data
		s.same(e, e.Stream())
	}
}

func caseUnicode(s *suite) {
	for i, text := range []string{
		"김서연", "\u1100\u1175\u11b7\u1109\u1165\u110b\u1167\u11ab", // composed and decomposed are not the same
		"ＡＢＣ　１２３", "e\u0301\u0301", "👩\u200d👩\u200d👧", "a\x00b", "\xff\xfe",
	} {
		e := event(i)
		e.ID, e.Source, e.Type, e.Subject = text, text, text, text
		e.Channel, e.TraceParent = events.Channel(text), text
		e.Identifiers[0].Value = text
		s.same(e, e.Stream())
		s.same(event(1000+i), "case-"+text)
		if n := len(s.stream("case-"+text, 0, 10)); n != 1 {
			s.Errorf("stream case-%q has %d events, want 1", text, n)
		}
	}
}

func caseStreamNames(s *suite) {
	names := []string{
		"clock", "identity", "source-web", "source-other", "source-", "fragment-", "segment-vip",
		"fragment-0a1b2c3d-0000-5000-8000-000000000001", "fragment-0A1B2C3D-0000-5000-8000-000000000001",
		"fragment-0a1b2c3d0000500080000000000000010000", "fragment-not-a-uuid", strings.Repeat("long", 100),
	}
	for i, name := range names {
		s.same(event(i), name)
	}
	for i, name := range names {
		if page := s.stream(name, 0, 100); len(page) != 1 || page[0].ID != event(i).ID {
			s.Errorf("stream %q has %d events, want its own one", name, len(page))
		}
	}
}

func caseManyIdentifiers(s *suite) {
	e := event(0)
	e.Identifiers = nil
	for i := range 300 {
		kind := []string{events.KindEmail, events.KindCard, events.KindDevice, events.KindLoyaltyID, "x", "kind_" + strconv.Itoa(i)}[i%6]
		e.Identifiers = append(e.Identifiers, events.Identifier{Kind: kind, Value: strings.Repeat("v", i), Grade: events.Grade(i % 4)})
	}
	s.same(e, e.Stream())
}

func (s *suite) maxRecord() int {
	if s.MaxRecord > 0 {
		return s.MaxRecord
	}
	return events.MaxRecord
}

// sized returns an entry whose record takes exactly n bytes.
func sized(id, n int) events.Entry {
	entry := events.Touchpoint(event(id))
	entry.Event.Data = nil
	rest := n - len(events.AppendRecord(nil, &events.Recorded{Event: entry.Event, Stream: entry.Stream}))
	entry.Event.Data = bytes.Repeat([]byte{'x'}, rest)
	return entry
}

func caseBigEntry(s *suite) {
	entry := sized(1, s.maxRecord())
	s.same(entry.Event, entry.Stream)
	s.append(touchpoints(2, 2)...)
	s.dense(3)
}

func caseManyEntries(s *suite) {
	s.append(touchpoints(0, 3000)...)
	for i, r := range s.dense(3000) {
		if r.ID != event(i).ID {
			s.Fatalf("position %d holds %s, want %s", r.Position, r.ID, event(i).ID)
		}
	}
}

// refused checks that an Append is refused because of its entry at index, and that nothing of it is stored.
func (s *suite) refused(index int, entries ...events.Entry) {
	s.Helper()
	head := s.head()
	_, err := s.Log.Append(s.Context(), entries...)
	var refused *events.EntryError
	if !errors.As(err, &refused) || refused.Index != index || refused.Err == nil {
		s.Errorf("Append gave %v, want an EntryError for entry %d", err, index)
	}
	if s.head() != head {
		s.Error("a refused Append stored something")
	}
}

func caseOversize(s *suite) {
	s.refused(0, sized(1, s.maxRecord()+1))
	s.refused(1, events.Touchpoint(event(2)), sized(3, 4*s.maxRecord()), events.Touchpoint(event(4)))
	s.append(touchpoints(1, 4)...)
	s.dense(4)
}

// caseTooMany: the most entries of one call are stored, the last of them known as a repeat of the first; more are refused.
func caseTooMany(s *suite) {
	most := touchpoints(1, events.MaxAppend)
	most[events.MaxAppend-1] = most[0]
	s.refused(events.MaxAppend, append(slices.Clone(most), events.Touchpoint(event(events.MaxAppend+1)))...)
	results := s.append(most...)
	if last := results[events.MaxAppend-1]; last.Outcome != events.Duplicate || last.Position != results[0].Position {
		s.Errorf("a repeat at the end of a long Append is %v, want a duplicate of %d", last, results[0].Position)
	}
	s.dense(events.MaxAppend - 1)
}

func caseIncomplete(s *suite) {
	for _, strip := range []func(*events.Entry){
		func(e *events.Entry) { e.Stream = "" },
		func(e *events.Entry) { e.Event.ID = "" },
		func(e *events.Entry) { e.Event.Source = "" },
		func(e *events.Entry) { e.Event.Type = "" },
	} {
		entries := touchpoints(0, 3)
		strip(&entries[2])
		s.refused(2, entries...)
	}
	s.dense(0)
}

func caseAppendMemory(s *suite) {
	e := event(1)
	entry := events.Touchpoint(e)
	s.append(entry)
	for i := range e.Data {
		e.Data[i] = 'X'
	}
	e.Identifiers[0] = events.Identifier{}
	if got := s.at(1)[0]; string(got.Data) != `{"n":1}` || got.Identifiers[0].Value != "u-1" {
		s.Errorf("the log shares memory with the appender: %s %v", got.Data, got.Identifiers)
	}
}

// maxPosition is beyond every log.
const maxPosition = events.Position(math.MaxUint64)
