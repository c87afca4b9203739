package importer

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/cmd/c360/delivery"
)

// ErrPartial says that the import is complete but some lines were rejected; they are in the rejects file.
var ErrPartial = errors.New("some lines were rejected")

// Options is what `c360 import` is told.
type Options struct {
	Files []string
	// URL and Key are where the events go and as which source.
	URL, Key string
	// Map is a mapping file, Format ndjson or csv, Charset utf-8, euc-kr or utf-16; each may be empty.
	Map, Format, Charset string
	// Source is put on every event that has none: the source of the key, or a sub-source of it (pos/store-12).
	Source string
	// Rejects is where rejected lines go; empty means FILE.rejects.ndjson.
	Rejects string
	// State is a folder for the notes of how far an import is; empty means beside the file.
	State  string
	Resume bool
	DryRun bool

	// Stdout gets results, Stderr progress.
	Stdout, Stderr io.Writer
	// Now is the clock, Doer sends (nil: http.DefaultClient), Wait pauses before another try (nil: a timer).
	Now  func() time.Time
	Doer delivery.Doer
	Wait func(context.Context, time.Duration) error
	// Workers is how many requests are under way at once (0: 4), Chunk how many events one holds at most (0: 800).
	Workers, Chunk int
}

// Flags puts the command's flags on fs.
func (o *Options) Flags(fs *flag.FlagSet) {
	fs.StringVar(&o.URL, "url", "http://127.0.0.1:3600", "where c360 listens")
	fs.StringVar(&o.Key, "key", "", "write key of the source that the file comes from (see C360_SOURCES)")
	fs.StringVar(&o.Map, "map", "", "mapping `file`: how a line becomes an event (none: the lines are c360 events)")
	fs.StringVar(&o.Format, "format", "", "ndjson or csv (none: the first character decides)")
	fs.StringVar(&o.Charset, "charset", "", "utf-8, euc-kr (also CP949, Korean Excel) or utf-16 (none: UTF-8, or what its mark says)")
	fs.StringVar(&o.Source, "source", "", "source of events that name none: the key's, or one under it (pos/store-12)")
	fs.StringVar(&o.Rejects, "rejects", "", "`file` for rejected lines (none: FILE.rejects.ndjson)")
	fs.StringVar(&o.State, "state", "", "`folder` for the notes of how far an import is (none: beside the file)")
	fs.BoolVar(&o.Resume, "resume", false, "go on where an interrupted import stopped")
	fs.BoolVar(&o.DryRun, "dry-run", false, "send nothing; show the first events and count the rest")
}

// Run imports the files one after the other.
func Run(ctx context.Context, o Options) error {
	if len(o.Files) == 0 {
		return errors.New("which file? c360 import FILE… [--map FILE]")
	}
	var m *Mapping
	if o.Map != "" {
		var err error
		if m, err = ReadMapping(o.Map); err != nil {
			return err
		}
	}
	partial := error(nil)
	for _, file := range o.Files {
		counts, err := o.file(ctx, file, m)
		if err != nil {
			return err
		}
		if counts.Rejected > 0 {
			partial = ErrPartial
		}
	}
	return partial
}

// job is one file on its way.
type job struct {
	Options
	path    string
	mapping *Mapping
	in      *input
	client  *delivery.Client
	state   state
	rejects *rejectsFile
	show    *progress

	mu      sync.Mutex
	waiting map[int]result // of chunks whose predecessors are still under way
	next    int
}

// file imports one file.
func (o Options) file(ctx context.Context, path string, m *Mapping) (Counts, error) {
	j, r, err := o.open(path, m)
	if err != nil {
		return Counts{}, err
	}
	defer j.in.Close()
	if o.DryRun {
		return j.dryRun(newChunker(r, j.mapping, o.Chunk))
	}
	if err := j.prepare(r); err != nil {
		return Counts{}, err
	}
	if j.state.Done {
		fmt.Fprintf(o.Stdout, "%s: was imported already\n", path)
		return j.state.Counts, nil
	}
	err = j.run(ctx, newChunker(r, j.mapping, o.Chunk))
	if err = errors.Join(err, j.rejects.close()); err != nil {
		return j.state.Counts, fmt.Errorf("%s: line %d: %w", path, j.state.Line, err)
	}
	j.show.finish(o.Stdout, j.state.Counts, j.rejects)
	return j.state.Counts, nil
}

// open opens a file and looks at its beginning.
func (o Options) open(path string, m *Mapping) (*job, *records, error) {
	in, err := openInput(path, o.Charset)
	if err != nil {
		return nil, nil, err
	}
	format, opts := o.Format, CSV{}
	if m != nil {
		opts = m.CSV
		if format == "" {
			format = m.Format
		}
	}
	r, err := newRecords(in.Reader, format, opts)
	if err == nil && m == nil && r.csv {
		m, err = fromHeader(r.header)
	}
	if err != nil {
		_ = in.Close() // the other error says more
		return nil, nil, fmt.Errorf("%s: %w", path, in.explain(err))
	}
	j := &job{Options: o, path: path, mapping: m.withSource(o.Source), in: in, waiting: map[int]result{}}
	j.client = &delivery.Client{URL: o.URL, Doer: o.Doer, Wait: o.Wait}
	return j, r, nil
}

// prepare finds out where to begin.
func (j *job) prepare(r *records) error {
	if j.State != "" {
		if err := os.MkdirAll(j.State, 0o700); err != nil {
			return fmt.Errorf("folder for the notes of the import: %w (give another with --state)", err)
		}
	}
	mark, err := fingerprint(j.in.file, j.in.size)
	if err != nil {
		return fmt.Errorf("%s: %w", j.path, err)
	}
	now := state{File: mark, Server: digest([]byte(j.URL + "\n" + j.Key)), Charset: j.Charset + "/" + j.Source}
	if j.mapping != nil {
		now.Mapping = j.mapping.hash
	}
	j.state = now
	if j.Resume {
		if err := j.resume(r, now); err != nil {
			return fmt.Errorf("%s: %w", j.path, err)
		}
	}
	path := j.Rejects
	if path == "" {
		path = j.path + ".rejects.ndjson"
	}
	j.show = newProgress(j)
	j.rejects, err = openRejects(path, j.state.RejectBytes)
	return err
}

func (j *job) resume(r *records, now state) error {
	old, err := readState(statePath(j.path, j.State))
	if err != nil {
		return err
	}
	if err := old.follows(now); err != nil || old.File == "" {
		return err
	}
	j.state = old
	if old.Done || old.Offset <= r.offset {
		return nil
	}
	return r.skipTo(old.Offset, old.Line)
}

// run reads, maps and sends chunks, several at once, and settles them in order.
func (j *job) run(ctx context.Context, c *chunker) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(cmp.Or(j.Workers, 4))
	var last error
	for k, ok := c.next(); ok && inner.Err() == nil; k, ok = c.next() {
		last = k.last
		group.Go(func() error { return j.chunk(inner, k) })
	}
	err := group.Wait()
	var refused *delivery.RefusedError
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted; go on with --resume")
	case errors.As(err, &refused):
		return err //nolint:wrapcheck // chunk says what failed
	case err != nil:
		return fmt.Errorf("%w; go on with --resume", err)
	case last != nil:
		return j.in.explain(last)
	}
	j.state.Done = true
	return j.state.write(statePath(j.path, j.State))
}

func (j *job) chunk(ctx context.Context, k chunk) error {
	l, r := j.apply(k)
	if err := send(ctx, j.client, j.Key, l, &r); err != nil {
		return err
	}
	return j.settle(r)
}

// settle writes down what is acknowledged without a gap before it.
func (j *job) settle(r result) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.waiting[r.number] = r
	for {
		r, ok := j.waiting[j.next]
		if !ok {
			return nil
		}
		delete(j.waiting, j.next)
		j.next++
		if err := j.rejects.write(sorted(r.rejects)); err != nil {
			return err
		}
		j.state.Offset, j.state.Line, j.state.RejectBytes = r.offset, r.line, j.rejects.size
		j.state.Counts.add(r.counts)
		if err := j.state.write(statePath(j.path, j.State)); err != nil {
			return err
		}
		j.show.tell(j.state)
	}
}
