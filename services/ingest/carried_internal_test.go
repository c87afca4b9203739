package ingest

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/auth"
)

// TestAMessageThatBreaksTheReader: code that fails on one message must not make it come round for ever. What a broken
// reader is like, a service without a catalogue shows.
func TestAMessageThatBreaksTheReader(t *testing.T) {
	t.Parallel()
	s, log := carriedService(t)
	catalogue := s.catalogue
	s.catalogue = nil
	_, refused, err := s.Take(context.Background(), []Carried{{Source: "pos", Body: []byte(`{"specversion":"1.0","id":"1","source":"pos","type":"t"}`)}})
	if err != nil || len(refused) != 1 || refused[0] != (Refused{Reason: reasonField}) {
		t.Fatalf("%v, %v", refused, err)
	}
	s.catalogue = catalogue
	o, refused, err := s.Take(context.Background(), []Carried{
		{Source: "pos", Body: []byte(`{"specversion":"1.0","id":"1","source":"pos","type":"t"}`)},
		{Source: "pos", Header: http.Header{"Ce-Id": {"2"}}, Body: []byte("x")},
	})
	if err != nil || o.Accepted != 1 || o.Rejected != 1 || len(refused) != 1 || refused[0].Index != 1 {
		t.Fatalf("%+v %v %v", o, refused, err)
	}
	if head, err := log.Head(context.Background()); err != nil || head.Position != 1 {
		t.Fatalf("%v %v", head, err)
	}
}

func carriedService(t *testing.T) (*Service, events.Log) {
	t.Helper()
	sources, err := auth.ParseSources("pos:POSKEY:asserted")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	log := memlog.New(time.Now)
	s, err := New(Config{Log: log, Sources: sources, Catalogue: catalogue, Rejects: t.TempDir(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, log
}
