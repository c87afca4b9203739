package web

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// Patience is how long a service waits for what a sender said it would send. Without a bound anybody, with a key or
// without one, could keep connections open by announcing a body that never comes.
type Patience struct {
	// Body is how long a body may take as a whole; of a stream, see [Unhurried], how long it may go without a byte.
	Body time.Duration
	// Linger is how long a sender that is answered before all of its body came may go on sending. It reads the answer
	// in that time; were the connection closed at once, its system might throw the answer away.
	Linger time.Duration
}

// DefaultPatience is a minute for a body and a second for a sender that was refused.
var DefaultPatience = Patience{Body: time.Minute, Linger: time.Second}

// Guard bounds how long the senders of next may take. A request that is answered before its body was read to the end
// is answered at once, and its connection closed: net/http alone reads the rest of the body first. What ends with the
// body is not only this bound but also ReadTimeout of [http.Server]: no long answer and no event stream is cut off.
func (p Patience) Guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		b := &awaited{ReadCloser: r.Body, patience: p, header: w.Header(), control: http.NewResponseController(w)}
		b.header.Set("Connection", "close") // until the body has ended
		b.timer = time.AfterFunc(p.Body, b.cutOff)
		defer b.leave()
		r = r.WithContext(r.Context()) // net/http looks at the body of its own request when it closes the connection
		r.Body = b
		next.ServeHTTP(w, r)
	})
}

// Unhurried lets the body of a request take as long as it takes, if only its sender is not silent for too long. The
// clock runs while somebody waits for the sender, not while the sender is made to wait. Call it before reading.
func Unhurried(r *http.Request) {
	if b, ok := r.Body.(*awaited); ok {
		b.stream = true
		b.timer.Stop()
		b.until(time.Time{}) // ReadTimeout of the server is for other bodies
	}
}

// awaited is a body that is on its way.
type awaited struct {
	io.ReadCloser
	patience Patience
	header   http.Header
	control  *http.ResponseController
	timer    *time.Timer
	stream   bool
	ended    bool
}

// Read implements io.Reader.
func (b *awaited) Read(p []byte) (int, error) {
	if b.stream && !b.ended {
		b.timer.Reset(b.patience.Body)
		defer b.timer.Stop()
	}
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) && !b.ended {
		b.ended = true
		b.timer.Stop()
		b.header.Del("Connection")
	}
	return n, err //nolint:wrapcheck // a reader passes on what it read
}

// leave gives a sender that has not sent everything a little time to read the answer.
func (b *awaited) leave() {
	if !b.ended {
		b.timer.Reset(b.patience.Linger)
	}
}

// cutOff ends reading from the sender, at once.
func (b *awaited) cutOff() { b.until(time.Unix(1, 0)) }

func (b *awaited) until(t time.Time) {
	_ = b.control.SetReadDeadline(t) // what is no connection has no sender to wait for
}
