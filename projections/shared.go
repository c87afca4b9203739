package projections

import (
	"context"
	"errors"
)

// Shared is a Factory whose stores several processes reach at once. One of them writes: it makes, folds, swaps and
// drops generations. The others read what it wrote, see Generations.Follow.
type Shared interface {
	// Claim makes this process the one that writes. While another is, it answers ErrHeld at once.
	Claim(ctx context.Context) (Claim, error)
	// Follow opens the store of a ready generation that another process writes, for View and Close only. It takes no
	// lock and writes nothing.
	Follow(ctx context.Context, id string, spec Spec) (Store, error)
	// LiveID is the id of the live generation, "" if there is none. It is asked several times a second.
	LiveID(ctx context.Context) (string, error)
}

// Claim is the right to write, until it is released or lost.
type Claim interface {
	// Lost is closed when the claim can no longer be counted on: the connection that held it broke, for example.
	Lost() <-chan struct{}
	// Release gives it up; another process may have it at once.
	Release() error
}

// Yielder is a Store that holds something from commit to commit which keeps other processes from writing it.
type Yielder interface {
	// Yield lets go of that. Views go on, and so may commits: the next takes it again.
	Yield()
}

var (
	// ErrHeld: another process writes the read stores, so this one cannot.
	ErrHeld = errors.New("projections: another process writes the read stores; ask one with the role project that is not standing by")
	// ErrReading: this process only reads what another one folds.
	ErrReading = errors.New("projections: this process only reads the read stores; ask one with the role project")
	// ErrClaimLost: what was being built was interrupted, because this process is no longer the one that writes.
	ErrClaimLost = errors.New("projections: this process is no longer the one that writes the read stores")
)
