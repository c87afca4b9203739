package natslog_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events/natslog"
)

func TestDialSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"http://127.0.0.1:4222":                            "nats://",
		"nats://":                                          "host",
		"nats://u:s3cret@127.0.0.1:1":                      "cannot be reached",
		"nats://u:s3cret@nobody.invalid:4222":              "nobody.invalid",
		"nats://u:s3cret@127.0.0.1:1,127.0.0.1:2?speed=10": "speed",
	} {
		began := time.Now()
		conn, _, err := natslog.Dial(t.Context(), url, "test", slog.New(slog.DiscardHandler))
		if err == nil {
			conn.Close()
			t.Errorf("%s: no error", url)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", url, err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s: it took %s", url, took)
		}
	}
}
