package pgstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrURL: the URL cannot be read. What is wrong with it is not repeated: it holds a password.
var ErrURL = errors.New("the URL of the read store cannot be read; write postgres://account:password@host:5432/database, " +
	"with / @ : # ? % of the password written as %2F %40 %3A %23 %3F %25")

// settings leave the planner one way to run what this package asks: by the index, row by row. A plan is made once a
// connection and depends on no statistics.
const settings = `SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off; SET enable_bitmapscan = off; ` +
	`SET enable_sort = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET client_min_messages = warning; ` + keepalive

// keepalive has the server notice within half a minute that a host is gone which could not say good-bye, and with it the
// locks of its sessions: its own default is two hours, for which nobody else could fold. Unix sockets pay no attention.
const keepalive = `SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 30000`

// config reads the URL.
func (o Options) config() (*pgxpool.Config, error) {
	if !strings.HasPrefix(o.URL, "postgres://") && !strings.HasPrefix(o.URL, "postgresql://") {
		return nil, ErrURL
	}
	c, err := pgxpool.ParseConfig(o.URL)
	if err != nil || c.ConnConfig.Host == "" {
		return nil, ErrURL
	}
	cc := c.ConnConfig
	if cc.ConnectTimeout == 0 || cc.ConnectTimeout > connectTimeout {
		cc.ConnectTimeout = connectTimeout
	}
	if cc.RuntimeParams["application_name"] == "" {
		cc.RuntimeParams["application_name"] = "c360"
	}
	cc.BuildContextWatcherHandler = cancelling
	c.AfterConnect = prepared
	c.MaxConns, c.MinConns, c.MinIdleConns = int32(o.Readers), 0, 0 //nolint:gosec // a small number
	c.PingTimeout, c.MaxConnIdleTime = connectTimeout, idleTime
	return c, nil
}

// cancelling has the server end a query whose context ended, so that the connection stays of use.
func cancelling(c *pgconn.PgConn) ctxwatch.Handler {
	return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: 3 * time.Second}
}

func prepared(ctx context.Context, c *pgx.Conn) error {
	_, err := c.PgConn().Exec(ctx, settings).ReadAll()
	return err
}

// connect opens a connection that is no part of a pool.
func (o Options) connect(ctx context.Context, change ...func(*pgx.ConnConfig)) (*pgx.Conn, error) {
	c, err := o.config()
	if err != nil {
		return nil, err
	}
	for _, do := range change {
		do(c.ConnConfig)
	}
	conn, err := pgx.ConnectConfig(ctx, c.ConnConfig)
	if err != nil {
		return nil, explain(err)
	}
	if err := prepared(ctx, conn); err != nil {
		disconnect(ctx, conn)
		return nil, explain(err)
	}
	return conn, nil
}

// disconnect says good-bye, also when ctx has ended, for not too long.
func disconnect(ctx context.Context, c *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectTimeout)
	defer cancel()
	_ = c.Close(ctx) // there is nothing to lose
}

// remedies say what to do about what the server said, by its code.
var remedies = map[string]string{
	"28P01": "the account or its password is wrong; check both in the URL of the read store",
	"28000": "the server does not let this account in; check the account in the URL of the read store, and pg_hba.conf",
	"3D000": "there is no such database; make it with CREATE DATABASE, or name another one in the URL of the read store",
	"42501": "the account may not do that; as the owner of the database run: GRANT CREATE, CONNECT, TEMPORARY ON DATABASE … TO the account, " +
		"and see to it that the schemas of c360 belong to it",
	"53300": "the server has no connection left; raise its max_connections, or lower how many c360 may open",
	"53100": "the server's disk is full; make room, c360 goes on by itself",
	"57P03": "the server is starting or stopping; try again in a moment",
	"25006": "the server is a standby, which only reads; name the primary in the URL of the read store",
	"55P03": "somebody still reads what is to be dropped; try again when they have finished",
	"53200": "the server is out of memory or of locks; raise its max_locks_per_transaction",
}

// explain says what to do about an error.
func explain(err error) error {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		if remedy, ok := remedies[said.Code]; ok {
			return fmt.Errorf("PostgreSQL: %s: %w", remedy, err)
		}
		return fmt.Errorf("PostgreSQL: %w", err)
	}
	var dns *net.DNSError
	var op *net.OpError
	var connecting *pgconn.ConnectError
	switch {
	case errors.As(err, &dns):
		return fmt.Errorf("PostgreSQL: the host of the read store is not known; check it in the URL: %w", err)
	case errors.As(err, &op), pgconn.Timeout(err):
		return fmt.Errorf("PostgreSQL: no server answers; check host and port in the URL of the read store, that the server runs and what is in between: %w", err)
	case err != nil && strings.Contains(err.Error(), "TLS"):
		return fmt.Errorf("PostgreSQL: no encrypted connection; check sslmode in the URL of the read store: %w", err)
	case errors.As(err, &connecting):
		return fmt.Errorf("PostgreSQL: no connection; is it PostgreSQL that answers at the host and port in the URL of the read store? %w", err)
	}
	return err
}

// Connect opens one connection, for whoever writes something else than a read store. Its errors say what to do, and no
// password.
func Connect(ctx context.Context, url string) (*pgx.Conn, error) {
	return Options{URL: url}.connect(ctx)
}
