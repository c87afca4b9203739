package delivery

import (
	"bytes"
	"io"
	"net/http"
)

// InProcess returns a Doer that hands requests to h without a network: what `c360 demo` uses to fill the c360 it
// runs itself, through the same door as everybody else.
func InProcess(h http.Handler) Doer { return inProcess{h} }

type inProcess struct{ h http.Handler }

func (p inProcess) Do(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err //nolint:wrapcheck // the caller's own context
	}
	w := &answer{header: http.Header{}}
	req.RequestURI = req.URL.RequestURI()
	req.RemoteAddr = "127.0.0.1:0"
	p.h.ServeHTTP(w, req)
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: http.StatusText(w.code), StatusCode: w.code, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: req,
	}, nil
}

// answer takes a response down.
type answer struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(code int) {
	if a.code == 0 {
		a.code = code
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p) //nolint:wrapcheck // a buffer does not fail
}

// Flush lets handlers that stream progress run; the whole answer is kept anyway.
func (a *answer) Flush() {}
