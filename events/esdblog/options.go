package esdblog

import (
	"errors"
	"log/slog"
	"time"
)

// Options say where a log lives.
type Options struct {
	// URL is a connection string of EventStoreDB: esdb://name:password@host:2113?tls=true, several hosts for a cluster,
	// esdb+discover:// for one name that stands for all nodes (kurrentdb:// is the same). Settings: tls, tlsCAFile,
	// tlsVerifyCert, userCertFile, userKeyFile, keepAliveInterval, keepAliveTimeout, gossipTimeout, and prefix=, which begins
	// the name of every stream of this log ("c360-").
	URL string
	// Dir is the directory of the local index, one for each process. It may be deleted: it is made anew from the server.
	Dir string
	// Now gives recorded times.
	Now func() time.Time
	// Logger hears of outages; nil is silence.
	Logger *slog.Logger
	// Timeout is how long one call to the server may take before it counts as lost and is made again; 10 s if zero.
	Timeout time.Duration
	// Patience is how long an Append or a read waits for a server that is away, unless its context ends before; 30 s if zero.
	Patience time.Duration
	// MustExist refuses a log that is not there, and makes nothing, there or here; otherwise one is begun.
	MustExist bool
	// CacheBytes is how much of what was last appended is kept in memory for readers; 32 MiB if zero.
	CacheBytes int
}

const (
	defaultTimeout  = 10 * time.Second
	defaultPatience = 30 * time.Second
	defaultCache    = 32 << 20
)

func (o Options) withDefaults() (Options, error) {
	if o.URL == "" || o.Dir == "" || o.Now == nil {
		return o, errors.New("esdblog: Options need URL, Dir and Now")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Patience == 0 {
		o.Patience = defaultPatience
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCache
	}
	return o, nil
}
