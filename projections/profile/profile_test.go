package profile_test

import (
	"testing"

	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/roomtest"
)

func TestOrderFree(t *testing.T) {
	t.Parallel()
	roomtest.OrderFree(t, roomtest.Options{People: 5, Events: 300}, profile.New())
}

func BenchmarkFold(b *testing.B) { roomtest.Bench(b, profile.New()) }
