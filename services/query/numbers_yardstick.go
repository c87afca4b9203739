package query

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
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
		at := numbers.Whole(x.at)
		currency, first, err := s.firstLook(ctx, x, &p.money, at)
		if err != nil {
			return nil, err
		}
		second, err := fold(ctx, x, func() (*numbers.Second, error) { return first.Second(), nil })
		if err != nil {
			return nil, err
		}
		y, err := numbers.NewYardstick(x.basis(), currency, first, second, value.Model(p.Model))
		if err != nil {
			return nil, wrongValue(err)
		}
		return y, nil
	})
}

const (
	// fitEvery is how long what customers are measured by is kept at least; what is dear to make is kept fitTimes as long as
	// it took. If making it failed, it is tried again after fitAgain.
	fitEvery = 10 * time.Minute
	fitTimes = 20
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
	return s.measured(ctx, &valueModelParams{Model: string(usualModel)})
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

type customerValueParams struct {
	moment
	ID       uuid.UUID `path:"id" doc:"id of the customer, or of any fragment of theirs"`
	Years    int       `query:"years" min:"1" max:"20" default:"3" doc:"how far the customer's lifetime value looks"`
	Discount int       `query:"discount" min:"0" max:"100" default:"10" doc:"by how many percent a year what is to come is discounted"`
}

// WorthAnswer is what one customer is worth.
type WorthAnswer struct {
	numbers.WorthAnswer
	Moment
}

// customerValue answers what one customer is worth.
func (s *Service) customerValue(ctx context.Context, p *customerValueParams) (*WorthAnswer, error) {
	if s.histories == nil {
		return nil, noHistories()
	}
	var a *WorthAnswer
	err := s.look(ctx, &p.moment, one(p.ID), func(v *scene) error {
		id, fragments, err := s.whoIs(ctx, v, p.ID)
		if err != nil {
			return err
		}
		h, err := s.histories.Load(ctx, v, fragments)
		if err != nil {
			return fmt.Errorf("read the history of a customer: %w", err)
		}
		a = &WorthAnswer{Moment: v.moment}
		a.Customer, a.Position, a.At = id, v.Checkpoint().Position, v.today.UTC()
		return s.measure(ctx, v, h, p, a)
	})
	return a, err
}

// measure fills in what is found by measuring.
func (s *Service) measure(ctx context.Context, v *scene, h *history.History, p *customerValueParams, a *WorthAnswer) error {
	y, err := s.yardstickOf(ctx, v)
	if err != nil {
		return err
	}
	if y == nil {
		a.Why = &events.Text{
			Ko: "전체 고객을 기준으로 측정하는 중입니다. 잠시 후 다시 물어 주십시오.",
			En: "what customers are measured by is being made; ask again in a moment",
		}
		a.Forecasts = []numbers.Ahead{}
		return nil
	}
	w, err := y.Measure(h, v.today.UnixMicro(), s.tiers, numbers.Terms{Years: p.Years, Discount: float64(p.Discount) / 100})
	if err != nil {
		return fmt.Errorf("measure a customer: %w", err)
	}
	a.Worth, a.Enough, a.Why = *w, y.Why == nil, y.Why
	return nil
}

// yardstickOf returns what customers of a scene are measured by: what is kept for now, or what was so at the instant.
func (s *Service) yardstickOf(ctx context.Context, v *scene) (*numbers.Yardstick, error) {
	if v.moment == (Moment{}) {
		return s.yardsticks.soon(ctx, s), nil
	}
	p := &valueModelParams{Model: string(usualModel)}
	if p.Of = v.moment.Generation; p.Of == "" {
		p.AsOf = time.UnixMicro(numbers.Whole(v.today.UnixMicro())).In(history.Zone).Format(time.DateOnly)
	}
	return s.measured(ctx, p)
}

// glance returns what the page of a customer shows of their worth; nil if that is not known yet, or at another instant
// than now, where GET /v1/customers/{id}/value tells.
func (s *Service) glance(ctx context.Context, v *scene, fragments []uuid.UUID) (*numbers.Glance, error) {
	if s.histories == nil || s.segments == nil || v.moment != (Moment{}) {
		return nil, nil //nolint:nilnil // null is the answer
	}
	y := s.yardsticks.current(ctx, s)
	if y == nil {
		return nil, nil //nolint:nilnil // as above
	}
	h, err := s.histories.Load(ctx, v, fragments)
	if err != nil {
		return nil, fmt.Errorf("read the history of a customer: %w", err)
	}
	w, err := y.Measure(h, v.today.UnixMicro(), s.tiers, numbers.DefaultTerms)
	if err != nil {
		return nil, fmt.Errorf("measure a customer: %w", err)
	}
	return y.Glance(w), nil
}
