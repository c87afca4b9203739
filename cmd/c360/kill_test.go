package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

const killSources = "till:killkey:asserted"

// TestKill kills c360 serve (-9) at random moments while four producers send, starts it again on the same folder,
// and at the end looks for every touchpoint: none that was acknowledged may be lost, none may be there twice,
// and the read model must be what a slow model makes of the log. C360_KILLS sets how often, C360_SEED repeats a run.
func TestKill(t *testing.T) {
	kills := number("C360_KILLS", 6)
	seed := uint64(number("C360_SEED", int(time.Now().UnixNano()%1_000_000)))
	t.Logf("kills %d, seed %d", kills, seed)
	k := &killing{r: rand.New(rand.NewPCG(seed, 1)), sent: map[string]slowEvent{}, acked: map[string]bool{}}
	data := t.TempDir()
	for range kills {
		p := startProcess(t, data, killSources)
		k.underLoad(p, time.Duration(20+k.r.IntN(400))*time.Millisecond)
	}
	p := startProcess(t, data, killSources)
	p.settle()
	stored := k.checkLog(t, p, data)
	t.Logf("%d acknowledged of %d sent, %d stored, 0 lost, 0 doubled", len(k.acked), len(k.sent), len(stored))
	p = startProcess(t, data, killSources)
	p.settle()
	customers := slowModel(stored)
	p.compare(t, customers)
	t.Logf("%d customers equal to the slow model", len(customers))
}

// killing is what the producers know.
type killing struct {
	r *rand.Rand

	mu      sync.Mutex
	next    int
	sent    map[string]slowEvent
	acked   map[string]bool
	unacked [][]slowEvent // requests without an answer, to be sent again
}

// underLoad sends from four producers until the process is killed.
func (k *killing) underLoad(p *process, life time.Duration) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for ctx.Err() == nil {
				k.send(p, k.request())
			}
		})
	}
	time.Sleep(life)
	p.kill()
	cancel()
	wg.Wait()
}

// request returns new touchpoints, or those of a request that was never answered.
func (k *killing) request() []slowEvent {
	k.mu.Lock()
	defer k.mu.Unlock()
	if n := len(k.unacked); n > 0 && k.r.IntN(2) == 0 {
		last := k.unacked[n-1]
		k.unacked = k.unacked[:n-1]
		return last
	}
	batch := make([]slowEvent, 1+k.r.IntN(100))
	for i := range batch {
		k.next++
		batch[i] = randomEvent(k.r, fmt.Sprintf("e%d", k.next), 300)
		k.sent[batch[i].id] = batch[i]
	}
	return batch
}

func (k *killing) send(p *process, batch []slowEvent) {
	var body []byte
	for _, e := range batch {
		body = append(body, e.line()...)
	}
	status, answer := p.post("/v1/import?format=ndjson", "killkey", body)
	k.mu.Lock()
	defer k.mu.Unlock()
	if status != 200 {
		k.unacked = append(k.unacked, batch)
		return
	}
	var said struct{ Accepted, Duplicates, Rejected int }
	if err := json.Unmarshal(answer, &said); err != nil || said.Accepted+said.Duplicates != len(batch) || said.Rejected != 0 {
		p.tb.Errorf("an answer that does not add up to %d: %s", len(batch), answer)
	}
	for _, e := range batch {
		k.acked[e.id] = true
	}
}

// checkLog stops the process and reads its log.
func (k *killing) checkLog(t *testing.T, p *process, data string) []slowEvent {
	t.Helper()
	p.kill()
	c := config{data: data}
	ctx := t.Context()
	log, err := pebblelog.Open(ctx, c.logOptions(silentLogger()))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	if err := log.Verify(ctx, nil); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var stored []slowEvent
	for after := events.Position(0); ; {
		page, err := log.Read(ctx, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			if seen[e.ID] {
				t.Errorf("%s is stored twice", e.ID)
			}
			seen[e.ID] = true
			stored = append(stored, k.sent[e.ID])
		}
		after = page[len(page)-1].Position
	}
	for id := range k.acked {
		if !seen[id] {
			t.Errorf("%s was acknowledged and is lost", id)
		}
	}
	return stored
}

func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}
