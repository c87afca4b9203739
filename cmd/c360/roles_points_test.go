package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// point is a moment around a transaction of whoever folds, as somebody between it and PostgreSQL sees it.
type point struct {
	name string
	// here reports whether a message is the one, and how much of it still arrives.
	here func(m *message) (bool, int)
}

// message is one message of the protocol, on its way.
type message struct {
	kind     byte
	text     []byte // with type and length
	toServer bool
	began    bool // a transaction that writes is open on this connection
	ending   bool // COMMIT was sent and is not answered
}

func (m *message) says(what string) bool {
	return m.toServer && m.kind == 'Q' && bytes.HasPrefix(m.text[5:], []byte(what))
}

// begins reports whether a transaction that writes begins; one that reads has more to say.
func (m *message) begins() bool { return m.says("BEGIN\x00") }

func (m *message) rows() bool { return m.toServer && m.began && (m.kind == 'd' || m.kind == 'B') }

// points are eight moments, from before a transaction begins until after it was answered.
func points() []point {
	at := func(is func(*message) bool, arrives func(*message) int) func(*message) (bool, int) {
		return func(m *message) (bool, int) { return is(m), arrives(m) }
	}
	none := func(*message) int { return 0 }
	half := func(m *message) int { return len(m.text) / 2 }
	all := func(m *message) int { return len(m.text) }
	begin := (*message).begins
	commit := func(m *message) bool { return m.says("COMMIT") }
	return []point{
		{"before it begins", at(begin, none)},
		{"when it has begun", at(begin, all)},
		{"before the first rows", at((*message).rows, none)},
		{"in the middle of rows", at((*message).rows, half)},
		{"when rows are written", at(func(m *message) bool {
			return !m.toServer && m.began && !m.ending && m.kind == 'C' && bytes.Contains(m.text, []byte("INSERT"))
		}, none)},
		{"before it is committed", at(commit, none)},
		{"when COMMIT is on its way", at(commit, all)},
		{"when it is committed and not answered", at(func(m *message) bool { return !m.toServer && m.ending && m.kind == 'C' }, none)},
	}
}

// wire stands between c360 and PostgreSQL and waits for a moment.
type wire struct {
	t      testing.TB
	server string

	mu     sync.Mutex
	want   *point
	happen func()
	met    chan struct{}
}

// standBetween returns a way to the database of a URL that can be watched, and its URL.
func standBetween(t testing.TB, database string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &wire{t: t, server: u.Host}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go b.pass(c)
		}
	}()
	u.Host = l.Addr().String()
	return b, u.String()
}

// at has something happen once, when a point is reached; what it returns is closed then.
func (b *wire) at(p *point, happen func()) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.want, b.happen, b.met = p, happen, make(chan struct{})
	return b.met
}

// reached lets happen what is to, if this is the moment, and says how much of the message still arrives.
func (b *wire) reached(m *message) (arrives int, here bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.want == nil {
		return len(m.text), false
	}
	is, arrives := b.want.here(m)
	if !is {
		return len(m.text), false
	}
	b.want = nil
	return arrives, true
}

// pass carries one connection, message by message.
func (b *wire) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", b.server)
	if err != nil {
		return
	}
	defer server.Close()
	first := make([]byte, 4)
	if _, err := io.ReadFull(client, first); err != nil {
		return
	}
	rest := make([]byte, binary.BigEndian.Uint32(first)-4)
	if _, err := io.ReadFull(client, rest); err != nil {
		return
	}
	if _, err := server.Write(append(first, rest...)); err != nil {
		return
	}
	c := &carried{b: b}
	done := make(chan struct{}, 2)
	for _, way := range []struct {
		from, to net.Conn
		toServer bool
	}{{client, server, true}, {server, client, false}} {
		go func() {
			defer func() { done <- struct{}{} }()
			for err := error(nil); err == nil; {
				err = c.one(way.from, way.to, way.toServer)
			}
		}()
	}
	<-done
}

// carried is what is known of one connection.
type carried struct {
	b *wire

	mu            sync.Mutex
	began, ending bool
}

// one carries a message. At the moment that is waited for it carries some of it, lets happen what is to, and ends.
func (c *carried) one(from io.Reader, to io.Writer, toServer bool) error {
	head := make([]byte, 5)
	if _, err := io.ReadFull(from, head); err != nil {
		return err
	}
	text := make([]byte, 1+binary.BigEndian.Uint32(head[1:]))
	copy(text, head)
	if _, err := io.ReadFull(from, text[5:]); err != nil {
		return err
	}
	m := c.see(&message{kind: head[0], text: text, toServer: toServer})
	arrives, here := c.b.reached(m)
	if _, err := to.Write(text[:arrives]); err != nil {
		return err
	}
	if !here {
		return nil
	}
	c.b.happen()
	close(c.b.met)
	return io.EOF
}

// see keeps track of the transaction that a message is part of.
func (c *carried) see(m *message) *message {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case m.begins():
		c.began, c.ending = true, false
	case m.says("COMMIT"), m.says("ROLLBACK"):
		c.ending = c.began && m.says("COMMIT")
	}
	m.began, m.ending = c.began, c.ending
	if !m.toServer && m.kind == 'Z' && c.ending {
		c.began, c.ending = false, false
	}
	return m
}

// TestProjectorKilledAroundItsTransaction kills (-9) the process that folds at eight points around its transaction, under
// load, C360_POINTS times each. It goes on from its checkpoint each time, and in the end nothing is missing or doubled.
func TestProjectorKilledAroundItsTransaction(t *testing.T) {
	t.Parallel()
	s := &split{t: t, engines: onServers(t)}
	b, through := standBetween(t, s.engines.store)
	direct := s.engines.store
	s.engines.store = through
	s.project = s.process(roleProject)
	s.engines.store = direct
	s.ingest, s.query = s.process(roleIngest), s.process(roleQuery)
	k := newKilling(t)
	calm := k.load(s.ingest)
	kills := 0
	for range number("C360_POINTS", 1) {
		for _, p := range points() {
			before := s.project.lives()
			select {
			case <-b.at(&p, s.project.kill9):
				kills++
			case <-time.After(time.Minute):
				t.Fatalf("%q was never reached; the projector said\n%.4000s", p.name, s.project.said)
			}
			s.project.again(before)
		}
	}
	calm()
	s.settled(t, k)
	s.end()
	o := k.lookFor(t, &s.engines)
	freshFold(t, &s.engines)
	t.Logf("%d kills at %d points; %d acknowledged of %d sent, %d lost, %d doubled", kills, len(points()), o.acked, o.sent, o.lost, o.doubled)
}
