package esdbtest

import (
	"errors"
	"io"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

// MaxAppendSize is the most bytes of one Append, as a server has it unless told otherwise.
const MaxAppendSize = 1 << 20

const (
	jsonContent = "application/json"

	// What a writer may expect of a stream besides a revision.
	expectNone   = -1
	expectAny    = -2
	expectExists = -4
)

// verdict is what the log decides about an append.
type verdict int

const (
	fresh verdict = iota
	repeated
	wrongVersion
	deleted
)

// Append implements the protocol's unary-in-all-but-name append: options, then events, then one answer.
func (n *Node) Append(call api.Streams_AppendServer) error {
	if err := n.admit(call.Context(), rightWrite, true); err != nil {
		return err
	}
	fault := n.takeFault()
	if fault == BeforeAppend {
		return n.cut(call.Context())
	}
	name, expected, proposed, err := receive(call)
	if err != nil {
		return err
	}
	if n.isRefused(name) {
		return errUnexplained
	}
	answer, err := n.db.append(name, expected, proposed)
	if n.o.Delay > 0 {
		time.Sleep(n.o.Delay)
	}
	if err != nil {
		return err
	}
	if fault == AfterAppend {
		return n.cut(call.Context())
	}
	return call.SendAndClose(answer)
}

// receive reads a whole append. It ends the call at the first byte too many, without waiting for the rest.
func receive(call api.Streams_AppendServer) (string, int64, []*stored, error) {
	head, err := call.Recv()
	if err != nil {
		return "", 0, nil, err
	}
	options := head.GetOptions()
	if options == nil {
		return "", 0, nil, errProtocol
	}
	name, size := string(options.GetStreamIdentifier().GetStreamName()), 0
	var proposed []*stored
	for {
		msg, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return name, expectation(options), proposed, nil
		}
		if err != nil {
			return "", 0, nil, err
		}
		e, err := proposal(msg.GetProposedMessage())
		if err != nil {
			return "", 0, nil, err
		}
		if size += len(e.data) + len(e.meta) + 2*len(e.kind); size > MaxAppendSize {
			return "", 0, nil, tooLarge()
		}
		proposed = append(proposed, e)
	}
}

func proposal(p *api.AppendReq_ProposedMessage) (*stored, error) {
	if p == nil {
		return nil, errProtocol
	}
	for _, key := range []string{"type", "content-type"} {
		if _, ok := p.GetMetadata()[key]; !ok {
			return nil, missingProperty(key)
		}
	}
	id, err := parseUUID(p.GetId())
	return &stored{
		id: id, kind: p.GetMetadata()["type"], content: p.GetMetadata()["content-type"], data: p.GetData(), meta: p.GetCustomMetadata(),
	}, err
}

func expectation(o *api.AppendReq_Options) int64 {
	switch x := o.GetExpectedStreamRevision().(type) {
	case *api.AppendReq_Options_Revision:
		return int64(x.Revision) //nolint:gosec // revisions are signed in the server too
	case *api.AppendReq_Options_NoStream:
		return expectNone
	case *api.AppendReq_Options_StreamExists:
		return expectExists
	default:
		return expectAny
	}
}

func (d *database) append(name string, expected int64, proposed []*stored) (*api.AppendResp, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	what, last := d.judge(name, expected, proposed)
	switch what {
	case deleted:
		return nil, streamDeleted(name)
	case wrongVersion:
		return wrongExpected(expected, d.last(name)), nil
	case fresh:
		d.store(name, proposed)
		last = d.last(name)
	case repeated:
	}
	return succeeded(d.streams[name], last), nil
}

// judge follows IndexWriter.CheckCommit. For a repeat it returns the revision that the first append came to.
func (d *database) judge(name string, expected int64, proposed []*stored) (verdict, int64) {
	s, current := d.streams[name], d.last(name)
	switch {
	case s != nil && s.gone:
		return deleted, 0
	case expected == expectExists && s != nil && s.forgotten:
		return deleted, 0
	case expected == expectExists && current < 0:
		return wrongVersion, 0
	case expected == expectAny || expected == expectExists:
		return d.judgeLoose(name, proposed)
	case expected > current:
		return wrongVersion, 0
	case expected == current:
		return fresh, 0
	}
	for i, e := range proposed {
		at := expected + 1 + int64(i)
		if at <= current && s.events[at].id == e.id {
			continue
		}
		if i == 0 && expected == expectNone && s.forgotten {
			return fresh, 0
		}
		return wrongVersion, 0
	}
	if len(proposed) == 0 {
		return wrongVersion, 0
	}
	return repeated, expected + int64(len(proposed))
}

// judgeLoose is for writers that name no revision: what is remembered of the ids decides, as far as it goes.
func (d *database) judgeLoose(name string, proposed []*stored) (verdict, int64) {
	last := int64(-1)
	for i, e := range proposed {
		known := d.recent[e.id]
		if known == nil || known.stream != name {
			if i == 0 {
				return fresh, 0
			}
			return wrongVersion, 0
		}
		last = int64(known.revision) //nolint:gosec // small
	}
	if len(proposed) == 0 {
		return fresh, 0
	}
	return repeated, last
}

func succeeded(s *stream, last int64) *api.AppendResp {
	success := &api.AppendResp_Success{
		CurrentRevisionOption: &api.AppendResp_Success_NoStream{NoStream: &shared.Empty{}},
		PositionOption:        &api.AppendResp_Success_NoPosition{NoPosition: &shared.Empty{}},
	}
	if last >= 0 {
		at := s.events[last].position
		success.CurrentRevisionOption = &api.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(last)}
		success.PositionOption = &api.AppendResp_Success_Position{Position: &api.AppendResp_Position{CommitPosition: at, PreparePosition: at}}
	}
	return &api.AppendResp{Result: &api.AppendResp_Success_{Success: success}}
}

func wrongExpected(expected, current int64) *api.AppendResp {
	out := &api.AppendResp_WrongExpectedVersion{
		CurrentRevisionOption: &api.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: &shared.Empty{}},
	}
	if current >= 0 {
		out.CurrentRevisionOption = &api.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: uint64(current)}
	}
	switch expected {
	case expectAny:
		out.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: &shared.Empty{}}
	case expectNone:
		out.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: &shared.Empty{}}
	case expectExists:
		out.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: &shared.Empty{}}
	default:
		out.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: uint64(expected)} //nolint:gosec // not negative
	}
	return &api.AppendResp{Result: &api.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: out}}
}

func parseUUID(id *shared.UUID) (uuid.UUID, error) {
	if s := id.GetStructured(); s != nil {
		var out uuid.UUID
		for i := range 8 {
			out[i] = byte(s.GetMostSignificantBits() >> (56 - 8*i))    //nolint:gosec // one byte of eight
			out[8+i] = byte(s.GetLeastSignificantBits() >> (56 - 8*i)) //nolint:gosec // one byte of eight
		}
		return out, nil
	}
	return uuid.Parse(id.GetString_())
}
