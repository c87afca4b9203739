package esdblog_test

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
)

// bare returns the module's own client.
func bare(tb testing.TB, url string) *esdb.Client {
	tb.Helper()
	config, err := esdb.ParseConnectionString(url)
	if err != nil {
		tb.Fatal(err)
	}
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = client.Close() })
	return client
}

// stray appends events behind the back of the log.
func stray(t *testing.T, url, stream string, n int) {
	t.Helper()
	proposed := make([]esdb.EventData, n)
	for i := range proposed {
		proposed[i] = esdb.EventData{EventID: uuid.New(), EventType: "x", ContentType: esdb.ContentTypeJson, Data: []byte("{}")}
	}
	if _, err := bare(t, url).AppendToStream(t.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, proposed...); err != nil {
		t.Fatal(err)
	}
}
