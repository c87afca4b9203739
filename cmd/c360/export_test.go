package main

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// sql runs a query on a file, as an analyst would with sqlite3, and puts the answer on stdout, a line a row.
func sql(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE QUERY")
	}
	conn, err := sqlite.OpenConn(ts.MkAbs(args[0]), sqlite.OpenReadOnly)
	ts.Check(err)
	defer conn.Close()
	ts.Check(sqlitex.ExecuteTransient(conn, args[1], &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		cells := make([]string, s.ColumnCount())
		for i := range cells {
			cells[i] = s.ColumnText(i)
		}
		_, err := ts.Stdout().Write([]byte(strings.Join(cells, "|") + "\n"))
		return err
	}}))
}
