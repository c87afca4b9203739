package format

import (
	"fmt"
	"io"
	"unsafe"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/c360hq/c360/services/replay/dataset"
)

const (
	// RowGroupRows is how many rows a row group has at most.
	RowGroupRows = 64 << 10
	// rowGroupBytes ends a row group early when its texts are long.
	rowGroupBytes = 48 << 20
	// dictionaryBytes ends the dictionary of a column whose values do not come again often enough.
	dictionaryBytes = 256 << 10
	pageBytes       = 128 << 10
)

// parquetWriter writes column by column: a batch is turned once, and no row is ever put together.
type parquetWriter struct {
	w       *parquet.Writer
	columns []dataset.Column
	values  []parquet.Value
	rows    int
	bytes   int
}

// NewParquet begins a Parquet file.
func NewParquet(w io.Writer, columns []dataset.Column) (Writer, error) {
	config, err := parquet.NewWriterConfig(ParquetOptions(columns)...)
	if err != nil {
		return nil, fmt.Errorf("set up Parquet: %w", err)
	}
	return &parquetWriter{w: parquet.NewWriter(w, config), columns: columns}, nil
}

// ParquetOptions are the schema of the columns and how they are stored.
func ParquetOptions(columns []dataset.Column) []parquet.WriterOption {
	options := []parquet.WriterOption{
		parquet.NewSchema("c360", newSchema(columns)),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.PageBufferSize(pageBytes),
		parquet.DictionaryMaxBytes(dictionaryBytes),
		parquet.CreatedBy("c360", "", ""),
	}
	for _, c := range columns {
		if c.Type == dataset.JSON {
			options = append(options, parquet.SkipPageBounds(c.Name))
		}
	}
	return options
}

// Write implements Writer.
func (p *parquetWriter) Write(b *dataset.Batch) error {
	n := b.Len()
	for j, to := range p.w.ColumnWriters() {
		p.values = p.values[:0]
		for i := range n {
			v := b.Row(i)[j]
			p.bytes += len(v.Text())
			p.values = append(p.values, ParquetValue(v, &p.columns[j], j))
		}
		if _, err := to.WriteRowValues(p.values); err != nil {
			return fmt.Errorf("column %s: %w", p.columns[j].Name, err)
		}
	}
	if p.rows += n; p.rows < RowGroupRows && p.bytes < rowGroupBytes {
		return nil
	}
	p.rows, p.bytes = 0, 0
	return p.w.Flush()
}

// Close implements Writer.
func (p *parquetWriter) Close() error { return p.w.Close() }

// ParquetValue is a value with its level: 0 is null, where there may be nulls.
func ParquetValue(v dataset.Value, c *dataset.Column, place int) parquet.Value {
	level := 0
	if c.Nullable {
		level = 1
	}
	switch {
	case v.Null() && c.Nullable:
		return parquet.Value{}.Level(0, 0, place)
	case c.Type == dataset.Int || c.Type == dataset.Timestamp:
		return parquet.Int64Value(v.Int()).Level(0, level, place)
	case c.Type == dataset.Date:
		return parquet.Int32Value(int32(v.Int())).Level(0, level, place) //nolint:gosec // days
	case c.Type == dataset.Real:
		return parquet.DoubleValue(v.Real()).Level(0, level, place)
	case c.Type == dataset.Bool:
		return parquet.BooleanValue(v.Bool()).Level(0, level, place)
	}
	return parquet.ByteArrayValue(bytesOf(v.Text())).Level(0, level, place)
}

// bytesOf lends the bytes of a text to the column, which copies them and changes nothing.
func bytesOf(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s)) //nolint:gosec // G103: a copy a value would be most of the cost
}

// schema is a group whose columns keep their order; parquet.Group would sort them by name.
type schema struct {
	parquet.Group
	fields []parquet.Field
}

// Fields implements parquet.Node.
func (s *schema) Fields() []parquet.Field { return s.fields }

func newSchema(columns []dataset.Column) *schema {
	s := &schema{Group: parquet.Group{}, fields: make([]parquet.Field, len(columns))}
	for _, c := range columns {
		s.Group[c.Name] = node(&c)
	}
	for _, f := range s.Group.Fields() {
		for i, c := range columns {
			if c.Name == f.Name() {
				s.fields[i] = f
			}
		}
	}
	return s
}

// node is the type of a column and how it is stored.
func node(c *dataset.Column) parquet.Node {
	n := leaf(c.Type)
	switch {
	case c.Few && c.Type != dataset.Bool:
		n = parquet.Encoded(n, &parquet.RLEDictionary)
	case c.Type == dataset.Int || c.Type == dataset.Timestamp || c.Type == dataset.Date:
		n = parquet.Encoded(n, &parquet.DeltaBinaryPacked)
	}
	if c.Nullable {
		n = parquet.Optional(n)
	}
	return n
}

func leaf(t dataset.Type) parquet.Node {
	switch t {
	case dataset.Int:
		return parquet.Leaf(parquet.Int64Type)
	case dataset.Real:
		return parquet.Leaf(parquet.DoubleType)
	case dataset.Bool:
		return parquet.Leaf(parquet.BooleanType)
	case dataset.Timestamp:
		return parquet.Timestamp(parquet.Microsecond)
	case dataset.Date:
		return parquet.Date()
	case dataset.JSON:
		return parquet.JSON()
	}
	return parquet.String()
}
