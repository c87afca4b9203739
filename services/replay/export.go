package replay

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

// Options say what to export, from where, to where and how.
type Options struct {
	Source *dataset.Source
	// Origin has Code, Rules and Rooms; the rest of it is read from the source.
	Origin Origin
	// Dir is a folder that is empty, missing, or holds an unfinished export.
	Dir    string
	Format format.Format
	// Compress zips files of a format that does not compress by itself; BOM is noted in the manifest.
	Compress, BOM bool
	Tables        []*dataset.Dataset
	Query         dataset.Query
	// Report is told how far it is, often; it may be nil.
	Report func(Progress)
}

// Progress is how far an export is.
type Progress struct {
	Table string
	// Rows of the table are written. Done of Total positions of the log are read, for tables that come from it.
	Rows        int64
	Done, Total events.Position
	// Survey: the log is only looked through, for which months are where.
	Survey bool
}

// Export writes the tables into the folder, and the manifest last: a folder without one is no export. What an
// interrupted export of the same things has finished is kept; files that were not are removed.
func Export(ctx context.Context, o Options) (Manifest, error) {
	e := &exporter{Options: o, manifest: o.manifest()}
	if err := e.begin(); err != nil {
		return Manifest{}, err
	}
	for _, d := range slices.Concat(o.Tables, []*dataset.Dataset{dataset.Dictionary()}) {
		write := e.whole
		if d.Name == partitioned {
			write = e.byMonth
		}
		if err := write(ctx, d); err != nil {
			return Manifest{}, fmt.Errorf("export %s: %w", d.Name, err)
		}
	}
	// An export that was interrupted and one that was not end with the same manifest.
	slices.SortFunc(e.manifest.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	if err := e.manifest.write(e.at(ManifestName)); err != nil {
		return Manifest{}, err
	}
	return e.manifest, os.Remove(e.at(partialManifest))
}

// Vacant returns why nothing can be exported to a folder: it holds something, and that is no unfinished export.
func Vacant(dir string) error {
	found, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	begun := slices.ContainsFunc(found, func(d fs.DirEntry) bool {
		return d.Name() == partialManifest || d.Name() == partialManifest+temporary
	})
	if len(found) > 0 && !begun {
		return fmt.Errorf("%s holds something already; give a new or an empty folder", dir)
	}
	return nil
}

// exporter is an export under way. Its manifest lists what is finished.
type exporter struct {
	Options
	manifest Manifest
}

func (o *Options) manifest() Manifest {
	m := Manifest{
		Origin: o.Origin.At(o.Source), Format: o.Format.Name, Compress: o.Compress, BOM: o.BOM,
		Types: o.Query.Types, Channels: o.Query.Channels,
	}
	for _, d := range o.Tables {
		m.Tables = append(m.Tables, d.Name)
	}
	if t := o.Query.From.UTC(); !t.IsZero() {
		m.From = &t
	}
	if t := o.Query.To.UTC(); !t.IsZero() {
		m.To = &t
	}
	return m
}

func (e *exporter) at(path string) string { return filepath.Join(e.Dir, filepath.FromSlash(path)) }

// begin makes the folder, or finds what an export before has left in it.
func (e *exporter) begin() error {
	if err := Vacant(e.Dir); err != nil {
		return err
	}
	if err := os.MkdirAll(e.Dir, dirMode); err != nil {
		return err
	}
	// A kill at the very end leaves both manifests. What is begun now is not finished and must not look so.
	if err := os.Remove(e.at(ManifestName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	before, err := readManifest(e.at(partialManifest))
	if err == nil && e.manifest.continues(before) {
		e.manifest.Files = e.stillThere(before.Files)
	}
	if err := e.sweep(); err != nil {
		return err
	}
	return e.note()
}

// sweep removes what was not finished, or belongs to an unfinished export of something else. Only a folder that was
// empty, or that an export has begun to fill, is ever swept, and only of what looks like ours.
func (e *exporter) sweep() error {
	return filepath.WalkDir(e.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(e.Dir, path)
		if name = filepath.ToSlash(name); err != nil || e.manifest.has(name) || !ours(name) {
			return err
		}
		return os.Remove(path) //nolint:gosec // G122: the operator's own folder, which nobody else writes to
	})
}

// ours reports whether a file may be of an export: a table, a month, or either under its temporary name.
func ours(path string) bool {
	table, _, _ := strings.Cut(path, ".")
	table, _, _ = strings.Cut(table, "/")
	return table == dataset.Dictionary().Name || slices.Contains(dataset.Names(), table)
}

// stillThere returns the files that are still there in their whole length.
func (e *exporter) stillThere(files []File) []File {
	var kept []File
	for _, f := range files {
		if info, err := os.Stat(e.at(f.Path)); err == nil && info.Size() == f.Bytes {
			kept = append(kept, f)
		}
	}
	return kept
}

// note writes down what is finished.
func (e *exporter) note() error { return e.manifest.write(e.at(partialManifest)) }

// name is the path of a file with the ending of the format.
func (e *exporter) name(base string) string {
	name := base + e.Format.Ending
	if e.zips() {
		name += ".gz"
	}
	return name
}

func (e *exporter) zips() bool { return e.Compress && !e.Format.Packed }

func (e *exporter) part(path string, d *dataset.Dataset) (*part, error) {
	return newPart(e.at(path), e.Format, e.zips(), d.Columns)
}

// finish finishes a file and notes it.
func (e *exporter) finish(p *part, path string, d *dataset.Dataset) error {
	f, err := p.finish()
	if err != nil {
		return err
	}
	f.Path, f.Dataset = path, d.Name
	e.manifest.Files = append(e.manifest.Files, f)
	return e.note()
}

// whole writes a dataset into one file.
func (e *exporter) whole(ctx context.Context, d *dataset.Dataset) error {
	path := e.name(d.Name)
	if e.manifest.has(path) {
		return nil
	}
	p, err := e.part(path, d)
	if err != nil {
		return err
	}
	err = d.Rows(ctx, e.Source, e.Query, func(b *dataset.Batch) error {
		if err := p.Write(b); err != nil {
			return err
		}
		e.tell(progressOf(e.Source, d, b, p.rows))
		return nil
	})
	if err != nil {
		return errors.Join(err, p.abort())
	}
	return e.finish(p, path, d)
}

// progressOf says how far the rows of a table are, of which b are the last.
func progressOf(s *dataset.Source, d *dataset.Dataset, b *dataset.Batch, rows int64) Progress {
	p := Progress{Table: d.Name, Rows: rows}
	if d.Log {
		p.Done, p.Total = events.Position(b.Row(b.Len() - 1)[d.Place("position")].Int()), s.Until() //nolint:gosec // it was a position
	}
	return p
}

func (o *Options) tell(p Progress) {
	if o.Report != nil {
		o.Report(p)
	}
}
