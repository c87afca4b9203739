package query

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/offers"
	"github.com/c360hq/c360/services/web"
)

// shopkeeper keeps the counts of what everybody buys:
//
//	start, another generation serves ──► everybody is counted (offers_count.go) ──► shop
//	the log went on ──► who was told of since, who was regrouped (offers_turn.go) ──► shop
//	                    they are many: everybody is counted
//
// It only reads, gently and on views of its own, and rests five times as long as that took, and on while the engine is behind, so
// that the engine hardly notices it.
type shopkeeper struct {
	s      *Service
	shop   *offers.Shop
	nudged chan struct{} // somebody waits for a position
	cancel context.CancelFunc
	done   chan struct{}

	mu       sync.Mutex
	counting *running // the count of everybody under way; nil if there is none

	// What the counts are of; of the goroutine only. groups are the customers of several fragments, parked the events
	// that waited to be folded, by fragment: those come in without the position moving on. torn is set by a turn that broke off.
	groups history.Groups
	parked map[uuid.UUID][]events.Position
	torn   bool
}

const (
	// restAtLeast and restAtMost bound the rest between two looks at the log, which is restTimes as long as the look took.
	restAtLeast = time.Second
	restAtMost  = 10 * time.Minute
	restTimes   = 5
	// restOn is how much longer it rests while the engine is further behind than that.
	restOn = 5 * time.Second
)

func newShopkeeper(s *Service) *shopkeeper {
	return &shopkeeper{s: s, shop: offers.NewShop(), nudged: make(chan struct{}, 1)}
}

// start has it work until it is closed.
func (k *shopkeeper) start() {
	ctx, cancel := context.WithCancel(context.Background())
	k.cancel, k.done = cancel, make(chan struct{})
	go func() {
		defer close(k.done)
		k.run(ctx)
	}()
}

// close ends its work and waits for that.
func (k *shopkeeper) close() {
	if k.cancel != nil {
		k.cancel()
		<-k.done
	}
}

func (k *shopkeeper) run(ctx context.Context) {
	failing := false
	for ctx.Err() == nil {
		began := k.s.now()
		err := sheltered(func() error { return k.look(ctx) })
		if err != nil && !failing && ctx.Err() == nil {
			k.s.logger.LogAttrs(ctx, slog.LevelWarn, "what is bought together is not counted, it is tried again", slog.Any("error", err))
		}
		failing = err != nil
		k.rest(ctx, k.s.now().Sub(began))
	}
}

// rest waits as long as the work was dear, and on while the engine is behind. Who waits for a position ends it.
func (k *shopkeeper) rest(ctx context.Context, worked time.Duration) {
	pause := min(max(restAtLeast, restTimes*worked), restAtMost)
	for rested := time.Duration(0); k.pause(ctx, pause); {
		rested += pause
		if rested >= restAtMost || !k.behind(ctx) {
			return
		}
		pause = min(restOn, restAtMost-rested)
	}
}

// pause reports whether nothing ended it before its time.
func (k *shopkeeper) pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-k.nudged:
	case <-t.C:
		return true
	}
	return false
}

// behind reports whether the engine is, which then needs the machine more.
func (k *shopkeeper) behind(ctx context.Context) bool {
	status, err := k.s.live.Status(ctx)
	return err == nil && status.LagSeconds > restOn.Seconds()
}

// look sees what has become of the generation that serves, and counts it.
func (k *shopkeeper) look(ctx context.Context) error {
	at, _ := k.shop.Reached()
	generation := k.s.serving()
	if generation == "" {
		return projections.ErrNoGeneration
	}
	if generation == at.Generation && !k.torn {
		if turned, err := k.turn(ctx, at); turned || err != nil {
			return err
		}
	}
	return k.count(ctx, generation)
}

// reach waits until everything up to a position is counted.
func (k *shopkeeper) reach(ctx context.Context, p events.Position) error {
	bounded, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	for {
		at, moved := k.shop.Reached()
		if p == 0 || at.Generation != "" && at.Position >= p {
			return nil
		}
		select {
		case k.nudged <- struct{}{}:
		default: // it is on its way
		}
		select {
		case <-moved:
		case <-bounded.Done():
			if at.Generation == "" {
				return k.notYet()
			}
			return web.Wrong(http.StatusServiceUnavailable, fmt.Sprintf("position %d is not counted yet; ask again", p)).At("?wait").After(1)
		}
	}
}

// ask lends the counts, or says that there are none yet.
func (k *shopkeeper) ask(read func(*offers.Counts)) error { return k.lend(k.shop.Ask, read) }

func (k *shopkeeper) lend(ask func(func(*offers.Counts)) bool, read func(*offers.Counts)) error {
	if k.s.histories == nil {
		return noHistories()
	}
	if !ask(read) {
		return k.notYet()
	}
	return nil
}

// notYet is the refusal while everybody is counted for the first time.
func (k *shopkeeper) notYet() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	far := "it begins soon"
	if k.counting != nil {
		far = fmt.Sprintf("%.0f %% of the customers are counted", 100*k.counting.share())
	}
	return web.Wrong(http.StatusServiceUnavailable, "what is bought together is being counted for the first time: "+far+"; ask again").After(2)
}
