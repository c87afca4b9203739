package memlog_test

import (
	"testing"
	"time"

	"github.com/c360hq/c360/events/logtest"
	"github.com/c360hq/c360/events/memlog"
)

//nolint:paralleltest // logtest counts goroutines
func TestConformance(t *testing.T) {
	logtest.Run(t, func(t *testing.T, now func() time.Time) logtest.Engine {
		l := memlog.New(now)
		t.Cleanup(func() { _ = l.Close() })
		return logtest.Engine{Log: l}
	})
}
