package query

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/c360hq/c360/services/web"
)

const (
	// keptComparisons is how many comparisons are kept for their pages.
	keptComparisons = 4
	// keptFor is how long a comparison is given to whoever asks for the same two, although they may be further by now.
	keptFor = time.Minute
)

// comparisons runs one comparison at a time, longer than the request that asked for it, and keeps the last few.
type comparisons struct {
	now     func() time.Time
	scratch string

	mu     sync.Mutex
	kept   []*compared // the newest last
	number uint64
	closed bool
}

// pairOfIDs are the generations of a comparison. An id never comes to mean another one.
type pairOfIDs struct{ before, after string }

// compared is a comparison, under way or done.
type compared struct {
	number uint64
	of     pairOfIDs
	cancel context.CancelFunc
	done   chan struct{}

	// set before done is closed
	err    error
	answer DifferenceAnswer // but for the page
	lines  *lines
	ended  time.Time

	mu       sync.Mutex
	progress DifferenceProgress
}

// begin returns the comparison of two generations that is under way or fresh, or begins one.
func (c *comparisons) begin(ctx context.Context, of pairOfIDs, run func(context.Context, *compared) error) (*compared, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.kept) - 1; i >= 0; i-- {
		x := c.kept[i]
		if x.of == of && x.serves(c.now()) {
			return x, nil
		}
		if !x.isDone() {
			return nil, web.Wrong(http.StatusConflict, "two other generations are being compared; wait for it").After(2)
		}
	}
	if c.closed {
		return nil, web.Wrong(http.StatusServiceUnavailable, "c360 is stopping; ask again when it has restarted").After(5)
	}
	file, err := newLines(c.scratch)
	if err != nil {
		return nil, fmt.Errorf("make room for a comparison: %w", err)
	}
	c.number++
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	x := &compared{number: c.number, of: of, cancel: cancel, done: make(chan struct{}), lines: file}
	c.keep(x)
	go func() {
		defer cancel()
		x.err = run(ctx, x)
		x.ended = c.now()
		close(x.done)
	}()
	return x, nil
}

// keep adds a comparison and lets go of the oldest.
func (c *comparisons) keep(x *compared) {
	c.kept = append(c.kept, x)
	if len(c.kept) > keptComparisons {
		c.kept[0].lines.close()
		c.kept = c.kept[1:]
	}
}

// serves reports whether a comparison will do for who asks now.
func (x *compared) serves(now time.Time) bool {
	return !x.isDone() || x.err == nil && now.Sub(x.ended) < keptFor
}

func (x *compared) isDone() bool {
	select {
	case <-x.done:
		return true
	default:
		return false
	}
}

func (c *comparisons) numbered(number uint64) (*compared, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, x := range c.kept {
		if x.number == number {
			return x, nil
		}
	}
	return nil, wrongParam("cursor", "cursor is of a comparison that is no longer kept; leave it out to compare anew")
}

// end ends the comparison under way if a generation is in it, and waits until nobody reads that any more.
func (c *comparisons) end(generation string) {
	c.mu.Lock()
	kept := slices.Clone(c.kept)
	c.mu.Unlock()
	for _, x := range kept {
		if x.of.before == generation || x.of.after == generation {
			x.cancel()
			<-x.done
		}
	}
}

// close ends the comparison under way, waits for its end, and lets go of all.
func (c *comparisons) close() {
	c.mu.Lock()
	c.closed = true
	kept := c.kept
	c.kept = nil
	c.mu.Unlock()
	for _, x := range kept {
		x.cancel()
		<-x.done
		x.lines.close()
	}
}

func (x *compared) tell(p DifferenceProgress) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.progress = p
}

// The states of a comparison.
const (
	stateComparing = "comparing"
	stateCompared  = "done"
)

// empty is an answer in which nothing is null that is a list.
func emptyDifference() DifferenceAnswer {
	return DifferenceAnswer{
		State: stateComparing, Tables: []TableDifference{}, Summary: DifferenceSummary{Fields: []FieldCount{}}, Customers: []CustomerDifference{},
	}
}

// pending says how far the comparison is. Its cursor leads to the comparison when it is done.
func (x *compared) pending() *DifferenceAnswer {
	x.mu.Lock()
	defer x.mu.Unlock()
	a, p := emptyDifference(), x.progress
	a.A.ID, a.B.ID, a.Progress, a.Next = x.of.before, x.of.after, &p, differenceCursor(x.number, 0)
	return &a
}

// page answers with some of the customers of a comparison that is done.
func (x *compared) page(from int64, limit int) (*DifferenceAnswer, error) {
	if x.err != nil {
		return nil, x.problem()
	}
	a := x.answer
	var next int64
	var err error
	if a.Customers, next, err = x.lines.read(from, limit); err != nil {
		return nil, err
	}
	if next > 0 {
		a.Next = differenceCursor(x.number, next)
	}
	return &a, nil
}

func (x *compared) problem() error {
	if errors.Is(x.err, context.Canceled) {
		return web.Wrong(http.StatusServiceUnavailable, "the comparison was ended; ask again").After(5)
	}
	return fmt.Errorf("compare two generations: %w", unreadable(x.err))
}

// A cursor is the number of a comparison and a place in its lines.
const differenceVersion = 3

func differenceCursor(number uint64, from int64) string {
	b := binary.AppendUvarint([]byte{differenceVersion}, number)
	b = binary.AppendUvarint(b, uint64(from)) //nolint:gosec // not negative
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseDifferenceCursor(token string) (number uint64, from int64, err error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) < 3 || b[0] != differenceVersion {
		return 0, 0, badPlace()
	}
	number, n := binary.Uvarint(b[1:])
	if n <= 0 {
		return 0, 0, badPlace()
	}
	place, m := binary.Uvarint(b[1+n:])
	if m != len(b)-1-n || place > 1<<62 {
		return 0, 0, badPlace()
	}
	return number, int64(place), nil
}
