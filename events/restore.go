package events

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Restorer is a log that can be filled with what another log holds, event for event: how a log moves from one engine
// to another. Every driver of [Log] is one too.
type Restorer interface {
	// Restore appends events exactly as another log recorded them: same positions, streams, recorded times and
	// hashes. The first must be at head+1, the others follow without a gap, and each hash must come out the same
	// here. All of them are judged before any is stored. It takes at most MaxAppend events, and a nil error means
	// what it means for Append: they survive kill -9 and power loss, and Append goes on behind them. After any other
	// error than *RestoreError a beginning of them may be stored: ask for Head and go on after it.
	// Errors: *RestoreError, ErrFull, ErrFailed, ErrClosed, ctx.Err().
	Restore(ctx context.Context, recorded ...Recorded) error
}

// RestoreError says at which event a Restore was refused, and why. Nothing of that call was stored.
type RestoreError struct {
	// Position of the event that does not fit.
	Position Position
	// What does not fit, and Remedy: what to do next.
	What, Remedy string
}

func (e *RestoreError) Error() string {
	return fmt.Sprintf("log: restore at position %d: %s; %s", e.Position, e.What, e.Remedy)
}

const (
	remedyHead   = "ask the log for its head and go on with the event after it"
	remedySource = "run c360 verify on the log the events come from"
	remedyEmpty  = "the two logs hold different histories: restore into an empty log"
)

// RestoreRecords checks all that can be checked of a Restore without looking at the log, and returns the records to
// store, stamped with position and recorded time. What it cannot see is left to CheckRestore, and the driver looks
// for each (source, id) in the log. Errors: *RestoreError.
func RestoreRecords(recorded []Recorded) ([][]byte, error) {
	if n := len(recorded); n > MaxAppend {
		what := fmt.Sprintf("%d events in one Restore, the most is %d", n, MaxAppend)
		return nil, &RestoreError{Position: recorded[MaxAppend].Position, What: what, Remedy: "restore them in parts"}
	}
	seen := make(map[[2]string]Position, len(recorded))
	records := make([][]byte, len(recorded))
	for i := range recorded {
		r := &recorded[i]
		records[i] = AppendRecord(nil, r)
		if err := errors.Join(CheckEntry(&Entry{Stream: r.Stream, Event: r.Event}), CheckRecordSize(records[i])); err != nil {
			return nil, &RestoreError{Position: r.Position, What: err.Error(), Remedy: remedySource}
		}
		if p, twice := seen[[2]string{r.Source, r.ID}]; twice {
			return nil, RestoreTwice(r.Position, p)
		}
		seen[[2]string{r.Source, r.ID}] = r.Position
		if i == 0 {
			continue
		}
		last := &recorded[i-1]
		if err := CheckRestore(Head{Position: last.Position, Hash: last.Hash}, last.RecordedAt, r, records[i]); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// CheckRestore reports, as a *RestoreError, why r (whose stamped record is given) cannot be the next event of a log
// that ends in head, recorded at last; nil if it can.
func CheckRestore(head Head, last time.Time, r *Recorded, record []byte) error {
	next := head.Hash.Next(record)
	var what, remedy string
	switch {
	case r.Position != head.Position+1:
		what, remedy = fmt.Sprintf("the event before it is at position %d", head.Position), remedyHead
	case r.Hash != next:
		what = fmt.Sprintf("its hash is %s, but comes out as %s here", hex.EncodeToString(r.Hash[:]), hex.EncodeToString(next[:]))
		remedy = remedyEmpty
	case nanos(r.RecordedAt) < nanos(last):
		what, remedy = "it was recorded at "+r.RecordedAt.UTC().Format(time.RFC3339Nano)+", before the event ahead of it", remedySource
	default:
		return nil
	}
	return &RestoreError{Position: r.Position, What: what, Remedy: remedy}
}

// RestoreTwice is the error of a driver that is to restore an event at p whose (source, id) the log holds at an earlier position.
func RestoreTwice(p, earlier Position) error {
	return &RestoreError{Position: p, What: fmt.Sprintf("its source and id are those of the event at position %d", earlier), Remedy: remedyEmpty}
}
