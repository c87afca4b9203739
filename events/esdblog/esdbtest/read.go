package esdbtest

import (
	"regexp"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

// pageSize is how many events a server reads from its log at a time.
const pageSize = 32

// Read implements reads and subscriptions, which are one call of the protocol.
func (n *Node) Read(req *api.ReadReq, call api.Streams_ReadServer) error {
	o := req.GetOptions()
	need := rightRead
	if o.GetAll() != nil {
		need = rightReadAll
	}
	if err := n.admit(call.Context(), need, false); err != nil {
		return err
	}
	keep, err := filterOf(o.GetFilter())
	if err != nil {
		return err
	}
	_, subscribe := o.GetCountOption().(*api.ReadReq_Options_Subscription)
	r := reader{db: n.db, call: call, o: o, keep: keep, closing: n.ending(), forget: n.forgetting()}
	backwards := o.GetReadDirection() == api.ReadReq_Options_Backwards
	switch all := o.GetAll() != nil; {
	case subscribe && all:
		return r.subscribeAll()
	case subscribe:
		return r.subscribeStream()
	case all && backwards:
		return r.allBackwards()
	case all:
		return r.allForwards()
	case backwards:
		return r.streamBackwards()
	}
	return r.streamForwards()
}

// filterOf returns which events a call wants.
func filterOf(f *api.ReadReq_Options_FilterOptions) (func(*stored) bool, error) {
	if f == nil {
		return func(*stored) bool { return true }, nil
	}
	expression, of := f.GetStreamIdentifier(), func(e *stored) string { return e.stream }
	if expression == nil {
		expression, of = f.GetEventType(), func(e *stored) string { return e.kind }
	}
	if pattern := expression.GetRegex(); pattern != "" {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return nil, errProtocol
		}
		return func(e *stored) bool { return re.MatchString(of(e)) }, nil
	}
	return func(e *stored) bool { return hasPrefix(of(e), expression.GetPrefix()) }, nil
}

// reader is one read or subscription.
type reader struct {
	db      *database
	call    api.Streams_ReadServer
	o       *api.ReadReq_Options
	keep    func(*stored) bool
	closing <-chan struct{}
	forget  <-chan struct{}
}

func (r *reader) send(e *stored) error {
	return r.call.Send(&api.ReadResp{Content: &api.ReadResp_Event{Event: &api.ReadResp_ReadEvent{
		Event: r.recorded(e), Position: &api.ReadResp_ReadEvent_CommitPosition{CommitPosition: e.position},
	}}})
}

func (r *reader) recorded(e *stored) *api.ReadResp_ReadEvent_RecordedEvent {
	id := &shared.UUID{Value: &shared.UUID_String_{String_: e.id.String()}}
	if _, ok := r.o.GetUuidOption().GetContent().(*api.ReadReq_Options_UUIDOption_String_); !ok {
		id = structured(e.id)
	}
	return &api.ReadResp_ReadEvent_RecordedEvent{
		Id: id, StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(e.stream)}, StreamRevision: e.revision,
		PreparePosition: e.position, CommitPosition: e.position, Data: e.data, CustomMetadata: e.meta,
		Metadata: map[string]string{
			"type": e.kind, "content-type": e.content, "created": strconv.FormatInt(e.created.UnixNano()/100, 10),
		},
	}
}

func structured(id uuid.UUID) *shared.UUID {
	var most, least int64
	for i := range 8 {
		most, least = most<<8|int64(id[i]), least<<8|int64(id[8+i])
	}
	return &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{MostSignificantBits: most, LeastSignificantBits: least}}}
}

// start returns the index of the log where a read of $all begins.
func (r *reader) start(backwards bool) int {
	r.db.mu.Lock()
	defer r.db.mu.Unlock()
	switch all := r.o.GetAll().GetAllOption().(type) {
	case *api.ReadReq_Options_AllOptions_Position:
		return r.db.at(all.Position.GetCommitPosition())
	case *api.ReadReq_Options_AllOptions_End:
		return len(r.db.all)
	}
	if backwards {
		return len(r.db.all)
	}
	return 0
}

func (r *reader) allForwards() error {
	left := r.o.GetCount()
	for at := r.start(false); left > 0; {
		page, _ := r.db.page(at, pageSize)
		if len(page) == 0 {
			return nil
		}
		for _, e := range page {
			if !r.keep(e) {
				continue
			}
			if err := r.send(e); err != nil {
				return err
			}
			if left--; left == 0 {
				return nil
			}
		}
		at += len(page)
	}
	return nil
}

func (r *reader) allBackwards() error {
	left := r.o.GetCount()
	for at := r.start(true); left > 0 && at > 0; {
		from := max(0, at-pageSize)
		page, _ := r.db.page(from, at-from)
		for i := len(page) - 1; i >= 0 && left > 0; i-- {
			if !r.keep(page[i]) {
				continue
			}
			if err := r.send(page[i]); err != nil {
				return err
			}
			left--
		}
		at = from
	}
	return nil
}

func (r *reader) name() string {
	return string(r.o.GetStream().GetStreamIdentifier().GetStreamName())
}

func (r *reader) notFound() error {
	return r.call.Send(&api.ReadResp{Content: &api.ReadResp_StreamNotFound_{StreamNotFound: &api.ReadResp_StreamNotFound{
		StreamIdentifier: r.o.GetStream().GetStreamIdentifier(),
	}}})
}

func (r *reader) streamForwards() error {
	at, left := uint64(0), r.o.GetCount()
	switch o := r.o.GetStream().GetRevisionOption().(type) {
	case *api.ReadReq_Options_StreamOptions_Revision:
		at = o.Revision
	case *api.ReadReq_Options_StreamOptions_End:
		return nil
	}
	for left > 0 {
		page, found, gone, _ := r.db.of(r.name(), at, min(left, pageSize))
		switch {
		case gone:
			return streamDeleted(r.name())
		case !found:
			return r.notFound()
		case len(page) == 0:
			return nil
		}
		for _, e := range page {
			if err := r.send(e); err != nil {
				return err
			}
		}
		at, left = page[len(page)-1].revision+1, left-uint64(len(page))
	}
	return nil
}

func (r *reader) streamBackwards() error {
	page, found, gone, _ := r.db.of(r.name(), 0, 1<<30)
	switch {
	case gone:
		return streamDeleted(r.name())
	case !found:
		return r.notFound()
	}
	last := uint64(1) << 62
	switch o := r.o.GetStream().GetRevisionOption().(type) {
	case *api.ReadReq_Options_StreamOptions_Revision:
		last = o.Revision
	case *api.ReadReq_Options_StreamOptions_Start:
		last = 0
	}
	left := r.o.GetCount()
	for i := len(page) - 1; i >= 0 && left > 0; i-- {
		if page[i].revision > last {
			continue
		}
		if err := r.send(page[i]); err != nil {
			return err
		}
		left--
	}
	return nil
}
