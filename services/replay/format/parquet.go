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
	w       *parquet.GenericWriter[any]
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
	return &parquetWriter{w: parquet.NewGenericWriter[any](w, config), columns: columns}, nil
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
	for j, to := range p.w.ColumnWriters() {
		p.turn(b, j)
		if _, err := to.WriteRowValues(p.values); err != nil {
			return fmt.Errorf("column %s: %w", p.columns[j].Name, err)
		}
	}
	if p.rows += b.Len(); p.rows < RowGroupRows && p.bytes < rowGroupBytes {
		return nil
	}
	p.rows, p.bytes = 0, 0
	return p.w.Flush()
}

// turn puts the values of one column into p.values. It is what most of the time of this package goes into.
func (p *parquetWriter) turn(b *dataset.Batch, j int) {
	p.values = p.values[:0]
	c := &p.columns[j]
	value, null := valueOf(c.Type), parquet.NullValue().Level(0, 0, j)
	for v := range b.Column(j) {
		switch {
		case !c.Nullable:
			p.values = append(p.values, value(v))
		case v.Null():
			p.values = append(p.values, null)
		default:
			p.values = append(p.values, value(v).Level(0, 1, j))
		}
		p.bytes += len(v.Text())
	}
}

// Close implements Writer.
func (p *parquetWriter) Close() error { return p.w.Close() }

// valueOf returns what turns values of a type into the library's.
func valueOf(t dataset.Type) func(*dataset.Value) parquet.Value {
	switch t {
	case dataset.Int, dataset.Timestamp:
		return func(v *dataset.Value) parquet.Value { return parquet.Int64Value(v.Int()) }
	case dataset.Date:
		return func(v *dataset.Value) parquet.Value { return parquet.Int32Value(int32(v.Int())) } //nolint:gosec // days
	case dataset.Real:
		return func(v *dataset.Value) parquet.Value { return parquet.DoubleValue(v.Real()) }
	case dataset.Bool:
		return func(v *dataset.Value) parquet.Value { return parquet.BooleanValue(v.Bool()) }
	case dataset.Text, dataset.JSON:
	}
	return func(v *dataset.Value) parquet.Value { return parquet.ByteArrayValue(bytesOf(v.Text())) }
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
	case dataset.Text:
	}
	return parquet.String()
}
