package natslog

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/nats-io/nats.go"
)

// Two processes that both append without pause would not share the stream evenly: whoever was first builds the next frame
// while the other has yet to hear of the last one, and so is first again. So the loser asks for a turn, and the winner
// waits with its next frame until it sees a frame that is not its own, or a moment has passed.

// turnWait is the longest that a writer holds back for another one.
const turnWait = 30 * time.Millisecond

// askTurn asks the other writers to hold back.
func (l *Log) askTurn() { l.announce(hintTurn) }

// yield holds back if somebody asked for it.
func (l *Log) yield(ctx context.Context) {
	select {
	case <-l.turn:
	default:
		return
	}
	timer := time.NewTimer(turnWait)
	defer timer.Stop()
	select {
	case <-l.grown:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// The hints that writers give each other.
const (
	hintGrown = 'g' // the stream has grown
	hintTurn  = 't' // somebody's frame came too late and would like to be next
)

// announce tells every process that has the log open. A hint that is lost costs time, nothing else.
func (l *Log) announce(kind byte) {
	b := binary.BigEndian.AppendUint64(append([]byte{kind}, l.writer[:]...), l.tip.seq)
	_ = l.conn.Publish(l.target.tail(), b)
}

// hear takes the hints of other processes.
func (l *Log) hear(msg *nats.Msg) {
	if len(msg.Data) != 17 || string(msg.Data[1:9]) == string(l.writer[:]) {
		return
	}
	switch msg.Data[0] {
	case hintGrown:
		l.hinted.Store(binary.BigEndian.Uint64(msg.Data[9:]))
		nudge(l.hint)
		nudge(l.grown)
	case hintTurn:
		select { // what was heard before the turn was asked for does not end it
		case <-l.grown:
		default:
		}
		nudge(l.turn)
	}
}

// nudge makes a channel of one hold a signal.
func nudge(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
