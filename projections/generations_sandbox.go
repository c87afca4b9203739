package projections

import "context"

// play lets a sandbox that has a log follow it, with an engine of its own, until it is dropped or all is stopped.
// What happens in it stays in it: an engine writes to its own store and nowhere else.
func (g *Generations) play(ctx context.Context, h *handle, p *Plan, k kit) error {
	if p.Kind != KindSandbox || p.Log == nil {
		return nil
	}
	o := h.engine.opts
	o.Log, o.Rooms, o.instant = p.Log, k.rooms, Instant{}
	h.engine.Stop()
	h.engine, h.follows = NewEngine(o), true
	h.describe = func(x Generation) error { return g.opts.Factory.Describe(context.WithoutCancel(ctx), x) }
	return h.engine.Start(context.WithoutCancel(ctx))
}
