package ingest_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/c360hq/c360/services/ingest"
	"github.com/c360hq/c360/services/web"
)

// TestSilentSenders announce a body and send none of it. Each is answered, and its connection closed.
func TestSilentSenders(t *testing.T) {
	t.Parallel()
	const zipped = "Content-Encoding: gzip\r\n"
	atOnce := web.Patience{Body: time.Hour, Linger: 50 * time.Millisecond}
	soon := web.Patience{Body: 100 * time.Millisecond, Linger: 50 * time.Millisecond}
	for name, c := range map[string]struct {
		path, key, header string
		patience          web.Patience
		status            int
	}{
		"bad key":             {"/v1/batch", "WRONG", "", atOnce, 401},
		"bad key, gzip":       {"/v1/batch", "WRONG", zipped, atOnce, 401},
		"import, bad key":     {"/v1/import?format=ndjson", "WRONG", zipped, atOnce, 401},
		"no such route":       {"/v1/bacth", webKey, "", atOnce, 404},
		"no such method":      {"/v1/rejects", webKey, "", atOnce, 405},
		"no such encoding":    {"/v1/batch", webKey, "Content-Encoding: br\r\n", atOnce, 415},
		"no key":              {"/v1/batch", "", "", soon, 408},
		"good key":            {"/v1/batch", webKey, "", soon, 408},
		"gzip":                {"/v1/batch", webKey, zipped, soon, 408},
		"import":              {"/v1/import?format=csv", posKey, "", soon, 408},
		"import, gzip":        {"/v1/import?format=ndjson", posKey, zipped, soon, 408},
		"import of a batch":   {"/v1/import", posKey, zipped, soon, 408},
		"CloudEvent":          {"/v1/events", posKey, zipped, soon, 408},
		"PostHog without key": {"/batch", "", zipped, soon, 408},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEdge(t, func(cfg *ingest.Config) { cfg.Patience = c.patience })
			if c.key != "" {
				c.header += "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(c.key+":")) + "\r\n"
			}
			conn, err := net.Dial("tcp", e.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: c360\r\nContent-Length: 100\r\n%s\r\n", c.path, c.header)
			in := bufio.NewReader(conn)
			answer, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != c.status || !answer.Close {
				t.Errorf("%d, want %d; closed: %t", answer.StatusCode, c.status, answer.Close)
			}
			if _, err := io.Copy(io.Discard, in); err != nil {
				t.Errorf("the connection stays open: %v", err)
			}
		})
	}
}

// TestSlowImport takes longer than a body may; its sender is only never silent for so long.
func TestSlowImport(t *testing.T) {
	t.Parallel()
	// A pause between lines is a quarter of the patience: a machine that is busy may be late by the other three.
	const patience = 2 * time.Second
	e := newEdge(t, func(c *ingest.Config) { c.Patience = web.Patience{Body: patience, Linger: patience} })
	in, out := io.Pipe()
	go func() {
		for i := range 6 {
			fmt.Fprintf(out, `{"id":"%d","type":"t"}`+"\n", i)
			<-time.After(patience / 4)
		}
		out.Close()
	}()
	r, err := http.NewRequest(http.MethodPost, e.URL+"/v1/import?format=ndjson", in)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(posKey, "")
	answer, err := e.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.Close || len(e.all()) != 6 {
		t.Errorf("%d, closed: %t, %d stored", answer.StatusCode, answer.Close, len(e.all()))
	}
}
