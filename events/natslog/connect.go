package natslog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

const dialTimeout = 3 * time.Second

// denial is what the server last refused for want of permission. It says so beside the request, which simply gets no answer.
type denial struct{ text atomic.Pointer[string] }

func (d *denial) hear(_ *nats.Conn, _ *nats.Subscription, err error) {
	if errors.Is(err, nats.ErrPermissionViolation) {
		text := err.Error()
		d.text.Store(&text)
	}
}

// explain returns err, or the reason why no answer came if the server gave one.
func (d *denial) explain(err error) error {
	if text := d.text.Load(); err != nil && text != nil {
		return fmt.Errorf("%w (the server says: %s)", errDenied, *text)
	}
	return err
}

var errDenied = errors.New("the account of the URL may not do that; see the package comment of natslog for the subjects it needs")

// connect opens a connection that reconnects for ever once it was there. more beats what is set here.
func (t *target) connect(ctx context.Context, name string, d *denial, more ...nats.Option) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name(name), nats.Timeout(dialTimeout), nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort(),
		nats.ReconnectWait(200 * time.Millisecond), nats.ReconnectJitter(100*time.Millisecond, 100*time.Millisecond),
		nats.ReconnectBufSize(-1), // what was not sent must not be sent later
		nats.PingInterval(5 * time.Second), nats.MaxPingsOutstanding(2), nats.ErrorHandler(d.hear),
	}
	if t.user != nil {
		password, _ := t.user.Password()
		options = append(options, nats.UserInfo(t.user.Username(), password))
	}
	if t.creds != "" {
		options = append(options, nats.UserCredentials(t.creds))
	}
	if t.ca != "" {
		options = append(options, nats.RootCAs(t.ca))
	}
	if t.cert != "" || t.key != "" {
		options = append(options, nats.ClientCert(t.cert, t.key))
	}
	conn, err := nats.Connect(strings.Join(t.servers, ","), append(options, more...)...)
	if err != nil {
		return nil, t.connectError(err)
	}
	return conn, ctx.Err()
}

func (t *target) connectError(err error) error {
	servers := strings.Join(t.servers, ",")
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired):
		return fmt.Errorf("natslog: %s refuses the user and password of the URL (or the creds file): %w", servers, err)
	case errors.Is(err, nats.ErrNoServers), errors.Is(err, nats.ErrTimeout):
		return fmt.Errorf("natslog: %s cannot be reached; is NATS running there, and is the port open? (%w)", servers, err)
	}
	return fmt.Errorf("natslog: connecting to %s: %w", servers, err)
}
