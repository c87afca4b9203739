package pgstore

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"time"

	"github.com/c360hq/c360/projections"
)

// Options say where the database is. URL, Now and Logger are required.
type Options struct {
	// URL is postgres://account:password@host:port/database, with the parameters that libpq knows (sslmode, …). It is
	// never written anywhere.
	URL string
	// Schema begins the names of the schemas; "" is c360. Two companies in one database need two.
	Schema string
	// Readers is how many views of a generation can be open at once, the engine's own among them, each with a
	// connection; 0 is 10. One more waits until another is closed, so a view is for a request, not for a session.
	Readers int
	// Now is the clock; it dates what is written about the schema itself.
	Now    func() time.Time
	Logger *slog.Logger
}

// StoreOptions say which store to open, and how.
type StoreOptions struct {
	Options
	// Name ends the name of the schema that holds the tables; it is made if missing.
	Name string
	// Spec is what the store is for; one made for another spec is refused with projections.ErrOtherVersion.
	Spec projections.Spec
	// Bulk opens a new store for bulk loading; see projections.Store.Finish. With Resume it may be one whose bulk load
	// was interrupted, or one that was finished, which is opened as an ordinary store.
	Bulk, Resume bool
}

const (
	connectTimeout = 5 * time.Second
	// idleTime is how long a reader's connection is kept that nobody uses.
	idleTime = 2 * time.Minute
	// lockTimeout is how long a statement waits for whoever reads what it would drop.
	lockTimeout = 10 * time.Second
)

var (
	schemaName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,30}$`)
	storeName  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)
)

func (o Options) withDefaults() (Options, error) {
	if o.Schema == "" {
		o.Schema = "c360"
	}
	if o.Readers == 0 {
		o.Readers = 10
	}
	if o.Now == nil || o.Logger == nil {
		return o, errors.New("pgstore: Options.Now and Options.Logger are required")
	}
	if !schemaName.MatchString(o.Schema) {
		return o, fmt.Errorf("the schema %q cannot be used: begin with a letter, then lower-case letters, digits and underscores, at most 31", o.Schema)
	}
	return o, nil
}

// schemaOf names the schema of a generation.
func (o Options) schemaOf(name string) string { return o.Schema + "_" + name }
