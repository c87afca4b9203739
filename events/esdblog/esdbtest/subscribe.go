package esdbtest

import (
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
)

func (r *reader) confirm() error {
	return r.call.Send(&api.ReadResp{Content: &api.ReadResp_Confirmation{
		Confirmation: &api.ReadResp_SubscriptionConfirmation{SubscriptionId: uuid.NewString()},
	}})
}

func (r *reader) caughtUp() error {
	return r.call.Send(&api.ReadResp{Content: &api.ReadResp_CaughtUp_{CaughtUp: &api.ReadResp_CaughtUp{}}})
}

func (r *reader) checkpoint(position uint64) error {
	return r.call.Send(&api.ReadResp{Content: &api.ReadResp_Checkpoint_{Checkpoint: &api.ReadResp_Checkpoint{
		CommitPosition: position, PreparePosition: position,
	}}})
}

// wait returns when there may be more, or the error that ends the subscription.
func (r *reader) wait(grown <-chan struct{}) error {
	select {
	case <-grown:
		return nil
	case <-r.forget:
		<-r.call.Context().Done()
		return r.call.Context().Err()
	case <-r.closing:
		return fail(codes.Unavailable, "Server Is Shutting Down")
	case <-r.call.Context().Done():
		return r.call.Context().Err()
	}
}

// after returns the index of the first event that a subscription to $all wants to hear of.
func (r *reader) after() int {
	at := r.start(false)
	position, ok := r.o.GetAll().GetAllOption().(*api.ReadReq_Options_AllOptions_Position)
	if !ok {
		return at
	}
	if page, _ := r.db.page(at, 1); len(page) == 1 && page[0].position == position.Position.GetCommitPosition() {
		return at + 1
	}
	return at
}

// every returns after how many looked-at events a checkpoint is due, 0 for never.
func (r *reader) every() int {
	f := r.o.GetFilter()
	if f == nil {
		return 0
	}
	window := max(int(f.GetMax()), 1)
	if _, counted := f.GetWindow().(*api.ReadReq_Options_FilterOptions_Count); counted {
		window = pageSize
	}
	return window * max(int(f.GetCheckpointIntervalMultiplier()), 1)
}

func (r *reader) subscribeAll() error {
	if err := r.confirm(); err != nil {
		return err
	}
	every, looked, live := r.every(), 0, false
	for at := r.after(); ; {
		page, grown := r.db.page(at, pageSize)
		for _, e := range page {
			if r.keep(e) {
				if err := r.send(e); err != nil {
					return err
				}
			}
			if looked++; every > 0 && looked%every == 0 {
				if err := r.checkpoint(e.position); err != nil {
					return err
				}
			}
		}
		if at += len(page); len(page) > 0 {
			continue
		}
		if !live {
			live = true
			if err := r.reached(at, every > 0); err != nil {
				return err
			}
		}
		if err := r.wait(grown); err != nil {
			return err
		}
	}
}

// reached tells a subscription to $all that it has caught up, and how far.
func (r *reader) reached(at int, filtered bool) error {
	if page, _ := r.db.page(at-1, 1); filtered && at > 0 && len(page) == 1 {
		if err := r.checkpoint(page[0].position); err != nil {
			return err
		}
	}
	return r.caughtUp()
}

func (r *reader) subscribeStream() error {
	if err := r.confirm(); err != nil {
		return err
	}
	at, live := uint64(0), false
	switch o := r.o.GetStream().GetRevisionOption().(type) {
	case *api.ReadReq_Options_StreamOptions_Revision:
		at = o.Revision + 1
	case *api.ReadReq_Options_StreamOptions_End:
		r.db.mu.Lock()
		at = uint64(r.db.last(r.name()) + 1) //nolint:gosec // -1 at least
		r.db.mu.Unlock()
	}
	for {
		page, _, gone, grown := r.db.of(r.name(), at, pageSize)
		if gone {
			return streamDeleted(r.name())
		}
		for _, e := range page {
			if err := r.send(e); err != nil {
				return err
			}
			at = e.revision + 1
		}
		if len(page) > 0 {
			continue
		}
		if !live {
			live = true
			if err := r.caughtUp(); err != nil {
				return err
			}
		}
		if err := r.wait(grown); err != nil {
			return err
		}
	}
}
