package replay

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

// Database takes tables whole.
type Database interface {
	// Table makes an empty table; Close of the writer ends it.
	Table(d *dataset.Dataset) (format.Writer, error)
	// Note writes a line of the manifest.
	Note(name, value string) error
}

// Fill writes all tables, the data dictionary and the manifest of a source into a database. Of Options it reads
// Source, Origin, Tables, Query and Report.
func Fill(ctx context.Context, o Options, to Database) (Origin, error) {
	origin := o.Origin.At(o.Source)
	if err := noteOrigin(to, origin); err != nil {
		return origin, err
	}
	for _, d := range slices.Concat(o.Tables, []*dataset.Dataset{dataset.Dictionary()}) {
		rows, err := fill(ctx, &o, d, to)
		if err != nil {
			return origin, fmt.Errorf("write table %s: %w", d.Name, err)
		}
		if err := to.Note("rows."+d.Name, strconv.FormatInt(rows, 10)); err != nil {
			return origin, err
		}
	}
	return origin, nil
}

func fill(ctx context.Context, o *Options, d *dataset.Dataset, to Database) (int64, error) {
	w, err := to.Table(d)
	if err != nil {
		return 0, err
	}
	var rows int64
	err = d.Rows(ctx, o.Source, o.Query, func(b *dataset.Batch) error {
		rows += int64(b.Len())
		o.tell(progressOf(o.Source, d, b, rows))
		return w.Write(b)
	})
	if err != nil {
		return rows, err
	}
	return rows, w.Close()
}

func noteOrigin(to Database, o Origin) error {
	notes := [][2]string{
		{"position", strconv.FormatUint(uint64(o.Position), 10)},
		{"log_hash", o.Hash},
		{"moment", o.Moment.Format(time.RFC3339Nano)},
		{"code", o.Code},
		{"rules", o.Rules},
		{"rooms", strings.Join(o.Rooms, " ")},
	}
	if o.Known > 0 {
		notes = append(notes, [2]string{"known_at", strconv.FormatUint(uint64(o.Known), 10)})
	}
	if o.Occurred != nil {
		notes = append(notes, [2]string{"occurred_by", o.Occurred.Format(time.RFC3339Nano)})
	}
	if o.Masked != "" {
		notes = append(notes, [2]string{"masked", o.Masked})
	}
	for _, n := range notes {
		if err := to.Note(n[0], n[1]); err != nil {
			return err
		}
	}
	return nil
}
