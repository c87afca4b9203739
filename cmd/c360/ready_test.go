package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events/natslog/natstest"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
	"github.com/c360hq/c360/services/query"
)

// TestReadyAsksTheEngines: a process is ready while its engines answer, says which does not, and is ready again by itself.
func TestReadyAsksTheEngines(t *testing.T) {
	t.Parallel()
	log, store := natstest.Start(t), pgtest.Start(t)
	c := &config{
		data: t.TempDir(), listen: "127.0.0.1:0", region: "KR", sources: "web:KEY-WEB:claimed", log: log.URL("READY"), store: store.NewDatabase(t),
	}
	a, err := openApp(t.Context(), c, env{stdout: io.Discard, stderr: io.Discard, getenv: runtimeOff})
	must(t, err)
	defer func() { must(t, a.close()) }()
	a.turns(t, roleIngest, true)
	a.turns(t, roleQuery, true)
	must(t, store.Stop(pgtest.Fast))
	for _, role := range []string{roleProject, roleQuery} {
		if p := a.turns(t, role, false); !strings.Contains(p.Why, "read store does not answer") {
			t.Errorf("without a read store %s says %s", role, p.Why)
		}
	}
	a.turns(t, roleIngest, true)
	must(t, store.Start())
	a.turns(t, roleQuery, true)
	log.Stop()
	if p := a.turns(t, roleIngest, false); !strings.Contains(p.Why, "does not answer") {
		t.Errorf("without a log it says %s", p.Why)
	}
	log.Restart()
	a.turns(t, roleIngest, true)
}

// turns waits until a part is ready, or is not.
func (a *app) turns(t *testing.T, role string, ready bool) query.HealthPart {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		answer, status := a.ready.look(t.Context())
		for _, p := range answer.Parts {
			if !p.Ready && status != http.StatusServiceUnavailable {
				t.Errorf("%d although %+v", status, p)
			}
			if p.Part == role && p.Ready == ready {
				return p
			}
		}
	}
	t.Fatalf("%s does not become ready=%v", role, ready)
	return query.HealthPart{}
}

// TestReadyInACrowd: a process of whose read store all readers are in use is ready: it is busy.
func TestReadyInACrowd(t *testing.T) {
	t.Parallel()
	store := pgtest.Start(t)
	c := &config{data: t.TempDir(), listen: "127.0.0.1:0", region: "KR", sources: "web:KEY-WEB:claimed", store: store.NewDatabase(t)}
	a, err := openApp(t.Context(), c, env{stdout: io.Discard, stderr: io.Discard, getenv: runtimeOff})
	must(t, err)
	defer func() { must(t, a.close()) }()
	a.turns(t, roleQuery, true)
	for all := false; !all; {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		v, err := a.house.generations.Live().View(ctx)
		cancel()
		if all = errors.Is(err, context.DeadlineExceeded); !all {
			must(t, err)
			defer v.Close()
		}
	}
	fresh := &readiness{app: a, now: time.Now} // has asked nobody yet
	if answer, status := fresh.look(t.Context()); status != http.StatusOK {
		t.Errorf("%d: %+v", status, answer)
	}
}
