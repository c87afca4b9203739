package natslog

import (
	"context"
	"errors"
	"slices"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Codes of a cluster that is starting, or that lacks nodes.
var awayCodes = [...]jetstream.ErrorCode{
	10005, // no suitable peers for placement
	10008, // JetStream system temporarily unavailable
	10118, // stream is offline
}

// transient reports whether an error says that a server or leader is missing for the moment.
func transient(err error) bool {
	if errors.Is(err, errDenied) {
		return false
	}
	for _, e := range []error{
		context.DeadlineExceeded, nats.ErrTimeout, errLeaderless, nats.ErrNoResponders, jetstream.ErrNoStreamResponse, nats.ErrDisconnected,
		nats.ErrReconnectBufExceeded, nats.ErrConnectionReconnecting, nats.ErrStaleConnection,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	var api *jetstream.APIError
	return errors.As(err, &api) && slices.Contains(awayCodes[:], api.ErrorCode)
}
