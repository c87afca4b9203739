package web_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/services/web"
)

// serve answers on a real connection, with a ReadTimeout if there is one.
func serve(t *testing.T, p web.Patience, timeout time.Duration, handler http.HandlerFunc) net.Conn {
	t.Helper()
	s := httptest.NewUnstartedServer(p.Guard(handler))
	s.Config.ReadTimeout = timeout
	s.Start()
	t.Cleanup(s.Close)
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func answerOf(t *testing.T, conn net.Conn) *http.Response {
	t.Helper()
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer
}

const silent = "POST / HTTP/1.1\r\nHost: c360\r\nContent-Length: 100\r\n\r\n"

// TestRefusedBeforeItsBody: who announces a body and sends none is answered at once and then left.
func TestRefusedBeforeItsBody(t *testing.T) {
	t.Parallel()
	for name, request := range map[string]string{
		"a length": silent,
		"chunks":   "POST / HTTP/1.1\r\nHost: c360\r\nTransfer-Encoding: chunked\r\n\r\n",
		"a part":   silent + "abc",
		"a lot":    strings.Replace(silent, "100", "100000000", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refuse := func(w http.ResponseWriter, _ *http.Request) {
				web.Wrong(http.StatusUnauthorized, "who are you?").Write(w)
			}
			still := serve(t, web.Patience{Body: time.Hour, Linger: time.Hour}, 0, refuse)
			defer still.Close() // or its server would wait for it
			fmt.Fprint(still, request)
			answerOf(t, still) // although the connection lingers
			conn := serve(t, web.Patience{Body: time.Hour, Linger: 50 * time.Millisecond}, 0, refuse)
			fmt.Fprint(conn, request)
			if answer := answerOf(t, conn); answer.StatusCode != http.StatusUnauthorized || !answer.Close {
				t.Errorf("%d, closed: %t", answer.StatusCode, answer.Close)
			}
			if _, err := conn.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("the connection stays open")
			}
		})
	}
}

// TestReadToItsEnd: a sender that has sent everything may send the next request on the same connection.
func TestReadToItsEnd(t *testing.T) {
	t.Parallel()
	conn := serve(t, web.DefaultPatience, 0, func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusNoContent)
	})
	for range 3 {
		fmt.Fprint(conn, silent+strings.Repeat("x", 100))
		if answer := answerOf(t, conn); answer.StatusCode != http.StatusNoContent || answer.Close {
			t.Fatalf("%d, closed: %t", answer.StatusCode, answer.Close)
		}
	}
}

func TestSilentSender(t *testing.T) {
	t.Parallel()
	for name, stream := range map[string]bool{"a body": false, "a stream": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var bodies web.Bodies
			conn := serve(t, web.Patience{Body: 100 * time.Millisecond, Linger: time.Millisecond}, 0, func(w http.ResponseWriter, r *http.Request) {
				if stream {
					web.Unhurried(r)
				}
				_, err := bodies.Open(r, web.DefaultLimits)
				var p *web.Problem
				if !errors.As(err, &p) {
					p = web.Wrong(http.StatusTeapot, "it was opened")
				}
				p.Write(w)
			})
			fmt.Fprint(conn, strings.Replace(silent, "\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n", 1))
			if answer := answerOf(t, conn); answer.StatusCode != http.StatusRequestTimeout || !answer.Close {
				t.Errorf("%d, closed: %t", answer.StatusCode, answer.Close)
			}
		})
	}
}

// TestReadTimeoutEndsWithTheBody: neither a long stream of bytes, nor the work after it, nor an answer without end is
// cut off by the ReadTimeout of the server.
func TestReadTimeoutEndsWithTheBody(t *testing.T) {
	t.Parallel()
	const timeout = 150 * time.Millisecond
	for name, request := range map[string]string{"no body": "GET / HTTP/1.1\r\nHost: c360\r\n\r\n", "a stream": silent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := serve(t, web.Patience{Body: 5 * time.Second, Linger: time.Millisecond}, timeout, func(w http.ResponseWriter, r *http.Request) {
				web.Unhurried(r)
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					t.Error(err)
				}
				select {
				case <-r.Context().Done():
					t.Error("the answer was cut off")
				case <-time.After(2 * timeout):
				}
				w.WriteHeader(http.StatusNoContent)
			})
			fmt.Fprint(conn, request)
			if request == silent {
				<-time.After(2 * timeout)
				fmt.Fprint(conn, strings.Repeat("x", 100))
			}
			if answer := answerOf(t, conn); answer.StatusCode != http.StatusNoContent {
				t.Error(answer.StatusCode)
			}
		})
	}
}
