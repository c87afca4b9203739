package web

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
)

// Limits bounds what a request body may cost.
type Limits struct {
	// Bytes is the most a body may hold after inflation; 0 means no bound (a stream that is cut into lines).
	Bytes int64
	// Ratio is how many times larger than what came over the wire the inflated body may be. It counts once
	// more than RatioFrom bytes have come out, because a small body may honestly be very repetitive.
	Ratio, RatioFrom int64
}

// DefaultLimits are those of WIRE: 4 MB inflated, and no more than 200 times what was sent.
var DefaultLimits = Limits{Bytes: 4 << 20, Ratio: 200, RatioFrom: 256 << 10}

// Bodies opens request bodies. It keeps gzip readers, whose tables are large, for the next request; a service
// holds one. The zero value is ready.
type Bodies struct {
	inflaters sync.Pool
}

// Open returns the body of r as the sender meant it: inflated if Content-Encoding says gzip, and no larger than
// the limits. What its Read returns when a limit is passed, or the gzip is broken, is a [*Problem]. Close it.
func (o *Bodies) Open(r *http.Request, limits Limits) (io.ReadCloser, error) {
	if limits.Bytes > 0 && r.ContentLength > limits.Bytes {
		return nil, tooLarge(limits.Bytes)
	}
	b := &body{from: o, wire: counter{r: r.Body}, limits: limits}
	switch encoding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); encoding {
	case "", "identity":
		b.src = &b.wire
		return b, nil
	case "gzip", "x-gzip":
		if err := b.inflate(); err != nil {
			return nil, err
		}
		return b, nil
	default:
		return nil, Wrong(http.StatusUnsupportedMediaType,
			fmt.Sprintf("Content-Encoding %.40q is not supported: send the body as it is or as gzip", encoding))
	}
}

type body struct {
	from   *Bodies
	src    io.Reader
	zip    *gzip.Reader
	wire   counter
	limits Limits
	out    int64
	err    error
}

func (b *body) inflate() error {
	zip, ok := b.from.inflaters.Get().(*gzip.Reader)
	if !ok {
		zip = new(gzip.Reader)
	}
	if err := zip.Reset(&b.wire); err != nil {
		b.from.inflaters.Put(zip)
		return broken(err)
	}
	b.zip, b.src = zip, zip
	return nil
}

// Read implements io.Reader. Once it has failed it fails for good: a caller that gets bytes and an error at once
// may look at the bytes only.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.src.Read(p)
	b.out += int64(n)
	b.err = b.judge(err)
	return n, b.err
}

func (b *body) judge(err error) error {
	switch {
	case b.limits.Bytes > 0 && b.out > b.limits.Bytes:
		return tooLarge(b.limits.Bytes)
	case b.zip != nil && b.limits.Ratio > 0 && b.out > b.limits.RatioFrom && b.out > b.limits.Ratio*b.wire.n:
		return Wrong(http.StatusRequestEntityTooLarge,
			fmt.Sprintf("the body inflates to more than %d times what was sent; send it with less compression", b.limits.Ratio))
	case err != nil && !errors.Is(err, io.EOF):
		return broken(err)
	}
	return err
}

// Close gives the gzip reader back. The server closes the connection's side itself.
func (b *body) Close() error {
	if b.zip != nil {
		b.from.inflaters.Put(b.zip)
		b.zip, b.src = nil, http.NoBody
	}
	return nil
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err //nolint:wrapcheck // a reader passes on what it read
}

func tooLarge(limit int64) *Problem {
	return Wrong(http.StatusRequestEntityTooLarge,
		fmt.Sprintf("the body is larger than %d bytes (inflated); send fewer events in one request", limit))
}

// broken says what is wrong with a body that could not be read to its end.
func broken(err error) error {
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return tooLarge(tooBig.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Wrong(http.StatusRequestTimeout, "the body came too slowly; send it again, or in smaller pieces")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return Wrong(http.StatusBadRequest, "Content-Encoding says gzip but the body is not sound gzip: "+err.Error())
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Wrong(http.StatusBadRequest, "the body ends too early; send it again")
	}
	return Wrong(http.StatusBadRequest, "the body could not be read to its end; send it again")
}
