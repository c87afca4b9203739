package inlet_test

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/ingest"
	"github.com/c360hq/c360/services/ingest/inlet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const sourcesText = "pos:POSKEY:asserted:channel=store,web:WEBKEY:claimed:channel=web,old:OLDKEY:asserted:disabled"

// broker is a NATS server that can go away and come back at the same address with what it had.
type broker struct {
	t    testing.TB
	dir  string
	port int
	// payload is the server's max_payload; 0 is that of NATS.
	payload int32
	s       *server.Server
}

func (b *broker) start() {
	b.t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: b.port, JetStream: true, StoreDir: b.dir, NoSigs: true, NoLog: true, MaxPayload: b.payload,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		b.t.Fatal("the NATS server did not start")
	}
	b.s, b.port = s, s.Addr().(*net.TCPAddr).Port
}

func (b *broker) stop() {
	b.s.Shutdown()
	b.s.WaitForShutdown()
}

func (b *broker) connect() *nats.Conn {
	b.t.Helper()
	conn, err := nats.Connect("nats://127.0.0.1:"+strconv.Itoa(b.port), nats.MaxReconnects(-1),
		nats.ReconnectWait(20*time.Millisecond), nats.ReconnectJitter(0, 0))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(conn.Close)
	return conn
}

// house is what several ingest processes share: the log.
type house struct {
	t      testing.TB
	broker *broker
	log    events.Log
	pub    *nats.Conn
}

func newHouse(t testing.TB) *house {
	t.Helper()
	return newHouseAt(t, &broker{t: t, dir: t.TempDir(), port: -1})
}

func newHouseAt(t testing.TB, b *broker) *house {
	t.Helper()
	b.start()
	t.Cleanup(b.stop)
	h := &house{t: t, broker: b, log: memlog.New(time.Now), pub: b.connect()}
	t.Cleanup(func() { _ = h.log.Close() })
	return h
}

// process is one ingest process with an inlet.
type process struct {
	t       testing.TB
	ingest  *ingest.Service
	metrics *prometheus.Registry
	conn    *nats.Conn
	stop    func()
}

type settings struct {
	ingest func(*ingest.Config)
	inlet  func(*inlet.Options)
}

// start runs an ingest process until the end of the test, or stop.
func (h *house) start(s settings) *process {
	h.t.Helper()
	p := &process{t: h.t, metrics: prometheus.NewRegistry(), conn: h.broker.connect()}
	p.ingest = newIngest(h.t, h.log, p.metrics, s.ingest)
	o := inlet.Options{Conn: p.conn, Ingest: p.ingest, Now: time.Now, Registry: p.metrics}
	if s.inlet != nil {
		s.inlet(&o)
	}
	in, err := inlet.Open(h.t.Context(), o)
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(h.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		in.Run(ctx)
	}()
	p.stop = sync.OnceFunc(func() {
		cancel()
		<-done
		p.conn.Close()
		if err := p.ingest.Close(); err != nil {
			h.t.Error(err)
		}
	})
	h.t.Cleanup(p.stop)
	return p
}

func newIngest(t testing.TB, log events.Log, registry prometheus.Registerer, change func(*ingest.Config)) *ingest.Service {
	t.Helper()
	sources := sourcesOf(t, sourcesText)
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	c := ingest.Config{Log: log, Sources: sources, Catalogue: catalogue, Rejects: t.TempDir(), Now: time.Now, Registry: registry}
	if change != nil {
		change(&c)
	}
	s, err := ingest.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sourcesOf(t testing.TB, text string) *auth.Sources {
	t.Helper()
	sources, err := auth.ParseSources(text)
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// stream makes the stream as a producer's set-up would, for tests that publish before c360 was ever there.
func (h *house) stream() jetstream.JetStream {
	h.t.Helper()
	js := h.js()
	_, err := js.CreateStream(h.t.Context(), jetstream.StreamConfig{Name: "C360_INLET", Subjects: []string{"c360.touchpoints.>"}, MaxAge: time.Hour})
	if err != nil {
		h.t.Fatal(err)
	}
	return js
}

func cloudEvent(id string) []byte {
	return fmt.Appendf(nil, `{"specversion":"1.0","id":"%s","source":"pos","type":"order.noted","time":"2026-11-21T11:00:00Z","phone":"010-4821-7730","data":{"n":"%s"}}`, id, id)
}

// publish sends events and returns when NATS has them.
func (h *house) publish(js jetstream.JetStream, from, to int) {
	h.t.Helper()
	for i := from; i < to; i++ {
		if _, err := js.PublishAsync("c360.touchpoints.pos", cloudEvent(fmt.Sprintf("pos-%d", i))); err != nil {
			h.t.Fatal(err)
		}
	}
	select {
	case <-js.PublishAsyncComplete():
	case <-time.After(20 * time.Second):
		h.t.Fatal("NATS did not take the messages")
	}
}

func (h *house) js() jetstream.JetStream {
	h.t.Helper()
	js, err := jetstream.New(h.pub, jetstream.WithPublishAsyncMaxPending(100_000))
	if err != nil {
		h.t.Fatal(err)
	}
	return js
}

// holds waits until the log holds n events, and fails if it ever holds more.
func (h *house) holds(n int) []events.Recorded {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 30*time.Second)
	defer cancel()
	for at := events.Position(0); int(at) < n; {
		if err := h.log.Wait(ctx, at); err != nil {
			h.t.Fatalf("%d of %d events came: %v", at, n, err)
		}
		head, err := h.log.Head(ctx)
		if err != nil {
			h.t.Fatal(err)
		}
		at = head.Position
	}
	list, err := h.log.Read(ctx, 0, n+10)
	if err != nil {
		h.t.Fatal(err)
	}
	if len(list) != n {
		h.t.Fatalf("the log holds %d events, want %d", len(list), n)
	}
	return list
}

// settled waits until NATS has nothing that is not acknowledged and nothing to give.
func (h *house) settled() *jetstream.ConsumerInfo {
	h.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		c, err := h.js().Consumer(h.t.Context(), "C360_INLET", "c360")
		if err != nil {
			h.t.Fatal(err)
		}
		info := c.CachedInfo()
		if info.NumAckPending == 0 && info.NumPending == 0 {
			return info
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("not settled: %d without an answer, %d waiting", info.NumAckPending, info.NumPending)
		}
		time.Sleep(5 * time.Millisecond) // between two questions; NATS tells nobody when it is settled
	}
}

// value returns the sum of a metric over its labels, or of the one with the label value.
func (p *process) value(name, label string) (sum float64) {
	p.t.Helper()
	families, err := p.metrics.Gather()
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && (label == "" || m.GetLabel()[0].GetValue() == label) {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return sum
}
