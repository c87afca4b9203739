package natslog_test

import (
	"testing"

	"github.com/c360hq/c360/events/logtest"
	"github.com/c360hq/c360/events/natslog/natstest"
)

// TestConformanceOnCluster runs the suite on three real processes that replicate every stream.
//
//nolint:paralleltest // logtest counts goroutines
func TestConformanceOnCluster(t *testing.T) {
	cluster := natstest.StartCluster(t)
	logtest.Run(t, engine(cluster.URL))
}
