// Package bench measures c360 beside the engines it stands on, in one run on one machine, and prints a table.
//
// It is not a test: nothing here passes or fails by time. What matters are the ratios, because both sides of each
// see the same machine at the same hour. Three kinds of measurement:
//
//   - ingest.go: HTTP → durable log against bare Pebble writing the very keys and bytes the log wrote, in the same
//     batch shape;
//   - fold.go: projection and rebuild against bare SQLite transactions of the very rows the engine wrote;
//   - serve.go: a c360 in a process of its own at growing sizes: page latency while writing, time to visible,
//     memory, start after kill -9.
//
// traffic.go makes the touchpoints: seeded, about 544 bytes each, ten per customer.
package bench
