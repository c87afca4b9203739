// Package pgschema writes the tables of an export into one schema of a PostgreSQL database: ordinary typed tables with
// indexes, for SQL or a BI tool.
//
// It is an output format like package sqlitefile beside it and no read store: c360 never reads the schema, and package
// projections/pgstore, which does the reading, knows nothing of it.
//
//	dataset.Batch ──► Schema.Table ──► COPY, all in one transaction
//	                  Schema.Finish ──► indexes, COMMIT
//
// Until Finish nobody sees anything of it, and what is cut short leaves nothing behind.
//
// Texts are text, JSON json, numbers bigint and double precision, flags boolean, times timestamptz and date. PostgreSQL
// takes neither NUL nor broken UTF-8 in a text: they become U+FFFD.
package pgschema
