package esdblog_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

func BenchmarkOne(b *testing.B) {
	node := esdbtest.Start(b, esdbtest.Options{})
	l, err := esdblog.Open(b.Context(), esdblog.Options{URL: node.URL(""), Dir: filepath.Join(b.TempDir(), "i"), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	i := 0
	for b.Loop() {
		i++
		e := events.Event{ID: fmt.Sprint(i), Source: "web", Type: "page.viewed", Data: []byte(`{"n":1}`)}
		if _, err := l.Append(b.Context(), events.Entry{Stream: fmt.Sprint("s", i%50), Event: e}); err != nil {
			b.Fatal(err)
		}
	}
}
