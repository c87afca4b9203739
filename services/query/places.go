package query

import (
	"context"
	"encoding/binary"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/services/web"
)

const (
	// scansAtOnce is how many scans run at once: they share the machine with the engine.
	scansAtOnce = 2
	// scansWaiting is how many more may wait for their turn.
	scansWaiting = 16
)

// places are the turns of the scans.
type places struct {
	free    chan struct{}
	mu      sync.Mutex
	waiting int
	running []*running
	gentle  []*running // which take no place
}

func newPlaces() places { return places{free: make(chan struct{}, scansAtOnce)} }

// running is a scan that runs, and how far it is.
type running struct {
	call string
	from time.Time

	mu     sync.Mutex
	passes int    // how often it has begun to fold
	ends   [2]int // of its stretches, first bytes of ids
	at     [2]int // where they are, first two bytes of ids
}

// take waits for a place. leave gives it back.
func (p *places) take(ctx context.Context, call string, now time.Time) (r *running, leave func(), err error) {
	if err := p.queue(now); err != nil {
		return nil, nil, err
	}
	select {
	case p.free <- struct{}{}:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting--
	if err != nil {
		return nil, nil, err
	}
	r = &running{call: call, from: now}
	p.running = append(p.running, r)
	return r, func() { p.leave(r) }, nil
}

// beside notes a scan that takes no place: it is gentle, so nobody has to wait for it.
func (p *places) beside(call string, now time.Time) (r *running, leave func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r = &running{call: call, from: now}
	p.gentle = append(p.gentle, r)
	return r, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.gentle = slices.DeleteFunc(p.gentle, func(x *running) bool { return x == r })
	}
}

// queue refuses who would have to wait behind too many.
func (p *places) queue(now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting >= scansWaiting {
		return web.Wrong(http.StatusServiceUnavailable, "too many calls about all customers wait for their turn; try again").After(p.left(now))
	}
	p.waiting++
	return nil
}

func (p *places) leave(r *running) {
	p.mu.Lock()
	p.running = slices.DeleteFunc(p.running, func(x *running) bool { return x == r })
	p.mu.Unlock()
	<-p.free
}

// left guesses in how many seconds the scan that is furthest will be done, 1 to 60.
func (p *places) left(now time.Time) int {
	least := time.Minute
	for _, r := range p.running {
		if share := r.share(); share > 0 {
			took := now.Sub(r.from)
			least = min(least, time.Duration(float64(took)*(1-share)/share))
		}
	}
	return max(1, int(least/time.Second))
}

// begin notes the stretches of a fold: up to half, and from there up to an end.
func (r *running) begin(half, end int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.passes++
	r.ends = [2]int{half, end}
	r.at = [2]int{0, half << 8}
}

// reached notes how far a stretch is.
func (r *running) reached(part int, id uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at[part] = max(r.at[part], int(binary.BigEndian.Uint16(id[:2])))
}

// share is how much of the fold is done.
func (r *running) share() float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ends[1] == 0 {
		return 0
	}
	return float64(r.at[0]+r.at[1]-r.ends[0]<<8) / float64(r.ends[1]<<8)
}

// ScansAnswer says which calls about all customers are being worked on.
type ScansAnswer struct {
	Running []ScanState `json:"running"`
	Waiting int         `json:"waiting" doc:"how many more wait for their turn"`
}

// ScanState is one of them.
type ScanState struct {
	Call      string    `json:"call" doc:"its operation id"`
	StartedAt time.Time `json:"started_at"`
	Pass      int       `json:"pass" doc:"how often it has begun to go through all customers; some calls do twice"`
	Share     float64   `json:"share" doc:"how much of this pass is done, 0 to 1"`
}

// scans answers how far the calls about all customers are.
func (s *Service) scans(context.Context, *none) (*ScansAnswer, error) {
	p := &s.places
	p.mu.Lock()
	defer p.mu.Unlock()
	a := &ScansAnswer{Running: []ScanState{}, Waiting: p.waiting}
	for _, r := range slices.Concat(p.running, p.gentle) {
		share := r.share()
		r.mu.Lock()
		a.Running = append(a.Running, ScanState{Call: r.call, StartedAt: r.from, Pass: r.passes, Share: share})
		r.mu.Unlock()
	}
	return a, nil
}
