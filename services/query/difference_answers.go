package query

import (
	"encoding/json"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// DifferenceAnswer says how two generations differ: b against a.
type DifferenceAnswer struct {
	State    string              `json:"state" enum:"comparing,done" doc:"comparing: the answer is 202, ask again with cursor=next after Retry-After seconds"`
	Progress *DifferenceProgress `json:"progress" doc:"how far the comparison is; null when it is done"`
	A        GenerationSide      `json:"a" doc:"before: the generation of with="`
	B        GenerationSide      `json:"b" doc:"after: the generation of the path"`
	Tables   []TableDifference   `json:"tables"`
	Summary  DifferenceSummary   `json:"summary"`
	// CustomersTotal counts what Customers lists, on all pages.
	CustomersTotal int                  `json:"customers_total" doc:"customers with rows that differ, on all pages; a merge or a split is one"`
	Complete       bool                 `json:"complete" doc:"false: so many customers differ that the rest was left out"`
	Customers      []CustomerDifference `json:"customers"`
	Next           string               `json:"next" doc:"cursor of the next page, of the same comparison; empty on the last"`
	Position       events.Position      `json:"position" doc:"the position both are true at; 0 if they are not at the same, see a and b"`
}

// DifferenceProgress is how far a comparison is.
type DifferenceProgress struct {
	Phase string `json:"phase" doc:"catching up, summing, reading, customers"`
	Table string `json:"table" doc:"the table whose rows are read; empty in other phases"`
	Done  uint64 `json:"done" doc:"events folded, rows read or fragments looked at"`
	Of    uint64 `json:"of" doc:"of so many; 0 if that is not known"`
}

// GenerationSide is one side of a comparison.
type GenerationSide struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind"`
	Position  events.Position `json:"position" doc:"the position of the log it is true at"`
	Rules     string          `json:"rules" doc:"hash of the identity rules"`
	Code      string          `json:"code" doc:"the version of c360 that folded it"`
	Customers int             `json:"customers"`
	Fragments int             `json:"fragments"`
}

// TableDifference compares one table.
type TableDifference struct {
	Table     string `json:"table"`
	RowsA     int    `json:"rows_a"`
	RowsB     int    `json:"rows_b"`
	Same      bool   `json:"same" doc:"but for columns that depend on the order in which events arrived"`
	Identical bool   `json:"identical" doc:"in every column"`
	Buckets   int    `json:"buckets" doc:"of 256 buckets of rows, how many have different hashes"`
	Changed   int    `json:"changed" doc:"rows of one key with different values"`
	Gone      int    `json:"gone" doc:"rows that only a has"`
	Come      int    `json:"come" doc:"rows that only b has"`
}

// DifferenceSummary counts customers by how they differ.
type DifferenceSummary struct {
	Changed   int          `json:"changed" doc:"the same fragments, and something else on the page"`
	Merged    int          `json:"merged" doc:"were several, are fewer"`
	Split     int          `json:"split" doc:"are more than they were"`
	Regrouped int          `json:"regrouped" doc:"as many as before, with other fragments"`
	OnlyA     int          `json:"only_a"`
	OnlyB     int          `json:"only_b"`
	Unseen    int          `json:"unseen" doc:"rows differ and nothing on the page does; tables says which rows"`
	Fields    []FieldCount `json:"fields" doc:"the parts of the page that differ, most frequent first"`
}

// FieldCount counts the customers that differ in a part of the page.
type FieldCount struct {
	Field     string `json:"field"`
	Customers int    `json:"customers"`
}

// The ways in which customers differ.
const (
	diffChanged   = "changed"
	diffMerged    = "merged"
	diffSplit     = "split"
	diffRegrouped = "regrouped"
	diffOnlyA     = "only_a"
	diffOnlyB     = "only_b"
	diffUnseen    = "unseen"
)

// CustomerDifference is a customer that is not the same on both sides, or those that were merged or split.
type CustomerDifference struct {
	ID        uuid.UUID     `json:"id" doc:"the first of ids_after, or of ids_before if there is none"`
	Name      string        `json:"name"`
	Kind      string        `json:"kind" enum:"changed,merged,split,regrouped,only_a,only_b,unseen"`
	IDsBefore []uuid.UUID   `json:"ids_before" doc:"the customers they are in a"`
	IDsAfter  []uuid.UUID   `json:"ids_after" doc:"the customers they are in b"`
	Tables    []string      `json:"tables" doc:"the tables whose rows about them differ"`
	Changes   []FieldChange `json:"changes" doc:"the first of ids_after against the first of ids_before"`
	Further   int           `json:"further" doc:"changes that were left out because there are very many"`
}

// FieldChange is one value that differs.
type FieldChange struct {
	Field string `json:"field" doc:"JSON pointer into the answer of GET /v1/customers/{id}; a member of a list has its name in it instead of its place"`
	// Before and After are null where the value is not there.
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// RulesAnswer is the identity rules in force.
type RulesAnswer struct {
	Rules    json.RawMessage `json:"rules"`
	Hash     string          `json:"hash"`
	Position events.Position `json:"position"`
}
