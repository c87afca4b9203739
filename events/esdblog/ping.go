package esdblog

import (
	"context"

	"github.com/c360hq/c360/events"
)

var _ events.Pinger = (*Log)(nil)

// Ping implements events.Pinger: the log has not failed, and the node that leads shows the last commit.
func (l *Log) Ping(ctx context.Context) error {
	if err := l.life.Ready(ctx); err != nil {
		return err
	}
	_, err := l.link.tail(ctx)
	return l.link.explainOpen(err)
}
