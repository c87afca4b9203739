package main

import (
	"context"
	"errors"
	"time"

	"github.com/c360hq/c360/cmd/c360/importer"
)

const importHelp = `
c360 import FILE... sends files of touchpoints to a c360 that runs: NDJSON or CSV, plain or gzip. Without --map the
lines are c360's own events:

  {"id":"till-7-123","type":"order.completed","time":"2026-05-03T12:00:00+09:00","channel":"store",
   "identifiers":{"phone":"010-0482-7730"},"data":{"order_id":"ORD-1","total":42000,"currency":"KRW"}}

A mapping file says how other lines become events; the shortest useful one, for a CSV with a header:

  {"id": "{receipt}", "type": "order.completed", "channel": "store",
   "time": {"from": "{sold_at}", "layouts": ["2006-01-02 15:04"], "zone": "Asia/Seoul"},
   "identifiers": {"phone": "{phone}"},
   "data": {"order_id": "{receipt}", "total": {"from": "{amount}", "as": "number"}}}

An import can be interrupted and resumed (--resume), and repeating it adds nothing that is already there. Rejected
lines go to FILE.rejects.ndjson with their number and the reason; the exit code is then 3.`

// runImport sends files to a c360 that runs.
func runImport(ctx context.Context, e env, args []string) error {
	o := importer.Options{Stdout: e.stdout, Stderr: e.stderr, Now: time.Now}
	fs := newFlags(e, "import", importHelp)
	o.Flags(fs)
	files, err := parseMixed(e, fs, args)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return usageError{errors.New("which file? c360 import FILE... [--map FILE] --key KEY")}
	}
	o.Files = files
	err = importer.Run(ctx, o)
	if errors.Is(err, importer.ErrPartial) {
		return errPartial
	}
	return err
}
