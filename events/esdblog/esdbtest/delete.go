package esdbtest

import (
	"context"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

// Delete implements the soft delete: the stream begins anew, its revisions go on.
func (n *Node) Delete(ctx context.Context, req *api.DeleteReq) (*api.DeleteResp, error) {
	if err := n.admit(ctx, rightWrite, true); err != nil {
		return nil, err
	}
	o := req.GetOptions()
	expected := int64(expectAny)
	switch x := o.GetExpectedStreamRevision().(type) {
	case *api.DeleteReq_Options_Revision:
		expected = int64(x.Revision) //nolint:gosec // revisions are signed in the server too
	case *api.DeleteReq_Options_NoStream:
		expected = expectNone
	case *api.DeleteReq_Options_StreamExists:
		expected = expectExists
	}
	at, err := n.db.remove("Delete", string(o.GetStreamIdentifier().GetStreamName()), expected, false)
	return &api.DeleteResp{PositionOption: &api.DeleteResp_Position_{Position: &api.DeleteResp_Position{CommitPosition: at, PreparePosition: at}}}, err
}

// Tombstone implements the hard delete: the stream can never be written again.
func (n *Node) Tombstone(ctx context.Context, req *api.TombstoneReq) (*api.TombstoneResp, error) {
	if err := n.admit(ctx, rightWrite, true); err != nil {
		return nil, err
	}
	o := req.GetOptions()
	expected := int64(expectAny)
	switch x := o.GetExpectedStreamRevision().(type) {
	case *api.TombstoneReq_Options_Revision:
		expected = int64(x.Revision) //nolint:gosec // revisions are signed in the server too
	case *api.TombstoneReq_Options_NoStream:
		expected = expectNone
	case *api.TombstoneReq_Options_StreamExists:
		expected = expectExists
	}
	at, err := n.db.remove("Tombstone", string(o.GetStreamIdentifier().GetStreamName()), expected, true)
	return &api.TombstoneResp{PositionOption: &api.TombstoneResp_Position_{Position: &api.TombstoneResp_Position{CommitPosition: at, PreparePosition: at}}}, err
}

func (d *database) remove(operation, name string, expected int64, forEver bool) (uint64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, current := d.streams[name], d.last(name)
	switch {
	case s != nil && s.gone:
		return 0, streamDeleted(name)
	case expected >= expectNone && expected != current, expected == expectExists && current < 0:
		return 0, wrongVersionError(operation, name, expected, current)
	}
	if s == nil {
		s = &stream{}
		d.streams[name] = s
	}
	s.first, s.forgotten, s.gone = uint64(len(s.events)), !forEver, forEver
	mark := &stored{id: uuid.New(), stream: "$$" + name, kind: "$metadata", content: jsonContent, created: d.now(), data: []byte(`{"$tb":9223372036854775807}`)}
	if forEver {
		mark.stream, mark.kind, mark.data = name, "$streamDeleted", nil
	}
	d.place(mark)
	close(d.grown)
	d.grown = make(chan struct{})
	return mark.position, nil
}

// GetSupportedMethods tells the version, and what the client looks for.
func (n *Node) GetSupportedMethods(context.Context, *shared.Empty) (*methods, error) {
	if n.o.Version == "" {
		return nil, errUnimplemented
	}
	out := &methods{EventStoreServerVersion: n.o.Version}
	for _, name := range []string{"append", "read", "delete", "tombstone"} {
		out.Methods = append(out.Methods, &method{MethodName: name, ServiceName: "event_store.client.streams.streams"})
	}
	return out, nil
}
