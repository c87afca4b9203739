// Package natstest starts NATS servers for tests: one inside the test (Start), or a cluster of three real processes of
// nats-server, built from the Go module, whose nodes a test may kill and start again (StartCluster).
//
// Everything a server stores is in a directory of the test, and every server ends with the test. The package is for
// tests only; c360 does not start NATS servers.
package natstest
