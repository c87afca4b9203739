package natslog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// message is one message of the stream.
type message struct {
	seq  uint64
	data []byte
}

const (
	fetchMessages = 4096    // the most that are asked for at once
	fetchBytes    = 4 << 20 // about how much that may be
)

// errMissing: the stream does not hold a message that it should.
var errMissing = errors.New("the message is missing")

// each calls f with the messages from from to last, in order. While f works on some, the next are on their way.
func (l *Log) each(ctx context.Context, from, last uint64, f func(message) error) error {
	ctx, cancel := context.WithCancel(ctx)
	fetched := make(chan []message)
	var failed error // set before fetched is closed
	var done sync.WaitGroup
	defer done.Wait()
	defer cancel()
	done.Go(func() {
		defer close(fetched)
		for from <= last && failed == nil {
			var run []message
			if run, failed = l.fetch(ctx, from, last); failed == nil {
				from += uint64(len(run))
				select {
				case fetched <- run:
				case <-ctx.Done():
					failed = ctx.Err()
				}
			}
		}
	})
	for run := range fetched {
		for _, m := range run {
			if err := f(m); err != nil {
				return err
			}
		}
	}
	return failed
}

// fetch returns the messages from from on, in order: at least one, at most up to last. They come from any
// replica; if that one has not come so far, the leader is asked.
func (l *Log) fetch(ctx context.Context, from, last uint64) ([]message, error) {
	out, err := l.fetchRun(ctx, from, min(last-from+1, fetchMessages))
	if len(out) > 0 || ctx.Err() != nil {
		return out, ctx.Err()
	}
	m, lerr := l.fetchLeader(ctx, from)
	if lerr == nil {
		return []message{m}, nil
	}
	if !errors.Is(lerr, errMissing) {
		lerr = errors.Join(lerr, err)
	}
	return nil, lerr
}

// fetchRun asks for a run of messages with one request. What came before an error is returned with it.
func (l *Log) fetchRun(ctx context.Context, from, n uint64) (out []message, err error) {
	inbox := l.reading.NewInbox()
	sub, err := l.reading.SubscribeSync(inbox)
	if err != nil {
		return nil, err
	}
	defer func() { _ = sub.Unsubscribe() }()
	request, err := json.Marshal(map[string]uint64{"seq": from, "batch": n, "max_bytes": fetchBytes})
	if err == nil {
		err = l.reading.PublishRequest(jetstream.DefaultAPIPrefix+"DIRECT.GET."+l.target.stream, inbox, request)
	}
	for err == nil {
		var m message
		var more bool
		if m, more, err = l.receive(ctx, sub); err != nil || !more {
			break
		}
		if m.seq != from+uint64(len(out)) {
			return out, fmt.Errorf("%w: %d, there is %d", errMissing, from+uint64(len(out)), m.seq)
		}
		if out = append(out, m); uint64(len(out)) == n {
			break
		}
	}
	return out, err
}

// receive returns the next message of a run, and false at its end.
func (l *Log) receive(ctx context.Context, sub *nats.Subscription) (message, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	m, err := sub.NextMsgWithContext(ctx)
	if err != nil {
		return message{}, false, err
	}
	switch status := m.Header.Get("Status"); status {
	case "":
		seq, err := strconv.ParseUint(m.Header.Get(jetstream.SequenceHeader), 10, 64)
		return message{seq: seq, data: m.Data}, true, err
	case "204", "404": // that was all
		return message{}, false, nil
	case "503":
		return message{}, false, nats.ErrNoResponders
	default:
		return message{}, false, fmt.Errorf("the server answers %s %s", status, m.Header.Get("Description"))
	}
}

// fetchLeader asks the leader, who has whatever was acknowledged.
func (l *Log) fetchLeader(ctx context.Context, seq uint64) (message, error) {
	asking, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	request := []byte(`{"seq":` + strconv.FormatUint(seq, 10) + `}`)
	m, err := l.reading.RequestWithContext(asking, jetstream.DefaultAPIPrefix+"STREAM.MSG.GET."+l.target.stream, request)
	if ctx.Err() != nil {
		return message{}, ctx.Err()
	}
	if err != nil {
		return message{}, err
	}
	var answer struct {
		Error   *jetstream.APIError `json:"error"`
		Message struct {
			Seq  uint64 `json:"seq"`
			Data []byte `json:"data"`
		} `json:"message"`
	}
	err = json.Unmarshal(m.Data, &answer)
	switch {
	case err != nil:
		return message{}, err
	case answer.Error != nil && answer.Error.ErrorCode == jetstream.JSErrCodeMessageNotFound:
		return message{}, fmt.Errorf("%w: %d", errMissing, seq)
	case answer.Error != nil:
		return message{}, answer.Error
	}
	return message{seq: answer.Message.Seq, data: answer.Message.Data}, nil
}
