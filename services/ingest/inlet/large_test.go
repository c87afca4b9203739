package inlet_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestAServerThatTakesLargeMessages gives more in one request than services/ingest has room for at once.
func TestAServerThatTakesLargeMessages(t *testing.T) {
	t.Parallel()
	h := newHouseAt(t, &broker{t: t, dir: t.TempDir(), port: -1, payload: 64 << 20})
	js := h.stream()
	const n = 500 // of 60 KB
	for i := range n {
		e := fmt.Appendf(nil, `{"specversion":"1.0","id":"pos-%d","source":"pos","type":"order.noted","data":{"n":%q}}`, i, strings.Repeat("x", 60_000))
		if _, err := js.PublishAsync("c360.touchpoints.pos", e); err != nil {
			t.Fatal(err)
		}
	}
	<-js.PublishAsyncComplete()
	h.start(settings{})
	eachOnce(t, h.holds(n), n)
	h.settled()
}
