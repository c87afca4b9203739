package esdbtest

import (
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// database is the transaction log that the nodes of a cluster share. It outlives them.
type database struct {
	now func() time.Time

	mu       sync.Mutex
	all      []*stored
	streams  map[string]*stream
	recent   map[uuid.UUID]*stored // the ids that "any" remembers
	order    []uuid.UUID           // of recent, oldest first
	remember int
	end      uint64        // the byte after the last event
	grown    chan struct{} // closed when there is more
	stats    int           // events between two $stats events, 0 for none
}

// stored is one event as the log holds it.
type stored struct {
	id       uuid.UUID
	stream   string
	revision uint64
	position uint64
	kind     string
	content  string // content type
	created  time.Time
	data     []byte
	meta     []byte
}

type stream struct {
	events    []*stored
	first     uint64 // events before it are deleted
	gone      bool   // a tombstone is for ever
	forgotten bool   // the last thing that happened was a soft delete
}

func newDatabase(now func() time.Time, remember, stats int) *database {
	return &database{
		now: now, streams: map[string]*stream{}, recent: map[uuid.UUID]*stored{}, remember: remember, stats: stats,
		grown: make(chan struct{}), end: 1 << 10,
	}
}

// last returns the revision of the last event of a stream, -1 if there is none. It is called with mu held.
func (d *database) last(name string) int64 {
	s := d.streams[name]
	if s == nil {
		return -1
	}
	return int64(len(s.events)) - 1
}

// store appends events that were judged. It is called with mu held.
func (d *database) store(name string, proposed []*stored) {
	s := d.streams[name]
	if s == nil {
		s = &stream{}
		d.streams[name] = s
	}
	s.forgotten = false
	for _, e := range proposed {
		e.stream, e.revision, e.created = name, uint64(len(s.events)), d.now()
		d.place(e)
		s.events = append(s.events, e)
		d.know(e)
	}
	if d.stats > 0 && len(d.all)%d.stats == 0 {
		d.place(&stored{id: uuid.New(), stream: "$stats-127.0.0.1", kind: "$statsCollected", content: jsonContent, created: d.now(), data: []byte("{}")})
	}
	close(d.grown)
	d.grown = make(chan struct{})
}

// place puts an event at the end of the log. Where it lies depends on how large it is, as in a real one.
func (d *database) place(e *stored) {
	e.position = d.end
	d.end += uint64(len(e.data)+len(e.meta)+len(e.stream)+2*len(e.kind)) + 93
	d.all = append(d.all, e)
}

func (d *database) know(e *stored) {
	if _, ok := d.recent[e.id]; !ok {
		d.order = append(d.order, e.id)
	}
	d.recent[e.id] = e
	for len(d.order) > d.remember {
		delete(d.recent, d.order[0])
		d.order = d.order[1:]
	}
}

// at returns the index of the first event at or after a position. It is called with mu held.
func (d *database) at(position uint64) int {
	low, high := 0, len(d.all)
	for low < high {
		if mid := (low + high) / 2; d.all[mid].position < position {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// page returns up to n events of the log from index on, and a channel that is closed when there are more.
func (d *database) page(index, n int) ([]*stored, <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	index = min(index, len(d.all))
	return d.all[index:min(index+n, len(d.all))], d.grown
}

// of returns the events of a stream from a revision on, and whether it exists or was deleted for ever.
func (d *database) of(name string, from, n uint64) (page []*stored, found, gone bool, grown <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.streams[name]
	if s == nil || s.forgotten {
		return nil, false, false, d.grown
	}
	from = min(max(from, s.first), uint64(len(s.events)))
	return s.events[from:min(from+n, uint64(len(s.events)))], true, s.gone, d.grown
}

func hasPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
