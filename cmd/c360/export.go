package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

const exportHelp = `
c360 export writes history as plain tables for SQL, pandas, DuckDB or a spreadsheet: events (a file a month),
order_items, customers, fragments, identifiers, links, orders, cases and consents. c360 must not be running on the
folder; while it runs, GET /v1/export/TABLE?format=csv gives one table at a time.

  c360 export --data data/mine --out june                          everything, as Parquet
  c360 export --data data/mine --out x --format csv --bom --tables customers,orders
  c360 export --data data/mine --out y --type order.completed --from 2026-05-01 --to 2026-05-31
  c360 export --data data/mine --out z --known-at 2026-05-03       what was known at the end of that day
  c360 export --verify june                                        every file is there, and as it was written
  c360 export --dictionary                                         what every table and column means

All tables are true at one position of the log, which manifest.json names. --from, --to, --type and --channel select
among events and order_items; the other tables are always whole. A folder without manifest.json is not finished: the
same command goes on where it was. In CSV a cell that a spreadsheet would run as a formula begins with an apostrophe.

An export holds personal data: names, phone numbers, everything that was said. Only you can read its files; who
gets them next is up to you. With --mask it says nothing of who the customers are; it takes longer, since all of
history is folded anew, and what was interrupted begins anew. Nothing is sent to anybody.`

// exportFlags are what c360 export can be told.
type exportFlags struct {
	config
	at                                    instantFlags
	out, verify, format, tables, from, to string
	types, channels                       string
	compress, bom, dictionary, mask       bool
	parsedFormat                          format.Format
	parsedTables                          []*dataset.Dataset
	query                                 dataset.Query
}

func (x *exportFlags) flags(fs *flag.FlagSet) {
	x.dataFlags(fs)
	fs.StringVar(&x.out, "out", "", "the `folder` to write to: a new or an empty one")
	fs.StringVar(&x.format, "format", "parquet", "the `format`: "+strings.Join(format.Names(), ", "))
	fs.StringVar(&x.tables, "tables", "", "only these `tables`, with commas between them: "+strings.Join(dataset.Names(), ", "))
	fs.StringVar(&x.from, "from", "", "only what happened at this `time` or later; a day is its beginning")
	fs.StringVar(&x.to, "to", "", "only what happened by this `time`; a day is its end")
	fs.StringVar(&x.types, "type", "", "only these `types` of events, with commas between them")
	fs.StringVar(&x.channels, "channel", "", "only these `channels`, with commas between them")
	x.at.flags(fs)
	fs.BoolVar(&x.compress, "compress", false, "gzip CSV and NDJSON; Parquet compresses by itself")
	fs.BoolVar(&x.bom, "bom", false, "begin a CSV with a byte order mark, for Excel")
	fs.BoolVar(&x.mask, "mask", false, "leave out who the customers are, for training; see c360 help replay")
	fs.StringVar(&x.verify, "verify", "", "check the export in this `folder` against its manifest, and do nothing else")
	fs.BoolVar(&x.dictionary, "dictionary", false, "print what every table and column means, and do nothing else")
}

// runExport exports, checks an export, or prints the data dictionary.
func runExport(ctx context.Context, e env, args []string) error {
	var x exportFlags
	fs := newFlags(e, "export", exportHelp)
	x.flags(fs)
	if err := parseOnly(e, fs, args); err != nil {
		return err
	}
	switch {
	case x.dictionary:
		_, err := fmt.Fprint(e.stdout, dataset.Markdown())
		return err
	case x.verify != "":
		return verifyExport(e, x.verify)
	case x.out == "":
		return usageError{errors.New("where to? give --out FOLDER, or --verify FOLDER, or --dictionary")}
	}
	if err := errors.Join(x.parse(), x.check(), x.mustHaveLog(), replay.Vacant(x.out)); err != nil {
		return err
	}
	return x.run(ctx, e)
}

func verifyExport(e env, dir string) error {
	m, err := replay.Verify(dir)
	if err != nil {
		return fmt.Errorf("the export in %s is not what was written:\n%w", dir, err)
	}
	_, err = fmt.Fprintf(e.stdout, "sound: %d files as they were written, true at position %d\n", len(m.Files), m.Position)
	return err
}

// parse reads what the flags say about formats, tables and rows.
func (x *exportFlags) parse() (err error) {
	if x.parsedFormat, err = format.Find(x.format, format.Options{BOM: x.bom}); err != nil {
		return usageError{fmt.Errorf("--format: %w", err)}
	}
	if x.parsedTables, err = dataset.Select(list(x.tables)); err != nil {
		return usageError{fmt.Errorf("--tables: %w", err)}
	}
	loc, err := x.at.location()
	if err != nil {
		return err
	}
	if x.from != "" {
		if x.query.From, err = replay.ParseFrom(x.from, loc); err != nil {
			return usageError{fmt.Errorf("--from: %w", err)}
		}
	}
	if x.to != "" {
		if x.query.To, err = projections.ParseTime(x.to, loc); err != nil {
			return usageError{fmt.Errorf("--to: %w", err)}
		}
	}
	x.query.Types = list(x.types)
	if x.channels != "" {
		if x.query.Channels, err = replay.ParseChannels(x.channels); err != nil {
			return usageError{fmt.Errorf("--channel: %w", err)}
		}
	}
	if !x.query.All() && !slices.ContainsFunc(x.parsedTables, func(d *dataset.Dataset) bool { return d.Log }) {
		return usageError{errors.New("--from, --to, --type and --channel select among events and order_items; --tables asks for neither")}
	}
	return nil
}

// list splits a list with commas; none is nil.
func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func (x *exportFlags) run(ctx context.Context, e env) error {
	took := stopwatch()
	var m replay.Manifest
	err := lookBack(ctx, e, &x.config, x.at, x.mask, func(s *dataset.Source, origin replay.Origin) error {
		var err error
		m, err = replay.Export(ctx, replay.Options{
			Source: s, Origin: origin, Dir: x.out, Format: x.parsedFormat, Compress: x.compress, BOM: x.bom,
			Tables: x.parsedTables, Query: x.query, Report: exportProgress(e, "export"),
		})
		return err
	})
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; what is finished is kept, the same command goes on from there")
	}
	if err != nil {
		return err
	}
	rows := int64(0)
	for _, f := range m.Files {
		rows += f.Rows
	}
	_, err = fmt.Fprintf(e.stdout, "exported %d rows in %d files to %s in %s, true at position %d; they hold %s\n",
		rows, len(m.Files), x.out, took(), m.Position, holds(x.mask))
	return err
}
