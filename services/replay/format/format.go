package format

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/c360hq/c360/services/replay/dataset"
)

// Writer takes rows. Close writes what is left; it does not close the io.Writer below.
type Writer interface {
	Write(b *dataset.Batch) error
	Close() error
}

// Format is a way to write rows down.
type Format struct {
	// Name is what people call it, Ending that of its files, Media its media type.
	Name, Ending, Media string
	// Packed says that it compresses by itself.
	Packed bool
	// New begins a file with these columns.
	New func(w io.Writer, columns []dataset.Column) (Writer, error)
}

// Options say how to write.
type Options struct {
	// BOM begins a CSV with a byte order mark, for Excel.
	BOM bool
}

// All returns the formats; the first is the default.
func All(o Options) []Format {
	return []Format{
		{Name: "parquet", Ending: ".parquet", Media: "application/vnd.apache.parquet", Packed: true, New: NewParquet},
		{Name: "csv", Ending: ".csv", Media: "text/csv; charset=utf-8; header=present", New: func(w io.Writer, columns []dataset.Column) (Writer, error) {
			return NewCSV(w, columns, o.BOM)
		}},
		{Name: "ndjson", Ending: ".ndjson", Media: "application/x-ndjson", New: NewNDJSON},
	}
}

// Find returns the format of that name.
func Find(name string, o Options) (Format, error) {
	all := All(o)
	i := slices.IndexFunc(all, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, fmt.Errorf("there is no format %q; there are %s", name, strings.Join(Names(), ", "))
	}
	return all[i], nil
}

// Names lists the names of the formats.
func Names() []string {
	var names []string
	for _, f := range All(Options{}) {
		names = append(names, f.Name)
	}
	return names
}
