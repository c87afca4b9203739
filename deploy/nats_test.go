package deploy_test

import (
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

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

// TestNATSCluster: three nodes of that configuration and c360 with the address of the compose file find each other.
func TestNATSCluster(t *testing.T) {
	t.Setenv("NATS_PASSWORD", "pSecret42")
	places, routes := []string{}, []*url.URL{}
	for range 3 {
		places = append(places, freeAddress(t))
		routes = append(routes, &url.URL{Scheme: "nats", Host: freeAddress(t)})
	}
	var health []string
	for i := range 3 {
		t.Setenv("NATS_NAME", "nats-"+strconv.Itoa(i+1))
		health = append(health, startNode(t, places[i], routes[i], routes))
	}
	for _, url := range health { // as the compose file's depends_on does
		await(t, url)
	}
	p, err := compose(t, "compose.nats.yml", settings(t, "c360.env.example"))
	if err != nil {
		t.Fatal(err)
	}
	var environment []string
	for _, name := range []string{"C360_LOG", "C360_NATS"} {
		address := *p.Services["ingest"].Environment[name]
		for i := range 3 {
			address = strings.Replace(address, "nats-"+strconv.Itoa(i+1)+":4222", places[i], 1)
		}
		environment = append(environment, name+"="+address)
	}
	s := serve(t, append(environment, "C360_SOURCES=pos:KEY:asserted")...)
	res, err := http.Post(s.base+"/v1/track?writeKey=KEY", "application/json", strings.NewReader(`{"event":"Seen","userId":"u-1","messageId":"m-1"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("an event on three nodes: %s", res.Status)
	}
}

// startNode starts a node and gives the address that its health check asks.
func startNode(t *testing.T, place string, route *url.URL, routes []*url.URL) (health string) {
	t.Helper()
	o, err := server.ProcessConfigFile("nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(place)
	o.Host, o.Port, o.StoreDir = host, atoi(t, port), t.TempDir()
	o.HTTPHost, o.HTTPPort = "127.0.0.1", server.RANDOM_PORT
	o.Cluster.Host, o.Cluster.Port, o.Routes = route.Hostname(), atoi(t, route.Port()), routes
	o.JetStreamMaxStore, o.NoLog, o.NoSigs = 1<<30, true, true
	n, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	n.Start()
	t.Cleanup(func() { n.Shutdown(); n.WaitForShutdown() })
	if !n.ReadyForConnections(10 * time.Second) {
		t.Fatal("a node does not start")
	}
	return "http://" + n.MonitorAddr().String() + "/healthz"
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
