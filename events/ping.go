package events

import "context"

// Pinger is a Log whose engine is elsewhere and may be out of reach, which its Head does not tell. Readiness finds it by type
// assertion; a log without it is there when the process is.
type Pinger interface {
	// Ping returns nil when the engine has just answered. It changes nothing, and waits no longer than ctx does.
	Ping(ctx context.Context) error
}
