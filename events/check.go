package events

import (
	"errors"
	"fmt"
)

// MaxAppend is the most entries one Append takes. It bounds what a driver has to hold, and to compare with itself, at once.
const MaxAppend = 10_000

// CheckAppend returns why a number of entries cannot be appended in one call, or nil. Every driver refuses the same.
func CheckAppend(entries []Entry) error {
	if len(entries) <= MaxAppend {
		return nil
	}
	return &EntryError{Index: MaxAppend, Err: fmt.Errorf("%d entries in one Append, the most is %d: append them in parts", len(entries), MaxAppend)}
}

// CheckEntry returns why an entry can never be stored, or nil. Every driver refuses the same entries.
func CheckEntry(e *Entry) error {
	switch {
	case e.Stream == "":
		return errors.New("the stream has no name")
	case e.Event.ID == "":
		return errors.New("the event has no id")
	case e.Event.Source == "":
		return errors.New("the event has no source")
	case e.Event.Type == "":
		return errors.New("the event has no type")
	}
	return nil
}

// CheckRecordSize returns why a record is too large to be stored, or nil.
func CheckRecordSize(record []byte) error {
	if len(record) <= MaxRecord {
		return nil
	}
	return fmt.Errorf("the event takes %d bytes, the most is %d: keep bodies elsewhere and send a reference", len(record), MaxRecord)
}
