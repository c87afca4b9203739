package query

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
)

// writer holds the buffer that an answer is encoded into before any of it is sent, so that an answer that cannot be
// encoded becomes a proper 500. Buffers are kept for the next answer.
type writer struct{ buffers sync.Pool }

// keepAtMost is the largest buffer that is kept.
const keepAtMost = 1 << 20

// write answers with v as JSON.
func (wr *writer) write(w http.ResponseWriter, status int, v any) error {
	b := wr.take()
	defer wr.give(b)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode an answer: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the caller has gone; there is nobody left to tell
	return nil
}

func (wr *writer) take() *bytes.Buffer {
	if b, ok := wr.buffers.Get().(*bytes.Buffer); ok {
		b.Reset()
		return b
	}
	return new(bytes.Buffer)
}

func (wr *writer) give(b *bytes.Buffer) {
	if b.Cap() <= keepAtMost {
		wr.buffers.Put(b)
	}
}
