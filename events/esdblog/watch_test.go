package esdblog_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// ears keep what a log says.
type ears struct {
	mu    sync.Mutex
	lines []string
	heard chan struct{} // closed by each line
}

func newEars() *ears { return &ears{heard: make(chan struct{})} }

func (e *ears) logger() *slog.Logger { return slog.New(slog.NewTextHandler(e, nil)) }

// Write takes a line.
func (e *ears) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lines = append(e.lines, string(b))
	close(e.heard)
	e.heard = make(chan struct{})
	return len(b), nil
}

// with returns the lines that hold a text.
func (e *ears) with(text string) (out []string, next <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, line := range e.lines {
		if strings.Contains(line, text) {
			out = append(out, line)
		}
	}
	return out, e.heard
}

// until waits for a line.
func (e *ears) until(t *testing.T, text string) {
	t.Helper()
	patience := time.After(20 * time.Second)
	for {
		lines, next := e.with(text)
		if len(lines) > 0 {
			return
		}
		select {
		case <-next:
		case <-patience:
			t.Fatalf("the log never said %q; it said %q", text, e.lines)
		}
	}
}

// TestHearsWhileIdle has what brings news to a log that appends nothing go silent without a word. It hears of what others
// append all the same.
func TestHearsWhileIdle(t *testing.T) {
	t.Parallel()
	for name, silence := range map[string]func(*esdbtest.Node){"connection": (*esdbtest.Node).Mute, "subscription": (*esdbtest.Node).Forget} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			node := esdbtest.Start(t, esdbtest.Options{})
			o := esdblog.Options{
				URL: node.URL("") + "&keepAliveInterval=-1", Dir: filepath.Join(t.TempDir(), "reader"), Now: time.Now, Timeout: 300 * time.Millisecond,
			}
			reader := open(t, o)
			fill(t, reader, 0, 1) // the subscription runs
			silence(node)
			o.Dir = filepath.Join(t.TempDir(), "writer")
			writer := open(t, o)
			fill(t, writer, 1, 10)
			heard := make(chan error, 1)
			go func() { heard <- reader.Wait(t.Context(), 10) }()
			select {
			case err := <-heard:
				if err != nil || len(all(t, reader)) != 11 {
					t.Errorf("%d events are heard of, %v", len(all(t, reader)), err)
				}
			case <-time.After(20 * time.Second):
				t.Error("nothing is heard any more")
			}
		})
	}
}

// TestPasswordChanged: a log whose password was changed under it says so, once and without the password, and goes on when
// that is put right.
func TestPasswordChanged(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{TLS: true, Accounts: accounts()})
	ears := newEars()
	o := esdblog.Options{
		URL: "esdb://admin:" + password + "@" + node.Addr() + "?tls=true&tlsCAFile=" + node.CAFile(), Dir: filepath.Join(t.TempDir(), "reader"),
		Now: time.Now, Logger: ears.logger(),
	}
	reader := open(t, o)
	o.Dir, o.Logger = filepath.Join(t.TempDir(), "writer"), nil
	writer := open(t, o)
	node.SetPassword("admin", "another")
	node.Cut()
	ears.until(t, "refuses the name or password")
	for denied := node.Denied(); node.Denied() < denied+6; { // it tries on
		time.Sleep(10 * time.Millisecond)
	}
	lines, _ := ears.with("refuses the name")
	if len(lines) != 1 {
		t.Errorf("it was said %d times: %q", len(lines), lines)
	}
	if lines, _ := ears.with("w0rd"); len(lines) != 0 {
		t.Errorf("the password was said: %q", lines)
	}
	node.SetPassword("admin", accounts()["admin"].Password)
	fill(t, writer, 0, 1)
	if err := reader.Wait(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	ears.until(t, "followed again")
}

// TestStaleAnswer has a server know less than it did, for a moment, as a node does that was deposed: the log is not lost, even
// if that was all it heard for long, because the node it asked before is silent.
func TestStaleAnswer(t *testing.T) {
	t.Parallel()
	for name, silence := range map[string]func(*esdbtest.Node){"at once": func(*esdbtest.Node) {}, "late": (*esdbtest.Node).Hang} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ears := newEars()
			nodes := esdbtest.StartCluster(t, 2, esdbtest.Options{StatsEvery: 20})
			first, leader := nodes[0], nodes[1]
			leader.Lead()
			l := open(t, esdblog.Options{
				URL: "esdb://" + first.Addr() + "," + leader.Addr() + "?tls=false&gossipTimeout=6", Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now, Logger: ears.logger(),
			})
			fill(t, l, 0, 50)
			fill(t, l, 50, 50)
			show := leader.Hide(20)
			silence(first)
			leader.Cut()
			ears.until(t, "asked again")
			show()
			results := fill(t, l, 100, 10)
			if results[0] != (events.Result{Outcome: events.Appended, Position: 101}) || l.Err() != nil {
				t.Errorf("it goes on with %v, %v", results[0], l.Err())
			}
			if err := l.Verify(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
}
