package query

import (
	"time"

	"github.com/c360hq/c360/events"
)

const (
	// runGap is the longest pause inside a run of like events.
	runGap = 30 * time.Minute
	// maxRun is how many events one row stands for at most; a longer run goes on in the next row.
	maxRun = 200
)

// group folds runs of like events, newest first, into one row each, and returns the rows and how many events they
// took in. It stops before the row after the limit.
func group(rows []TimelineRow, limit int) (grouped []TimelineRow, used int) {
	grouped = make([]TimelineRow, 0, min(limit, len(rows)))
	for i := range rows {
		if n := len(grouped); n > 0 && joins(&grouped[n-1], &rows[i]) {
			join(&grouped[n-1], &rows[i])
			used++
			continue
		}
		if len(grouped) == limit {
			break
		}
		grouped = append(grouped, rows[i])
		used++
	}
	return grouped, used
}

// joins reports whether the older row belongs to the run: the same type and channel, about the same
// order, inquiry or call, without a long pause.
func joins(run, older *TimelineRow) bool {
	oldest := run.Time
	if run.Until != nil {
		oldest = *run.Until
	}
	a, b := &run.Data, &older.Data
	return run.Type == older.Type && run.Channel == older.Channel && run.Count < maxRun &&
		oldest.Sub(older.Time) <= runGap &&
		a.OrderID == b.OrderID && a.InquiryID == b.InquiryID && a.CallID == b.CallID &&
		a.NoteID == b.NoteID && a.Medium == b.Medium
}

func join(run, older *TimelineRow) {
	if run.Group == nil {
		run.Group = []events.Position{run.Position}
	}
	run.Group = append(run.Group, older.Position)
	run.Count++
	t := older.Time
	run.Until = &t
}
