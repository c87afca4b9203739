// Package sqlitefile writes the tables of an export into one SQLite file: ordinary typed tables with indexes, ready for
// SQL, pandas, DuckDB or a BI tool.
//
// It is an output format like those of package format and no read store: c360 never reads the file, and package
// projections/sqlitestore, which does the reading, knows nothing of it. It has a package of its own because it is the only
// part of services/replay that needs an engine.
//
//	dataset.Batch ──► File.Table ──► one transaction without a journal, under a temporary name
//	                  File.Finish ──► indexes, sync, rename
//
// Texts are TEXT, numbers INTEGER and REAL, flags BOOLEAN (0 and 1), times TIMESTAMP and DATE as ISO 8601 text of one
// length, so that they sort as they are and SQLite's date functions read them.
package sqlitefile
