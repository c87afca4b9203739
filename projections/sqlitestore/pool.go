package sqlitestore

import (
	"context"
	"errors"
	"sync"

	"github.com/c360hq/c360/projections"
)

// pool hands out reader connections, at most size at once, and opens them as they are needed.
type pool struct {
	open   func() (*conn, error)
	places chan struct{} // one for each connection that may be out
	mu     sync.Mutex
	idle   []*conn
	closed chan struct{}
	once   sync.Once
}

func newPool(size int, open func() (*conn, error)) *pool {
	return &pool{open: open, places: make(chan struct{}, size), closed: make(chan struct{})}
}

func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case <-p.closed:
		return nil, projections.ErrClosed
	default:
	}
	select {
	case p.places <- struct{}{}:
	case <-p.closed:
		return nil, projections.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := p.idleOrNew()
	if err != nil {
		<-p.places
	}
	return c, err
}

func (p *pool) idleOrNew() (*conn, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	p.mu.Unlock()
	return p.open()
}

func (p *pool) give(c *conn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	<-p.places
}

// close refuses new views, waits for those that are out, and closes the connections.
func (p *pool) close() error {
	p.once.Do(func() { close(p.closed) })
	for range cap(p.places) {
		p.places <- struct{}{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, c := range p.idle {
		errs = append(errs, c.close())
	}
	p.idle = nil
	return errors.Join(errs...)
}
