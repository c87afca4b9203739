package query

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/value"
	"github.com/c360hq/c360/services/query/numbers"
)

// usualModel is the model that customers are measured by: it is told of those who bought once, too, whether they have gone.
const usualModel = value.MBGNBD

type valueModelParams struct {
	everybody
	money
	Model string `query:"model" enum:"bg_nbd,mbg_nbd,pareto_nbd" default:"mbg_nbd" doc:"bg_nbd takes everybody who bought once to be alive for certain"`
}

// valueModel fits a model to the customers that are asked for.
func (s *Service) valueModel(ctx context.Context, p *valueModelParams) (*numbers.ModelAnswer, error) {
	y, err := s.measured(ctx, p)
	if err != nil {
		return nil, err
	}
	return numbers.Model(y), nil
}

// measured makes what customers are measured by.
func (s *Service) measured(ctx context.Context, p *valueModelParams) (*numbers.Yardstick, error) {
	return counted(ctx, s, "valueModel", p, &p.everybody, func(ctx context.Context, x *scan) (*numbers.Yardstick, error) {
		return s.yardstick(ctx, x, &p.money, value.Model(p.Model))
	})
}

// yardstick looks twice at the orders of all customers, and makes what they are measured by.
func (s *Service) yardstick(ctx context.Context, x *scan, in *money, model value.Model) (*numbers.Yardstick, error) {
	need := history.OfOrders(x.at)
	x.need = &need
	currency, first, err := s.firstLook(ctx, x, in, numbers.Whole(x.at))
	if err != nil {
		return nil, err
	}
	second, err := fold(ctx, x, func() (*numbers.Second, error) { return first.Second(), nil })
	if err != nil {
		return nil, err
	}
	y, err := numbers.NewYardstick(x.basis(), currency, first, second, model)
	if err != nil {
		return nil, wrongValue(err)
	}
	return y, nil
}

const (
	// fitEvery is how long what customers are measured by is kept at least; what is dear to make, gently, is kept fitTimes as
	// long as it took. If making it failed, it is tried again after fitAgain.
	fitEvery = 10 * time.Minute
	fitTimes = 5
	fitAgain = time.Minute
	// grownEnough: it is made anew if the log grew by one part of so many, or a day ended.
	grownEnough = 100
)

// yardsticks keep what customers of the generation that serves are measured by now, and make it anew in the background.
type yardsticks struct {
	mu         sync.Mutex
	kept       *numbers.Yardstick
	generation string
	next       time.Time     // not made anew before
	making     chan struct{} // closed when it is made; nil if it is not being made
	group      sync.WaitGroup
	cancel     context.CancelFunc
	closed     bool
}

// current returns what is kept, nil if there is none yet; if it is due it is made anew meanwhile.
func (k *yardsticks) current(ctx context.Context, s *Service) *numbers.Yardstick {
	k.mu.Lock()
	defer k.mu.Unlock()
	serving := s.serving()
	if serving != k.generation {
		k.kept, k.next = nil, time.Time{}
	}
	if k.making == nil && !k.closed && !s.now().Before(k.next) {
		k.begin(ctx, s, serving)
	}
	return k.kept
}

// begin begins to make it, for longer than the request that noticed lasts. The caller holds the lock.
func (k *yardsticks) begin(ctx context.Context, s *Service, serving string) {
	ctx, k.cancel = context.WithCancel(context.WithoutCancel(ctx))
	had, cancel, made := k.kept, k.cancel, make(chan struct{})
	k.making, k.generation = made, serving
	k.group.Go(func() {
		defer close(made)
		defer cancel()
		k.make(ctx, s, had)
	})
}

// make makes it anew, if it has to be.
func (k *yardsticks) make(ctx context.Context, s *Service, had *numbers.Yardstick) {
	began := s.now()
	var y *numbers.Yardstick
	err := sheltered(func() (err error) {
		y, err = s.remeasured(ctx, had)
		return err
	})
	ended := s.now()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.making = nil
	if err == nil {
		k.kept, k.next = y, ended.Add(max(fitEvery, fitTimes*ended.Sub(began)))
		return
	}
	k.next = ended.Add(fitAgain)
	if ctx.Err() == nil {
		s.logger.LogAttrs(ctx, slog.LevelWarn, "measuring what customers are worth failed", slog.Any("error", err))
	}
}

// remeasured returns what is kept if the log is much as it was, or makes it anew.
func (s *Service) remeasured(ctx context.Context, had *numbers.Yardstick) (*numbers.Yardstick, error) {
	if had != nil {
		st, err := s.live.Status(ctx)
		if err != nil {
			return nil, fmt.Errorf("ask how far the read models are: %w", err)
		}
		grown := st.Position - had.Basis.Position
		if grown < st.Position/grownEnough && numbers.Whole(had.Basis.At.UnixMicro()) == numbers.Whole(s.now().UnixMicro()) {
			return had, nil
		}
	}
	var y *numbers.Yardstick
	err := s.gently(ctx, "measureCustomers", func(ctx context.Context, x *scan) (err error) {
		y, err = s.yardstick(ctx, x, &money{}, usualModel)
		return err
	})
	return y, err
}

// soon returns what is kept, and waits a little if it is being made for the first time.
func (k *yardsticks) soon(ctx context.Context, s *Service) *numbers.Yardstick {
	if y := k.current(ctx, s); y != nil {
		return y
	}
	k.mu.Lock()
	making := k.making
	k.mu.Unlock()
	if making == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	select {
	case <-making:
	case <-ctx.Done():
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept
}

// close ends what is being made and waits for it.
func (k *yardsticks) close() {
	k.mu.Lock()
	k.closed = true
	if k.cancel != nil {
		k.cancel()
	}
	k.mu.Unlock()
	k.group.Wait()
}
