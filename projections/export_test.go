package projections

import "context"

// Parked lists the parked events, all of them.
func (e *Engine) Parked(ctx context.Context) ([]ParkedEvent, error) {
	v, err := e.opts.Store.View(ctx)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	return ReadParked(ctx, v, ParkedPlace{}, 0)
}
