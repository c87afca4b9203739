package query

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"sync"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/segments"
	"github.com/c360hq/c360/services/web"
)

// segmentDesk is what the service remembers about segments between requests.
type segmentDesk struct {
	writing sync.Mutex
	written events.Position // the last definition that this process appended

	mu   sync.Mutex
	key  [sha256.Size]byte
	book *segments.Book // of the definitions of that key

	placing sync.Mutex
	placed  map[definitionKey]events.Position

	sampling chan struct{}
}

// definitionKey names a definition event.
type definitionKey struct{ source, id string }

// samplesAtOnce is how many samples are looked at at once: each takes some tenths of a second.
const samplesAtOnce = 2

func newSegmentDesk() *segmentDesk {
	return &segmentDesk{placed: map[definitionKey]events.Position{}, sampling: make(chan struct{}, samplesAtOnce)}
}

// of reads definitions; the last ones are kept read.
func (d *segmentDesk) of(all []standing.Definition, catalogue *events.Catalogue) (*segments.Book, [sha256.Size]byte) {
	sum := sha256.New()
	for i := range all {
		fmt.Fprintf(sum, "%q %d %q %q %t\n", all[i].Name, all[i].From, all[i].Source, all[i].ID, all[i].Removed)
	}
	key := [sha256.Size]byte(sum.Sum(nil))
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.book == nil || d.key != key {
		d.key, d.book = key, segments.NewBook(all, catalogue)
	}
	return d.book, d.key
}

// noSegments refuses a call about segments where there can be none.
func (s *Service) noSegments() error {
	if !s.keepsSegments() {
		return web.Wrong(http.StatusConflict, "this c360 keeps no segments; start it with all its rooms")
	}
	return nil
}

func (s *Service) keepsSegments() bool { return s.histories != nil && s.segments != nil }

// segmentBook reads what segments a view knows.
func (s *Service) segmentBook(ctx context.Context, v projections.Reader) (*segments.Book, error) {
	all, err := s.segments.Definitions(ctx, v)
	if err != nil {
		return nil, fmt.Errorf("read the definitions of segments: %w", err)
	}
	book, _ := s.desk.of(all, s.catalogue)
	return book, nil
}

// segmentBookThen reads what segments the moment of a scene knows: a view of a few customers' past holds none, so those are
// taken that serve, up to the position that is known.
func (s *Service) segmentBookThen(ctx context.Context, v *scene) (*segments.Book, error) {
	if v.tells == nil {
		return s.segmentBook(ctx, v)
	}
	var all []standing.Definition
	err := s.in(ctx, func(now projections.View) (err error) {
		all, err = s.segments.Definitions(ctx, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the definitions of segments: %w", err)
	}
	if all, err = s.definedBy(ctx, all, v.moment.KnownAt); err != nil {
		return nil, err
	}
	book, _ := s.desk.of(all, s.catalogue)
	return book, nil
}

// definedBy leaves out what was defined after a position of the log; 0 is no bound.
func (s *Service) definedBy(ctx context.Context, all []standing.Definition, known events.Position) ([]standing.Definition, error) {
	if known == 0 {
		return all, nil
	}
	d := s.desk
	d.placing.Lock()
	defer d.placing.Unlock()
	var by []standing.Definition
	for i := range all {
		at, err := s.definedAt(ctx, &all[i])
		if err != nil {
			return nil, err
		}
		if at <= known {
			by = append(by, all[i])
		}
	}
	return by, nil
}

// definedAt returns the position of a definition. The caller holds placing.
func (s *Service) definedAt(ctx context.Context, x *standing.Definition) (events.Position, error) {
	key := definitionKey{x.Source, x.ID}
	if at, ok := s.desk.placed[key]; ok {
		return at, nil
	}
	all, err := s.definitionEvents(ctx, x.Name)
	for i := range all {
		s.desk.placed[definitionKey{all[i].Source, all[i].ID}] = all[i].Position
	}
	return s.desk.placed[key], err
}

// definitionEvents reads the stream of a segment.
func (s *Service) definitionEvents(ctx context.Context, name string) (all []events.Recorded, err error) {
	for after := events.Position(0); ; after = all[len(all)-1].Position {
		page, err := s.log.ReadStream(ctx, segment.Stream+name, after, decisionPage)
		if err != nil {
			return nil, fmt.Errorf("read the definitions of a segment: %w", err)
		}
		if all = append(all, page...); len(page) < decisionPage {
			return all, nil
		}
	}
}

// named returns customers with what they are called.
func (s *Service) named(ctx context.Context, v projections.Reader, ids []uuid.UUID) ([]segments.SegmentCustomer, error) {
	all := make([]segments.SegmentCustomer, len(ids))
	for i, id := range ids {
		fragments, err := s.identities.Fragments(ctx, v, id)
		if err != nil {
			return nil, fmt.Errorf("list the fragments of a customer: %w", err)
		}
		p, err := s.profiles.Load(ctx, v, fragments)
		if err != nil {
			return nil, fmt.Errorf("read the profile of a customer: %w", err)
		}
		all[i] = segments.SegmentCustomer{ID: id, Name: p.Name}
	}
	return all, nil
}
