package pebblelog

import (
	"errors"
	"fmt"
)

// settle waits for each group to reach the disk, in order, and then tells: first the mark, then the readers, then the
// appenders. So nobody ever hears of an event that the mark does not cover.
func (l *Log) settle() {
	defer l.done.Done()
	for g := range l.groups {
		err := l.land(g)
		if err != nil {
			err = l.site.fail(err)
		}
		for _, req := range g.requests {
			req.outcome <- err
		}
	}
}

func (l *Log) land(g *group) error {
	if g.batch == nil {
		return l.life.Err()
	}
	if err := l.life.Err(); err != nil {
		return err // Pebble may be stuck, and its batch with it
	}
	if err := g.batch.SyncWait(); err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	if err := errors.Join(l.life.Err(), g.batch.Close()); err != nil { // see latchfs.FS: a nil from Pebble is not enough
		return err
	}
	if err := errors.Join(l.mark.write(g.mark), l.life.Err()); err != nil {
		return err
	}
	l.dirty.Store(true)
	l.committed.Store(&g.mark.head)
	l.bell.Ring()
	return nil
}
