package natslog

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Codes of a cluster that is starting, or that lacks nodes.
const (
	codeNoPeers     = 10005 // no suitable peers for placement
	codeUnavailable = 10008 // JetStream system temporarily unavailable
	codeOffline     = 10118 // stream is offline
)

// transient reports whether an error says that a server or leader is missing for the moment.
func transient(err error) bool {
	if errors.Is(err, errDenied) {
		return false
	}
	for _, e := range []error{
		context.DeadlineExceeded, nats.ErrTimeout, nats.ErrNoResponders, jetstream.ErrNoStreamResponse, nats.ErrDisconnected,
		nats.ErrReconnectBufExceeded, nats.ErrConnectionReconnecting, nats.ErrStaleConnection,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	var api *jetstream.APIError
	if !errors.As(err, &api) {
		return false
	}
	switch api.ErrorCode {
	case codeUnavailable, codeNoPeers, codeOffline:
		return true
	}
	return false
}
