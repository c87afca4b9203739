package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os/exec"
	"testing"
	"time"
)

// process is a c360 serve of its own.
type process struct {
	tb   testing.TB
	base string
	cmd  *exec.Cmd
	said *bytes.Buffer
}

// startProcess runs c360 serve on a data folder and waits until it answers.
func startProcess(tb testing.TB, data, sources string) *process {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	p := &process{tb: tb, base: "http://" + addr, said: &bytes.Buffer{}}
	p.cmd = exec.Command("c360", "serve", "--data", data, "--listen", addr, "--sources", sources)
	p.cmd.Stderr = p.said
	if err := p.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(p.kill)
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		if res, err := http.Get(p.base + "/readyz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return p
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	tb.Fatalf("c360 serve did not get ready: %s", p.said)
	return nil
}

// kill is kill -9. It may be called again.
func (p *process) kill() {
	if p.cmd.Process != nil && p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait() // the error is the signal
	}
}

// post returns the status of the answer, 0 if there was none.
func (p *process) post(path, key string, body []byte) (int, []byte) {
	req, err := http.NewRequest(http.MethodPost, p.base+path, bytes.NewReader(body))
	if err != nil {
		p.tb.Fatal(err)
	}
	req.SetBasicAuth(key, "")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	return res.StatusCode, answer
}

// get decodes a 200 answer into v.
func (p *process) get(path string, v any) {
	p.tb.Helper()
	res, err := http.Get(p.base + path)
	if err != nil {
		p.tb.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.tb.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		p.tb.Fatalf("GET %s: %s %s", path, res.Status, body)
	}
	if err := json.Unmarshal(body, v); err != nil {
		p.tb.Fatalf("GET %s: %v in %.200s", path, err, body)
	}
}

// settle waits until everything in the log is folded.
func (p *process) settle() {
	p.tb.Helper()
	for range 6000 {
		var s struct{ Position, Head int64 }
		p.get("/v1/projections", &s)
		if s.Position == s.Head {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.tb.Fatal("the projection never caught up")
}
