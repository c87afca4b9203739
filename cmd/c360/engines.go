package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/pgstore"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// The kinds of engines, by the scheme of --log and --store.
const (
	enginePebble   = "pebble"
	engineNATS     = "nats"
	engineESDB     = "esdb"
	engineSQLite   = "sqlite"
	enginePostgres = "postgres"
)

const (
	logEngines   = "pebble:, nats://HOST:4222/STREAM, esdb://HOST:2113"
	storeEngines = "sqlite:, sqlite:FOLDER, postgres://HOST/DATABASE"
)

// eventLog is a log, whichever engine it stands on, that says when it has failed for good.
type eventLog interface {
	events.Log
	// Failed is closed when the log takes nothing more and the process has to be started again.
	Failed() <-chan struct{}
}

// logKind is the engine that --log names; the empty flag is the embedded one.
func (c *config) logKind() string { return scheme(c.log, enginePebble) }

// storeKind is the engine that --store names; the empty flag is the embedded one.
func (c *config) storeKind() string { return scheme(c.store, engineSQLite) }

func scheme(url, otherwise string) string {
	if url == "" {
		return otherwise
	}
	kind, _, _ := strings.Cut(url, ":")
	kind = strings.ToLower(kind)
	if same, ok := aliases[kind]; ok {
		return same
	}
	return kind
}

// aliases are other schemes that mean an engine.
var aliases = map[string]string{
	"tls": engineNATS, "postgresql": enginePostgres,
	"esdb+discover": engineESDB, "kurrentdb": engineESDB, "kurrentdb+discover": engineESDB,
}

// checkEngines refuses engines that there are not.
func (c *config) checkEngines() error {
	switch c.logKind() {
	case enginePebble:
		if c.log != "" && c.log != "pebble:" {
			return usageError{fmt.Errorf("--log %q: pebble: takes no more; --data says where it lies", redact(c.log))}
		}
	case engineNATS, engineESDB:
	default:
		return usageError{fmt.Errorf("--log %q: there is no such log; use one of %s", redact(c.log), logEngines)}
	}
	switch c.storeKind() {
	case engineSQLite, enginePostgres:
	default:
		return usageError{fmt.Errorf("--store %q: there is no such read store; use one of %s", redact(c.store), storeEngines)}
	}
	return nil
}

// openLog opens the log that --log names, and makes one if there is none.
func (c *config) openLog(ctx context.Context, logger *slog.Logger) (eventLog, error) {
	return c.openLogThat(ctx, logger, false)
}

// openLogThat opens the log that --log names; it must be there if there says so, and is not made then.
func (c *config) openLogThat(ctx context.Context, logger *slog.Logger, there bool) (eventLog, error) {
	switch c.logKind() {
	case enginePebble:
		return named[eventLog](pebblelog.Open(ctx, c.logOptions(logger)))
	case engineNATS:
		return named[eventLog](natslog.Open(ctx, natslog.Options{
			URL: c.log, Dir: c.indexDir(), Now: time.Now, Logger: logger, MustExist: there,
		}))
	case engineESDB:
		return named[eventLog](esdblog.Open(ctx, esdblog.Options{
			URL: c.log, Dir: c.indexDir(), Now: time.Now, Logger: logger, MustExist: there,
		}))
	}
	return nil, errNoEngine
}

// openFactory opens what --store names.
func (c *config) openFactory(ctx context.Context, logger *slog.Logger) (projections.Factory, error) {
	switch c.storeKind() {
	case engineSQLite:
		return named[projections.Factory](sqlitestore.NewFactory(c.viewsDir(), sqlitestore.Options{}))
	case enginePostgres:
		return named[projections.Factory](pgstore.NewFactory(ctx, pgstore.Options{URL: c.store, Now: time.Now, Logger: logger}))
	}
	return nil, errNoEngine
}

var errNoEngine = errors.New("there is no such engine")

// named returns a driver as what it is used for, and keeps a nil driver from becoming something that is not nil.
func named[I any, D any](driver D, err error) (I, error) {
	if err != nil {
		var none I
		return none, err
	}
	return any(driver).(I), nil
}

func (c *config) logOptions(logger *slog.Logger) pebblelog.Options {
	return pebblelog.Options{Dir: c.logDir(), MarkPath: c.markPath(), Now: time.Now, Logger: logger}
}

// indexDir is the folder of what this process knows of a log on a server. It may be deleted.
func (c *config) indexDir() string { return filepath.Join(c.data, "index-"+c.logKind()) }

// logPatience is how long this process may be behind what others have appended to the log. The embedded log has no others.
func (c *config) logPatience() time.Duration {
	if c.logKind() == enginePebble {
		return 0
	}
	return 5 * time.Second
}

// viewsDir is the folder of the embedded read stores: in the data folder, or the one that sqlite:FOLDER names.
func (c *config) viewsDir() string {
	if _, dir, _ := strings.Cut(c.store, ":"); dir != "" {
		return dir
	}
	return filepath.Join(c.data, "views")
}

// redact takes what could be a password out of an engine's URL, so that the rest can be printed.
func redact(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		kind, _, _ := strings.Cut(text, ":")
		return kind[:min(len(kind), longestScheme)] + ":…"
	}
	if _, password := u.User.Password(); password {
		u.User = url.User(u.User.Username())
	} else if u.User != nil {
		u.User = url.User("xxxxx") // it may be a token
	}
	if query := u.Query(); len(query) > 0 {
		for name := range query {
			if secret(name) {
				query.Set(name, "xxxxx")
			}
		}
		u.RawQuery = query.Encode()
	}
	return u.String()
}

// longestScheme is how much of what is no URL is shown.
const longestScheme = 8

func secret(name string) bool {
	name = strings.ToLower(name)
	for _, part := range []string{"pass", "token", "secret", "creds", "key", "user", "nkey", "jwt"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
