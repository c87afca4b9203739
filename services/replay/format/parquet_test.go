package format_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

// TestRowGroups writes more rows than a row group holds, with more different values in a column of few than its
// dictionary holds, and reads them back.
func TestRowGroups(t *testing.T) {
	t.Parallel()
	const rows = 2*format.RowGroupRows + 1000
	columns := []dataset.Column{
		{Name: "few", Type: dataset.Text, Few: true},
		{Name: "many", Type: dataset.Text, Few: true, Nullable: true},
	}
	file := parquetOf(t, columns, rows, func(i int, row []dataset.Value) {
		row[0] = dataset.TextValue("v" + strconv.Itoa(i%7))
		if i%3 > 0 {
			row[1] = dataset.TextValue(manyOf(i))
		}
	})
	if n := len(file.RowGroups()); n != 3 || file.NumRows() != rows {
		t.Errorf("%d rows in %d row groups, want %d in 3", file.NumRows(), n, rows)
	}
	r := parquet.NewGenericReader[any](file)
	defer r.Close()
	some, at := make([]parquet.Row, 500), 0
	for {
		n, err := r.ReadRows(some)
		for _, row := range some[:n] {
			if few := row[0].String(); few != "v"+strconv.Itoa(at%7) || row[1].IsNull() != (at%3 == 0) || at%3 > 0 && row[1].String() != manyOf(at) {
				t.Fatalf("row %d reads %v", at, row)
			}
			at++
		}
		if errors.Is(err, io.EOF) && at == rows {
			return
		}
		if err != nil {
			t.Fatalf("after row %d: %v", at, err)
		}
	}
}

func manyOf(i int) string { return fmt.Sprintf("value-%016d", i) }

// parquetOf writes rows and opens what was written.
func parquetOf(t *testing.T, columns []dataset.Column, rows int, fill func(i int, row []dataset.Value)) *parquet.File {
	t.Helper()
	var b bytes.Buffer
	w, err := format.NewParquet(&b, columns)
	must(t, err)
	batch := dataset.NewBatch(columns)
	for i := range rows {
		fill(i, batch.Grow())
		if batch.Len() == 1000 || i == rows-1 {
			must(t, w.Write(batch))
			batch.Reset()
		}
	}
	must(t, w.Close())
	f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	must(t, err)
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
