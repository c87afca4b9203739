package main

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"
)

// counted closes done once so many lines were written to it.
type counted struct {
	left int
	done chan struct{}
}

func (c *counted) Write(p []byte) (int, error) {
	if c.left -= bytes.Count(p, []byte("\n")); c.left == 0 {
		close(c.done)
	}
	return len(p), nil
}

// TestReplayEndsWithServe: who follows the log does not keep c360 from ending, and is told how to go on.
func TestReplayEndsWithServe(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	fillLog(t, data, 3)
	p := startProcess(t, data, "web:KEY-WEB:claimed")
	res, err := http.Get(p.base + "/v1/replay?tail=1&from=1")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	told := &counted{left: 3, done: make(chan struct{})}
	ended := make(chan error, 1)
	go func() { ended <- listen(bufio.NewReader(res.Body), &teller{out: told, json: true}) }()
	<-told.done
	p.stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "go on with --from 4") {
		t.Errorf("who followed is told %v", err)
	}
}
