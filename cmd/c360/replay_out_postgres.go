package main

import (
	"context"
	"errors"
	"net/url"

	"github.com/c360hq/c360/projections/pgstore"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/pgschema"
	"github.com/c360hq/c360/services/replay/sqlitefile"
)

// outDatabase is a database on its way: after Finish it is there, after Abort there is nothing.
type outDatabase interface {
	replay.Database
	Finish() error
	Abort() error
}

// createOut begins what --out names: a schema of PostgreSQL or an SQLite file.
func createOut(ctx context.Context, out string) (outDatabase, error) {
	if scheme(out, "") != enginePostgres {
		return named[outDatabase](sqlitefile.Create(out))
	}
	database, schema, err := outSchema(out)
	if err != nil {
		return nil, err
	}
	conn, err := pgstore.Connect(ctx, database)
	if err != nil {
		return nil, err
	}
	return named[outDatabase](pgschema.Create(ctx, conn, schema))
}

// outSchema takes the name of the schema out of a URL.
func outSchema(out string) (database, schema string, err error) {
	u, err := url.Parse(out)
	if err != nil {
		return "", "", usageError{pgstore.ErrURL}
	}
	query := u.Query()
	if schema = query.Get("schema"); schema == "" {
		return "", "", usageError{errors.New("--out postgres://…: name the schema to make, as in postgres://name:password@host/database?schema=june")}
	}
	query.Del("schema")
	u.RawQuery = query.Encode()
	return u.String(), schema, nil
}
