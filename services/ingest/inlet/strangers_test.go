package inlet_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/services/ingest"
	"github.com/c360hq/c360/services/ingest/inlet"
)

// publishFor publishes events of a source that the house may not know.
func (h *house) publishFor(js jetstream.JetStream, source string, n int) {
	h.t.Helper()
	for i := range n {
		if _, err := js.PublishAsync("c360.touchpoints."+source, cloudEvent(fmt.Sprintf("%s-%d", source, i))); err != nil {
			h.t.Fatal(err)
		}
	}
	<-js.PublishAsyncComplete()
}

// TestSourcesChangeOneProcessAfterTheOther: what the process that does not know the sources yet was given, the one that
// does stores, and nothing of it is a reject.
func TestSourcesChangeOneProcessAfterTheOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	js := h.stream()
	soon := func(o *inlet.Options) { o.SourceWait = 50 * time.Millisecond }
	before := h.start(settings{inlet: soon})
	h.publishFor(js, "kiosk", 10)
	h.publishFor(js, "old", 10) // disabled
	waitUntil(t, func() bool { return before.value("c360_inlet_messages_total", "returned") >= 40 })
	before.stop()
	after := h.start(settings{inlet: soon, ingest: func(c *ingest.Config) {
		c.Sources = sourcesOf(t, strings.TrimSuffix(sourcesText, ":disabled")+",kiosk:KIOSKKEY:asserted")
	}})
	h.holds(20)
	h.settled()
	for _, p := range []*process{before, after} {
		if n := p.value("c360_inlet_messages_total", "refused"); n != 0 || len(readRejects(t, p.ingest)) != 0 {
			t.Errorf("%v are refused", n)
		}
	}
	if n := after.value("c360_inlet_messages_total", "stored"); n != 20 {
		t.Errorf("%v are stored", n)
	}
}

// TestASourceNobodyEverKnows is refused after forty times.
func TestASourceNobodyEverKnows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	js := h.stream()
	said := &bytes.Buffer{}
	p := h.start(settings{inlet: func(o *inlet.Options) {
		o.SourceWait, o.Logger = time.Millisecond, slog.New(slog.NewTextHandler(said, nil))
	}})
	for _, source := range []string{"nobody", "pos.x", "old"} {
		h.publishFor(js, source, 1)
	}
	h.settled()
	p.stop()
	if all, again := p.value("c360_inlet_messages_total", "refused"), p.value("c360_inlet_messages_total", "returned"); all != 3 || again != 3*39 {
		t.Errorf("%v are refused, and came again %v times", all, again)
	}
	rejects := readRejects(t, p.ingest)
	if len(rejects) != 3 {
		t.Fatalf("%d rejects", len(rejects))
	}
	for _, r := range rejects {
		if r.Reason != "source" || r.Source != "-" || r.Size == 0 || !strings.Contains(r.Detail, "source") {
			t.Errorf("%+v", r)
		}
	}
	if !strings.Contains(said.String(), "C360_SOURCES") || strings.Contains(said.String(), "4821") {
		t.Errorf("the log says %s", said)
	}
}

// TestManyStrangersHoldUpNobody: more messages of an unknown source than may wait are refused at once, and who is known
// is served.
func TestManyStrangersHoldUpNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	js := h.stream()
	h.publishFor(js, "nobody", 5000)
	h.publish(js, 0, 10)
	p := h.start(settings{inlet: func(o *inlet.Options) { o.SourceWait = time.Hour }})
	eachOnce(t, h.holds(10), 10)
	again := p.value("c360_inlet_messages_total", "returned")
	if again < 2000 || again > 3000 {
		t.Errorf("%v wait", again)
	}
	waitUntil(t, func() bool { return p.value("c360_inlet_messages_total", "refused") == 5000-again })
}
