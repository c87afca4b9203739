package natslog

import (
	"context"
	"log/slog"

	"github.com/nats-io/nats.go"
)

// Dial connects to the NATS that a URL names, for what else of c360 goes over NATS: touchpoints that come in and hints
// of commits. The URL is like that of a log; its stream is not looked at, its replicas are returned (0: not said). The
// connection reconnects for ever, and keeps meanwhile what is to be sent; close it. An error comes within seconds and
// holds no password.
func Dial(ctx context.Context, url, name string, logger *slog.Logger) (conn *nats.Conn, replicas int, err error) {
	t, err := parseTarget(url)
	if err != nil {
		return nil, 0, err
	}
	conn, err = t.connect(ctx, name, &denial{},
		nats.ReconnectBufSize(nats.DefaultReconnectBufSize),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			logger.WarnContext(ctx, "NATS reports an error", slog.Any("error", err))
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil { // nil is our own closing
				logger.WarnContext(ctx, "the connection to NATS is lost, connecting again", slog.Any("error", err))
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { logger.InfoContext(ctx, "the connection to NATS is back") }))
	return conn, t.replicas, err
}
