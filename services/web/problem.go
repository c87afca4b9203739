package web

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// Problem is an RFC 9457 problem document: what went wrong, where, and what to do next. It is an error, so that
// the code that finds a problem can return it and the handler can write it.
type Problem struct { //nolint:errname // RFC 9457 calls it a problem
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Pointer is the place in the request body, as a JSON pointer, when one place is to blame.
	Pointer string `json:"pointer,omitempty"`
	// Errors lists every fault when there may be several.
	Errors []Fault `json:"errors,omitempty"`
	// Message repeats Detail under the name that Segment and RudderStack clients print.
	Message string `json:"error,omitempty"`
	// RetryAfter, in seconds, becomes the header of that name.
	RetryAfter int `json:"-"`
}

// Fault is one thing wrong in one place of a request body.
type Fault struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

// Wrong returns the problem with that status and detail. The detail names the remedy and never repeats a secret.
func Wrong(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Message: detail}
}

// At returns the problem with the place that is to blame.
func (p *Problem) At(pointer string) *Problem {
	p.Pointer = pointer
	return p
}

// After returns the problem with the number of seconds after which a client may try again.
func (p *Problem) After(seconds int) *Problem {
	p.RetryAfter = seconds
	return p
}

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

// Write answers with the problem.
func (p *Problem) Write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client has gone; there is nobody left to tell
}
