package timeline_test

import (
	"testing"

	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/timeline"
)

func TestOrderFree(t *testing.T) {
	t.Parallel()
	roomtest.OrderFree(t, roomtest.Options{People: 5, Events: 300}, timeline.New())
}

func BenchmarkFold(b *testing.B) { roomtest.Bench(b, timeline.New()) }
