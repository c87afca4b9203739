// Package pgtest starts a real, private PostgreSQL server for tests.
//
// What it is: initdb into a folder of its own, the server on a free port of 127.0.0.1 and on a socket in that folder,
// fsync on, passwords asked for (scram-sha-256) over TCP. The server can be stopped as in a crash and started again with
// what it held. It ends with the test, and with the test's process if that is killed. What it is not: a stand-in. It runs
// the PostgreSQL that the machine has (PATH, pg_config, /usr/lib/postgresql); `.ci/deps` brings one.
//
//	server := pgtest.Start(t)
//	url := server.NewDatabase(t)          // postgres://postgres:…@127.0.0.1:…/test_1
//	must(t, server.Stop(pgtest.Immediate)) // as in a crash
//	must(t, server.Start())                // recovers, same URL
//
// PostgreSQL refuses to run as root. A test that is root has it run under the account postgres or nobody.
package pgtest
