package mask

import (
	"context"
	"errors"
	"strings"

	"github.com/c360hq/c360/events"
)

// Log shows a log masked. It is read from its beginning on: a decision about fragments is understood when they were seen
// before it. It is not written to, and closing it does not close the other.
func Log(of events.Log, m *Mask) events.Log { return &log{of, m} }

type log struct {
	events.Log
	mask *Mask
}

// errMasked says what a masked log is not for.
var errMasked = errors.New("a masked log takes nothing in, and nobody knows which fragment one of its streams was")

// Read implements events.Log.
func (l *log) Read(ctx context.Context, after events.Position, limit int) ([]events.Recorded, error) {
	return l.all(l.Log.Read(ctx, after, limit))
}

// At implements events.Log.
func (l *log) At(ctx context.Context, positions ...events.Position) ([]events.Recorded, error) {
	return l.all(l.Log.At(ctx, positions...))
}

func (l *log) all(list []events.Recorded, err error) ([]events.Recorded, error) {
	for i := range list {
		l.mask.Event(&list[i])
	}
	return list, err
}

// ReadStream implements events.Log for the streams of decisions and sources; what a fragment was called is not known.
func (l *log) ReadStream(ctx context.Context, stream string, after events.Position, limit int) ([]events.Recorded, error) {
	if strings.HasPrefix(stream, ofFragment) {
		return nil, errMasked
	}
	return l.all(l.Log.ReadStream(ctx, stream, after, limit))
}

// Append implements events.Log; it refuses.
func (l *log) Append(context.Context, ...events.Entry) ([]events.Result, error) {
	return nil, errMasked
}

// Close implements events.Log; it leaves the other open.
func (l *log) Close() error { return nil }
