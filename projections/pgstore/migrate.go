package pgstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// migrations are the steps that the schema of the generations came to be in, in order. One that was released is never
// changed. Generations themselves are not migrated: they are folded anew.
var migrations = []string{
	`CREATE TABLE %[1]s.generations (id text PRIMARY KEY, description json NOT NULL);
	CREATE TABLE %[1]s.pointers (one boolean PRIMARY KEY CHECK (one), live text NOT NULL, last bigint NOT NULL);
	INSERT INTO %[1]s.pointers VALUES (true, '', 0);
	COMMENT ON SCHEMA %[1]s IS 'c360: which read stores there are; each is a schema of its own';
	COMMENT ON COLUMN %[1]s.pointers.live IS 'id of the generation that answers';
	COMMENT ON COLUMN %[1]s.pointers.last IS 'number of the newest generation there ever was'`,
}

// migrate brings the schema up to date, in one transaction. Of several processes that start at once one does it.
func (f *Factory) migrate(ctx context.Context, c *pgx.Conn) error {
	return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, lockKey("migrate "+f.opts.Schema)); err != nil {
			return err
		}
		version, err := f.version(ctx, tx)
		if err != nil {
			return err
		}
		if version > len(migrations) {
			return fmt.Errorf("the schema %s was made by a newer c360 (version %d, this one knows %d); run that one, or drop the schema to fold everything anew",
				f.opts.Schema, version, len(migrations))
		}
		for ; version < len(migrations); version++ {
			if err := f.step(ctx, tx, version); err != nil {
				return fmt.Errorf("bring the schema %s to version %d: %w", f.opts.Schema, version+1, err)
			}
		}
		return nil
	})
}

// version is how many steps were taken. It makes the schema if there is none.
func (f *Factory) version(ctx context.Context, tx pgx.Tx) (n int, err error) {
	q := quote(f.opts.Schema)
	there := false
	if err := tx.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, q+".versions").Scan(&there); err != nil {
		return 0, err
	}
	if !there {
		_, err := tx.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS `+q)
		if err == nil {
			_, err = tx.Exec(ctx, `CREATE TABLE `+q+`.versions (version integer PRIMARY KEY, reached_at timestamptz NOT NULL)`)
		}
		return 0, err
	}
	err = tx.QueryRow(ctx, `SELECT coalesce(max(version), 0) FROM `+q+`.versions`).Scan(&n)
	return n, err
}

func (f *Factory) step(ctx context.Context, tx pgx.Tx, version int) error {
	q := quote(f.opts.Schema)
	_, err := tx.Exec(ctx, fmt.Sprintf(migrations[version], q))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO `+q+`.versions VALUES ($1, $2)`, version+1, f.opts.Now())
	return err
}

const oldest = 130000 // PostgreSQL 13

// suits says whether c360 can live in a database: nothing is made before that is known.
func (f *Factory) suits(ctx context.Context, c *pgx.Conn) error {
	var number int
	var version, encoding, database, account string
	var standby, may bool
	err := c.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding'),
		current_database(), current_user, pg_is_in_recovery(), has_database_privilege(current_database(), 'CREATE')`).
		Scan(&number, &version, &encoding, &database, &account, &standby, &may)
	switch {
	case err != nil:
		return err
	case number < oldest:
		return fmt.Errorf("PostgreSQL %s is too old for c360; it needs 13 or later", version)
	case standby:
		return errors.New("PostgreSQL: the server is a standby, which only reads; name the primary in the URL of the read store")
	case encoding != "UTF8":
		return fmt.Errorf("PostgreSQL: the database %s is encoded in %s; make one for c360 with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0", database, encoding)
	case !may:
		return fmt.Errorf("PostgreSQL: the account %s may not create schemas in the database %s; as its owner run: GRANT CREATE ON DATABASE %s TO %s",
			account, database, pgx.Identifier{database}.Sanitize(), pgx.Identifier{account}.Sanitize())
	}
	return nil
}
