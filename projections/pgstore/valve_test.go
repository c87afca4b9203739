package pgstore_test

import (
	"bytes"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// valve stands between a client and its server, and can be shut for some connections: they stay open and pass nothing on.
type valve struct {
	url     string
	address string

	mu   sync.Mutex
	open []*passage
	next []byte // shuts the next connection to say so
	lost bool
	vain chan struct{} // closed when something is lost
}

// passage is one connection.
type passage struct {
	client net.Conn
	said   [][]byte
	shut   bool
}

func newValve(t *testing.T, to string) *valve {
	t.Helper()
	u, err := url.Parse(to)
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	v := &valve{address: u.Host, vain: make(chan struct{})}
	u.Host = l.Addr().String()
	v.url = u.String()
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { v.pass(client) })
		}
	})
	t.Cleanup(func() {
		must(t, l.Close())
		all.Wait()
	})
	return v
}

// silence shuts the connections that once said something, and the next to say something else; "" is nothing.
func (v *valve) silence(once, next string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, p := range v.open {
		p.shut = once != "" && bytes.Contains(bytes.Join(p.said, nil), []byte(once))
	}
	v.next = []byte(next)
}

// cut ends all connections: who says good-bye to one that is shut waits for long.
func (v *valve) cut() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, p := range v.open {
		_ = p.client.Close()
	}
}

// asksInVain waits until somebody asks and is not heard.
func (v *valve) asksInVain(t *testing.T) {
	t.Helper()
	select {
	case <-v.vain:
	case <-time.After(time.Minute):
		t.Fatal("nobody asks")
	}
}

// passes reports whether what a client or, if said is nil, the server says gets through.
func (v *valve) passes(p *passage, said []byte) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.next) > 0 && bytes.Contains(said, v.next) {
		v.next, p.shut = nil, true
	}
	p.said = append(p.said, bytes.Clone(said))
	if p.shut && said != nil && !v.lost {
		v.lost = true
		close(v.vain)
	}
	return !p.shut
}

// pass passes on what both sides say. The end of one is that of the other.
func (v *valve) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	backend, err := net.Dial("tcp", v.address)
	if err != nil {
		return
	}
	p := &passage{client: client}
	v.mu.Lock()
	v.open = append(v.open, p)
	v.mu.Unlock()
	var back sync.WaitGroup
	back.Go(func() {
		defer func() { _ = client.Close() }()
		_ = relay(backend, func(b []byte) (err error) {
			if v.passes(p, nil) {
				_, err = client.Write(b)
			}
			return err
		})
	})
	_ = relay(client, func(b []byte) (err error) {
		if v.passes(p, b) {
			_, err = backend.Write(b)
		}
		return err
	})
	_ = backend.Close()
	back.Wait()
}
