package pebblelog_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

func TestSmoke(t *testing.T) {
	dir := t.TempDir()
	o := pebblelog.Options{Dir: filepath.Join(dir, "log"), Now: time.Now}
	ctx := context.Background()
	for round := range 3 {
		l, err := pebblelog.Open(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			r, err := l.Append(ctx, events.Touchpoint(events.Event{ID: fmt.Sprint(round, i), Source: "s", Type: "a.b", Data: []byte(`{}`)}))
			if err != nil || r[0].Outcome != events.Appended {
				t.Fatal(r, err)
			}
		}
		rs, err := l.Read(ctx, 0, 1000)
		if err != nil || len(rs) != 100*(round+1) {
			t.Fatal(len(rs), err)
		}
		if err := l.Verify(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
