// Package replay is history as data: it gives analysts what c360 knows, or knew, as plain tables.
//
// It is not a read model and not a place where anything is decided: it reads a view of a generation and the log, and
// writes files or an HTTP answer. It sends nothing to anybody, and it changes neither the log nor a store.
//
//	a generation ──► dataset.Source ──► dataset (rows) ──┬─► format ──► Export: a folder, with a manifest
//	(live, or as of an instant)                          ├─► format ──► Service: GET /v1/export/{dataset}
//	                                                     └─► Fill: the tables of one database file (package sqlitefile)
//
// What an export promises: all tables are true at one position, which the manifest names with the log's hash there; the
// same history under the same code gives the same bytes; a folder without manifest.json is not an export, so
// whatever was interrupted never looks whole; [Verify] notices a byte that was changed and a file that is gone.
//
// Exports hold personal data on purpose: files are readable by their owner only.
//
// Package pace, below this one, replays the log at a speed.
package replay
