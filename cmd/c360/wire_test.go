package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestWrongSenders talk to the running system as it is put together: over the routes of both services and the console.
func TestWrongSenders(t *testing.T) {
	t.Parallel()
	p := startProcess(t, t.TempDir(), "till:TILLKEY:asserted")
	const foreign = "Origin: https://shop.example\r\n"
	for name, c := range map[string]struct {
		path, header string
		status       int
	}{
		"a bad key":             {"/v1/batch", "Authorization: Bearer WRONG\r\n", 401},
		"a decision from afar":  {"/v1/identity/links", "Content-Type: application/json\r\n" + foreign + "Sec-Fetch-Site: cross-site\r\n", 403},
		"a decision of no type": {"/v1/identity/links", "", 415},
		"a misspelt route":      {"/v1/bacth", foreign, 404},
		"a route of the reads":  {"/v1/customers", foreign, 404},
		"dots":                  {"/v1/./track", "", 404},
		"dots to a batch":       {"/v1/../v1/batch", "", 404},
		"dots to a decision":    {"/v1/generations/../swap", "", 404},
		"a folder":              {"/v1", "", 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := strings.TrimPrefix(p.base, "http://")
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 100\r\n%s\r\n", c.path, addr, c.header)
			in := bufio.NewReader(conn)
			answer, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != c.status || c.status == 404 && answer.Header.Get("Access-Control-Allow-Origin") == "" {
				t.Errorf("%d %v, want %d", answer.StatusCode, answer.Header, c.status)
			}
			if _, err := io.Copy(io.Discard, in); err != nil {
				t.Errorf("the connection stays open: %v", err)
			}
		})
	}
}
