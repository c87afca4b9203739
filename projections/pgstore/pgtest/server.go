package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Account and Password are those of the superuser.
const (
	Account  = "postgres"
	Password = "c360-test-only" //nolint:gosec // of a server that nobody else sees
)

// The ways to stop a server.
const (
	Fast      = "fast"      // ends sessions, writes everything down
	Immediate = "immediate" // as in a crash: the next start recovers from the write-ahead log
)

// Server is a private PostgreSQL. Its methods may be called from many goroutines.
type Server struct {
	bin, dir  string
	port      int
	as        *syscall.Credential
	databases atomic.Int64

	mu      sync.Mutex
	process *process // nil while it is stopped
}

// Start starts a server that ends with the test.
func Start(tb testing.TB) *Server {
	tb.Helper()
	s, err := Launch()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// Launch starts a server for a TestMain, which must close it.
func Launch() (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	as, err := account()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "c360pg") // not of testing.TB: an account that is not root has to reach it
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir, as: as}
	if err := s.create(); err != nil {
		return nil, errors.Join(fmt.Errorf("create a PostgreSQL server: %w", err), os.RemoveAll(dir))
	}
	if err := s.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// Close stops the server and removes what it held. It may be called twice.
func (s *Server) Close() error {
	return errors.Join(s.Stop(Immediate), os.RemoveAll(s.dir))
}

// Start starts a stopped server again, with what it held, and returns when it answers.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		return errors.New("the server is running already")
	}
	p, err := s.run()
	if err != nil {
		return err
	}
	s.process = p
	return nil
}

// Stop stops the server and returns when it has ended. Stopping a stopped server does nothing.
func (s *Server) Stop(mode string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	signal, ok := map[string]os.Signal{Fast: syscall.SIGINT, Immediate: syscall.SIGQUIT}[mode]
	if !ok {
		return fmt.Errorf("a server is stopped %s or %s, not %q", Fast, Immediate, mode)
	}
	if s.process == nil {
		return nil
	}
	err := s.process.end(signal)
	s.process = nil
	return err
}

// URL returns where a database is for the superuser, over TCP with the password.
func (s *Server) URL(database string) string {
	return s.URLFor(Account, Password, database)
}

// URLFor returns where a database is for somebody.
func (s *Server) URLFor(account, password, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(account, password),
		Host: fmt.Sprintf("127.0.0.1:%d", s.port), Path: database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// NewDatabase makes an empty database and returns its URL for the superuser. It ends with the server.
func (s *Server) NewDatabase(tb testing.TB) string {
	tb.Helper()
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	s.Exec(tb, "postgres", "CREATE DATABASE "+name)
	return s.URL(name)
}

// Exec runs statements in a database as the superuser, one by one.
func (s *Server) Exec(tb testing.TB, database string, statements ...string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience) // a test's own may have ended: this is for clean-ups too
	defer cancel()
	c, err := pgx.Connect(ctx, s.URL(database))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }() // its answers have been read
	for _, sql := range statements {
		if _, err := c.Exec(ctx, sql); err != nil {
			tb.Fatalf("%s: %v", sql, err)
		}
	}
}

// patience is how long anything here may take on a busy machine.
const patience = time.Minute

func (s *Server) data() string { return filepath.Join(s.dir, "data") }
