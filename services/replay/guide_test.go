package replay_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/sqlitefile"
)

// block is a query of the guide and the answer below it.
var block = regexp.MustCompile("(?s)```sql\n(.*?)```\n\n((?:\\|[^\n]*\n)*)")

// TestGuide runs every query of the guide, in order, and holds the answers against those that stand there.
func TestGuide(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("GUIDE.md")
	must(t, err)
	h := openHouse(t, readTold(t))
	known, err := projections.KnownAt(t.Context(), h.log, time.Date(2026, 5, 3, 14, 59, 59, 999999000, time.UTC))
	must(t, err)
	may3 := filepath.Join(t.TempDir(), "may3.db")
	fillFile(t, may3, h.asOf(t, projections.Instant{Known: known}))
	conn := filled(t, h.source(t))
	queries := 0
	answered := block.ReplaceAllStringFunc(string(text), func(s string) string {
		queries++
		parts := block.FindStringSubmatch(s)
		got := answer(t, conn, strings.ReplaceAll(parts[1], "may3.db", may3))
		if d := cmp.Diff(parts[2], got); d != "" && !*update {
			t.Errorf("the guide answers otherwise (-guide +answer; -update writes it anew):\n%s%s", parts[1], d)
		}
		return "```sql\n" + parts[1] + "```\n\n" + strings.TrimSuffix(got, "\n") + "\n"
	})
	if queries < 8 {
		t.Errorf("the guide has %d queries only", queries)
	}
	if *update {
		must(t, os.WriteFile("GUIDE.md", []byte(answered), 0o600))
	}
}

func fillFile(t *testing.T, path string, s *dataset.Source) {
	t.Helper()
	f, err := sqlitefile.Create(path)
	must(t, err)
	_, err = replay.Fill(t.Context(), replay.Options{Source: s, Origin: origin, Tables: dataset.All()}, f)
	must(t, err)
	must(t, f.Finish())
}

// answer runs statements and returns what the last one says as a table.
func answer(t *testing.T, conn *sqlite.Conn, sql string) string {
	t.Helper()
	var b strings.Builder
	rows := 0
	line := func(n int, cell func(int) string) {
		for i := range n {
			b.WriteString("| " + cell(i) + " ")
		}
		b.WriteString("|\n")
	}
	for _, one := range strings.Split(strings.TrimSuffix(strings.TrimSpace(sql), ";"), ";\n") {
		must(t, sqlitex.ExecuteTransient(conn, one, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			if rows++; rows == 1 {
				line(s.ColumnCount(), s.ColumnName)
				line(s.ColumnCount(), func(int) string { return "---" })
			}
			line(s.ColumnCount(), s.ColumnText)
			return nil
		}}))
	}
	if rows == 0 {
		t.Errorf("the answer is empty, so it proves nothing:\n%s", sql)
	}
	return b.String()
}
