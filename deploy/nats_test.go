package deploy_test

import (
	"os"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// TestNATS: a NATS server takes nats.conf, writes before it acknowledges, lets in c360 alone, and looks for the nodes that the
// compose file has.
func TestNATS(t *testing.T) {
	t.Setenv("NATS_NAME", "nats-1")
	t.Setenv("NATS_PASSWORD", "pSecret42")
	o, err := server.ProcessConfigFile("nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	if !o.JetStream || !o.SyncAlways || o.StoreDir != "/data" || o.ServerName != "nats-1" {
		t.Errorf("JetStream %v, sync always %v, store %s, name %s", o.JetStream, o.SyncAlways, o.StoreDir, o.ServerName)
	}
	if len(o.Users) != 1 || o.Users[0].Username != "c360" || o.Users[0].Password != os.Getenv("NATS_PASSWORD") {
		t.Errorf("%d users may come in", len(o.Users))
	}
	p, err := compose(t, "compose.nats.yml", settings(t, "c360.env.example"))
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range o.Routes {
		if _, ok := p.Services[route.Hostname()]; !ok {
			t.Errorf("route %s leads to no service", route)
		}
	}
	log := *p.Services["ingest"].Environment["C360_LOG"]
	if want := len(o.Routes); want != 3 || strings.Count(log, "nats-") != want || !strings.Contains(log, "replicas=3") {
		t.Errorf("%d nodes, and c360 is told %s", want, strings.ReplaceAll(log, "pSecret42", "…"))
	}
}
