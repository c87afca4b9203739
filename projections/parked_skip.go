package projections

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/c360hq/c360/events"
)

// Skipping is a decision and therefore an event: TypeSkipped, appended to ParkedStream, with a body of
// {"position": …, "reason": …, "actor": …}. The event at that position is left out of every fold from the moment the
// decision is known, whether it could be folded by now or not, so that a rebuild ends where the live generation is.
// A generation that ends before the decision knows nothing of it, and skips nothing. A decision speaks of what the log
// holds: only Instant.Known bounds it, not Instant.Occurred.
const (
	ParkedStream = "parked"
	TypeSkipped  = "parked.skipped"
)

// SkippedTable lists what was left out.
var SkippedTable = &Table{
	Name: "engine_skipped",
	Doc:  "Events that somebody declared skipped: no read model holds anything of them.",
	Columns: []Column{
		{Name: "position", Kind: Int, Doc: "Where the log holds the event.", Order: true},
		{Name: "decision", Kind: Int, Doc: "Where the log holds the decision to skip it.", Order: true},
	},
	KeyLen: 1,
}

// skip is a decision to leave an event out: the position of the event, and that of the decision.
type skip struct{ position, decision events.Position }

func (s skip) row() Row {
	return Row{int64(s.position), int64(s.decision)} //nolint:gosec // positions stay below 2^63
}

// decided reads a decision. What is in another stream, or names no event before it, decides nothing.
func decided(r *events.Recorded) (skip, bool) {
	if r.Type != TypeSkipped || r.Stream != ParkedStream {
		return skip{}, false
	}
	var body struct {
		Position events.Position `json:"position"`
	}
	if err := json.Unmarshal(r.Data, &body); err != nil {
		return skip{}, false
	}
	return skip{body.Position, r.Position}, body.Position > 0 && body.Position < r.Position
}

const decisionPage = 1000

// Skipped returns which events were declared skipped by the decisions up to a position, 0 for all that the log holds, each
// with the position of the first decision about it. Who folds events without an [Engine] leaves these out.
func Skipped(ctx context.Context, log events.Log, until events.Position) (map[events.Position]events.Position, error) {
	all := map[events.Position]events.Position{}
	for after := events.Position(0); ; {
		page, err := log.ReadStream(ctx, ParkedStream, after, decisionPage)
		if err != nil {
			return nil, fmt.Errorf("read which events were declared skipped: %w", err)
		}
		for i := range page {
			after = page[i].Position
			if until > 0 && after > until {
				return all, nil
			}
			s, ok := decided(&page[i])
			if _, known := all[s.position]; ok && !known {
				all[s.position] = s.decision
			}
		}
		if len(page) < decisionPage {
			return all, nil
		}
	}
}
