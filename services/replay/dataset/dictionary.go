package dataset

import (
	"context"
	"fmt"
	"strings"
)

// word is a row of the data dictionary.
type word struct {
	dataset *Dataset
	Column
}

// Dictionary is the data dictionary: a table about the tables, which every export holds.
func Dictionary() *Dataset {
	return define("dictionary", "One row for every column of every table: this description.", []field[word]{
		as(Column{Name: "table_name", Type: Text, Doc: "The table."},
			func(w *word) Value { return text(w.dataset.Name) }),
		as(Column{Name: "column_name", Type: Text, Doc: "The column."},
			func(w *word) Value { return text(w.Name) }),
		as(Column{Name: "type", Type: Text, Doc: "text, int, real, bool, timestamp (UTC, microseconds), date or json."},
			func(w *word) Value { return text(w.Type.String()) }),
		as(Column{Name: "unit", Type: Text, Nullable: true, Doc: "What a number counts."},
			func(w *word) Value { return maybe(w.Unit) }),
		as(Column{Name: "nullable", Type: Bool, Doc: "True if it may have no value."},
			func(w *word) Value { return flag(w.Nullable) }),
		as(Column{Name: "doc", Type: Text, Doc: "What it means."},
			func(w *word) Value { return text(w.Doc) }),
		as(Column{Name: "table_doc", Type: Text, Doc: "What a row of the table is."},
			func(w *word) Value { return text(w.dataset.Doc) }),
	}, func(_ context.Context, _ *Source, _ Query, emit func([]word) error) error {
		var words []word
		for _, d := range append(All(), Dictionary()) {
			for _, c := range d.Columns {
				words = append(words, word{d, c})
			}
		}
		return emit(words)
	})
}

// Markdown is the data dictionary for people.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# Data dictionary\n\nTimes are UTC, days are those of Asia/Seoul. All tables of one export are true at one position of the log.\n")
	for _, d := range All() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| column | type | unit | null | meaning |\n|---|---|---|---|---|\n", d.Name, d.Doc)
		for _, c := range d.Columns {
			null := ""
			if c.Nullable {
				null = "yes"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", c.Name, c.Type, c.Unit, null, c.Doc)
		}
	}
	return b.String()
}
