package esdblog

import (
	"encoding/json"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

const (
	jsonContent   = "application/json"
	binaryContent = "application/octet-stream"
)

// body is an event as the server keeps it: the JSON as it came for everybody to read, and in front of it, as metadata, the
// header of the record. Put together they are the record, byte for byte (events/record.go ends a record with the data).
type body struct {
	id       uuid.UUID
	kind     string
	data     []byte
	meta     []byte
	isBinary bool
}

// newBody cuts a record whose data takes its last n bytes. It has no id yet.
func newBody(kind string, record []byte, n int) body {
	head := len(record) - n
	data := record[head:]
	return body{kind: cleanKind(kind), data: data, meta: record[:head], isBinary: !json.Valid(data)}
}

// size is what an event counts against the limit of one append, and a little more.
func (b *body) size() int { return len(b.data) + len(b.meta) + 2*len(b.kind) + 64 }

const longestKind = 128

// cleanKind returns a type that every server takes. The record holds the type as it is.
func cleanKind(kind string) string {
	kind = strings.TrimLeft(kind[:min(len(kind), longestKind)], "$")
	if kind == "" {
		return "_"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(kind, "_"))
}

func (b *body) message() *api.AppendReq {
	content := jsonContent
	if b.isBinary {
		content = binaryContent
	}
	return &api.AppendReq{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: &api.AppendReq_ProposedMessage{
		Id:   &shared.UUID{Value: &shared.UUID_String_{String_: b.id.String()}},
		Data: b.data, CustomMetadata: b.meta,
		Metadata: map[string]string{"type": b.kind, "content-type": content},
	}}}
}

// record puts a record together from what a read returns. It shares no memory with it.
func record(e *api.ReadResp_ReadEvent_RecordedEvent) []byte {
	out := make([]byte, 0, len(e.GetCustomMetadata())+len(e.GetData()))
	return append(append(out, e.GetCustomMetadata()...), e.GetData()...)
}
