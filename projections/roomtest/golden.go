package roomtest

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// line is one line of a log.jsonl.
type line struct {
	Source  string          `json:"source"`
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Time    time.Time       `json:"time"`
	Channel events.Channel  `json:"channel"`
	IDs     []string        `json:"ids"` // "phone:+82…", claimed unless it ends in " asserted" or " verified"
	Data    json.RawMessage `json:"data"`
}

// ReadLog reads a log.jsonl: an event a line. The identifiers "$1" and "$2" in data stand for the fragments of the
// first and second line and so on, so that decisions can name them.
func ReadLog(path string) ([]events.Event, error) {
	b, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	var list []events.Event
	for n, text := range bytes.Split(bytes.TrimSpace(b), []byte("\n")) {
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n+1, err)
		}
		e := events.Event{Source: l.Source, ID: l.ID, Type: l.Type, Time: l.Time, Channel: l.Channel, Data: name(l.Data, list)}
		for _, id := range l.IDs {
			text, grade, _ := strings.Cut(id, " ")
			parsed, err := events.ParseIdentifier(text)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", path, n+1, err)
			}
			if parsed.Grade = events.Claimed; grade != "" {
				if parsed.Grade, err = events.ParseGrade(grade); err != nil {
					return nil, fmt.Errorf("%s:%d: %w", path, n+1, err)
				}
			}
			e.Identifiers = append(e.Identifiers, parsed)
		}
		list = append(list, e)
	}
	return list, nil
}

// name puts fragment ids for "$1", "$2", ….
func name(data []byte, list []events.Event) []byte {
	for i := range list {
		if f, ok := list[i].Fragment(); ok {
			data = bytes.ReplaceAll(data, fmt.Appendf(nil, `"$%d"`, i+1), fmt.Appendf(nil, "%q", f))
		}
	}
	return data
}

// Golden folds every testdata/<case>/log.jsonl in batches of three and compares the rows with rows.golden and what
// show says of the store with shown.golden. With update it writes both files instead. Beside the room fold those it reads.
func Golden(
	t *testing.T, update *bool, room projections.Room,
	show func(context.Context, projections.Reader, []events.Recorded) (any, error), beside ...projections.Room,
) {
	t.Helper()
	logs, err := filepath.Glob("testdata/*/log.jsonl")
	if err != nil || len(logs) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	for _, path := range logs {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			rows, shown := goldenCase(t, path, room, show, beside)
			compare(t, *update, filepath.Join(dir, "rows.golden"), rows)
			compare(t, *update, filepath.Join(dir, "shown.golden"), shown)
		})
	}
}

// UpdateFlag defines the flag -update.
func UpdateFlag() *bool { return flag.Bool("update", false, "write the golden files") }

func goldenCase(
	t *testing.T, path string, room projections.Room,
	show func(context.Context, projections.Reader, []events.Recorded) (any, error), beside []projections.Room,
) (rows, shown string) {
	t.Helper()
	list, err := ReadLog(path)
	if err != nil {
		t.Fatal(err)
	}
	log, store := Record(list), NewStore()
	if err := Fold(t.Context(), store, log, 3, append([]projections.Room{room}, beside...)...); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if rows, err = Dump(t.Context(), v, room.Tables()); err != nil {
		t.Fatal(err)
	}
	answer, err := show(t.Context(), v, log)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.MarshalIndent(answer, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return rows, string(b) + "\n"
}

func compare(t *testing.T, update bool, path, got string) {
	t.Helper()
	if update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, d)
	}
}

// Dump writes all rows of some tables as text.
func Dump(ctx context.Context, r projections.Reader, tables []*projections.Table) (string, error) {
	var b strings.Builder
	for _, t := range tables {
		fmt.Fprintf(&b, "# %s\n", t.Name)
		err := r.Scan(ctx, t, projections.Range{}, func(row projections.Row) (bool, error) {
			for i, c := range t.Columns {
				fmt.Fprintf(&b, "%s=%s ", c.Name, text(row[i]))
			}
			b.WriteString("\n")
			return true, nil
		})
		if err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

func text(v any) string {
	b, ok := v.([]byte)
	switch {
	case !ok:
		return fmt.Sprintf("%v", v)
	case len(b) == 16:
		return uuid.UUID(b).String()
	}
	return hex.EncodeToString(b)
}
