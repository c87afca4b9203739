package natslog

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/events"
)

var _ events.Pinger = (*Log)(nil)

// Ping implements events.Pinger: the log has not failed, and the stream is there and has a leader.
func (l *Log) Ping(ctx context.Context) error {
	if err := l.life.Ready(ctx); err != nil {
		return err
	}
	stream, err := l.js.Stream(ctx, l.target.stream)
	if err == nil {
		if c := stream.CachedInfo().Cluster; c != nil && c.Leader == "" {
			err = errLeaderless
		}
	}
	if err != nil {
		return fmt.Errorf("natslog: %s does not answer: %w", l.target.place(), err)
	}
	return nil
}
