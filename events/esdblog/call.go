package esdblog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// noStream is what the revision of a stream is that has no event yet.
const noStream = int64(-1)

// versionError is the answer to an append whose expectation does not hold: current is where the stream is.
type versionError struct{ current int64 }

func (e *versionError) Error() string {
	return fmt.Sprintf("esdblog: the stream is at revision %d", e.current)
}

// appendOnce appends bodies behind a revision, in one atomic call. An error that is transient says nothing about whether
// they are stored; the same call again will.
func (l *link) appendOnce(ctx context.Context, stream string, expected int64, bodies []body) error {
	n, err := l.get(ctx)
	if err != nil {
		return err
	}
	call, cancel := context.WithTimeout(l.context(ctx), l.timeout)
	defer cancel()
	var answer *api.AppendResp
	up, err := n.streams.Append(call)
	if err == nil {
		answer, err = sendAll(up, l.prefix+stream, expected, bodies)
	}
	if err != nil {
		return l.lost(ctx, n, err, trailerOf(up))
	}
	if wrong := answer.GetWrongExpectedVersion(); wrong != nil {
		return wrongAnswer(wrong)
	}
	if got, want := answer.GetSuccess().GetCurrentRevision(), expected+int64(len(bodies)); got != uint64(want) { //nolint:gosec // not negative
		return fmt.Errorf("esdblog: the server stored %d events of stream %s up to revision %d, not %d", len(bodies), l.prefix+stream, got, want)
	}
	return nil
}

func trailerOf(up api.Streams_AppendClient) metadata.MD {
	if up == nil {
		return nil
	}
	return up.Trailer()
}

// sendAll sends one append and takes the answer. A server that ends the call early is asked for its reason.
func sendAll(up api.Streams_AppendClient, stream string, expected int64, bodies []body) (*api.AppendResp, error) {
	err := up.Send(appendHead(stream, expected))
	for i := 0; err == nil && i < len(bodies); i++ {
		err = up.Send(bodies[i].message())
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return up.CloseAndRecv()
}

func appendHead(stream string, expected int64) *api.AppendReq {
	o := &api.AppendReq_Options{
		StreamIdentifier:       &shared.StreamIdentifier{StreamName: []byte(stream)},
		ExpectedStreamRevision: &api.AppendReq_Options_NoStream{NoStream: &shared.Empty{}},
	}
	if expected >= 0 {
		o.ExpectedStreamRevision = &api.AppendReq_Options_Revision{Revision: uint64(expected)}
	}
	return &api.AppendReq{Content: &api.AppendReq_Options_{Options: o}}
}

func wrongAnswer(wrong *api.AppendResp_WrongExpectedVersion) error {
	if wrong.GetCurrentNoStream() != nil {
		return &versionError{current: noStream}
	}
	return &versionError{current: int64(wrong.GetCurrentRevision())} //nolint:gosec // revisions are signed in the server
}

// lost gives an error of a call its meaning, and lets the link learn from it unless it was the caller who gave up.
func (l *link) lost(ctx context.Context, n *node, err error, trailer metadata.MD) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	l.failed(n, err, trailer)
	if slices.Contains(trailer.Get("exception"), "not-leader") {
		return status.Error(codes.Unavailable, "another node leads now")
	}
	return err
}

// transient reports whether an error says nothing about what was asked: the same call may go through later.
func transient(err error) bool {
	var wrong *versionError
	if err == nil || errors.As(err, &wrong) || errors.Is(err, errTooOld) || errors.Is(err, context.Canceled) {
		return false
	}
	switch status.Code(err) {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Aborted, codes.Internal, codes.ResourceExhausted:
		return !untrusted(err)
	case codes.Unknown: // the server says so of what it cannot explain, such as a leader that is being elected
		_, ok := status.FromError(err)
		return ok
	default:
		return false
	}
}

const (
	firstPause = 20 * time.Millisecond
	longPause  = time.Second
)

// retry makes a call until it goes through, fails for good or ctx ends.
func retry(ctx context.Context, call func() error) error {
	for pause := firstPause; ; pause = min(2*pause, longPause) {
		err := call()
		if !transient(err) {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// onward is a call of each message of a read; it returns io.EOF when it has had enough.
type onward func(m *api.ReadResp) error

// read makes a read or subscription and hands over each message. A read has an end; a subscription ends with ctx.
func (l *link) read(ctx context.Context, o *api.ReadReq_Options, take onward) error {
	n, err := l.get(ctx)
	if err != nil {
		return err
	}
	call, cancel := context.WithCancel(l.context(ctx))
	defer cancel()
	silent := time.AfterFunc(l.timeout, cancel) // a read may be long, but not silent for long
	defer silent.Stop()
	down, err := n.streams.Read(call, &api.ReadReq{Options: o})
	if err != nil {
		return l.lost(ctx, n, err, nil)
	}
	for {
		m, err := down.Recv()
		if silent.Stop(); errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return l.lost(ctx, n, err, down.Trailer())
		}
		if err := take(m); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if o.GetSubscription() == nil { // a subscription is silent as long as nothing happens
			silent.Reset(l.timeout)
		}
	}
}

func options() *api.ReadReq_Options {
	return &api.ReadReq_Options{
		FilterOption: &api.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}},
		UuidOption:   &api.ReadReq_Options_UUIDOption{Content: &api.ReadReq_Options_UUIDOption_String_{String_: &shared.Empty{}}},
	}
}

// streamFrom is a read of n events of a stream from a revision on.
func (l *link) streamFrom(stream string, revision, n uint64) *api.ReadReq_Options {
	o := options()
	o.StreamOption = &api.ReadReq_Options_Stream{Stream: &api.ReadReq_Options_StreamOptions{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(l.prefix + stream)},
		RevisionOption:   &api.ReadReq_Options_StreamOptions_Revision{Revision: revision},
	}}
	o.CountOption = &api.ReadReq_Options_Count{Count: n}
	return o
}

// streamEnd is a read of the last event of a stream.
func (l *link) streamEnd(stream string) *api.ReadReq_Options {
	o := l.streamFrom(stream, 0, 1)
	o.ReadDirection = api.ReadReq_Options_Backwards
	o.GetStream().RevisionOption = &api.ReadReq_Options_StreamOptions_End{End: &shared.Empty{}}
	return o
}

// allFrom is a read of n events of the whole log from a position on; allStart one from its beginning.
func (l *link) allFrom(commit, prepare, n uint64) *api.ReadReq_Options {
	o := options()
	o.StreamOption = &api.ReadReq_Options_All{All: &api.ReadReq_Options_AllOptions{
		AllOption: &api.ReadReq_Options_AllOptions_Position{Position: &api.ReadReq_Options_Position{CommitPosition: commit, PreparePosition: prepare}},
	}}
	o.CountOption = &api.ReadReq_Options_Count{Count: n}
	return o
}

const (
	searchWindow = 512 // events a subscription looks at before it may tell how far it is
	checkpoints  = 8   // … times this before it does
)

// subscribeAll is a subscription to all streams of this log behind a position, from the beginning if that is zero.
func (l *link) subscribeAll(commit, prepare uint64) *api.ReadReq_Options {
	o := l.allFrom(commit, prepare, 0)
	if commit == 0 && prepare == 0 {
		o.GetAll().AllOption = &api.ReadReq_Options_AllOptions_Start{Start: &shared.Empty{}}
	}
	o.CountOption = &api.ReadReq_Options_Subscription{Subscription: &api.ReadReq_Options_SubscriptionOptions{}}
	o.FilterOption = &api.ReadReq_Options_Filter{Filter: &api.ReadReq_Options_FilterOptions{
		Filter: &api.ReadReq_Options_FilterOptions_StreamIdentifier{
			StreamIdentifier: &api.ReadReq_Options_FilterOptions_Expression{Prefix: []string{l.prefix}},
		},
		Window:                       &api.ReadReq_Options_FilterOptions_Max{Max: searchWindow},
		CheckpointIntervalMultiplier: checkpoints,
	}}
	return o
}
