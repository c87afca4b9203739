// Package format writes the rows of datasets down: NDJSON, CSV and Parquet, each into one io.Writer.
//
// It knows no dataset by name, opens no file and keeps no more than a batch, or, for Parquet, a row group.
//
//	dataset.Batch ──► Writer ──► io.Writer
//
// What the formats say, and how:
//
//   - NDJSON: one object a line, all columns in order, null where there is nothing, JSON columns as what they are.
//   - CSV: RFC 4180 with a header, CRLF line ends, times in ISO 8601, nothing where there is nothing. A cell that a
//     spreadsheet would take for a formula (it begins with = + - @ TAB CR or LF, and is no plain number) begins with an
//     apostrophe instead, so that no customer can run anything on an analyst's machine. BOM lets Excel see that it is UTF-8.
//   - Parquet: strings, 64-bit numbers, TIMESTAMP(MICROS, UTC), DATE and JSON as logical types; zstd; a row group
//     ends after [RowGroupRows] rows.
package format
