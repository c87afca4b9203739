package delivery_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/delivery"
)

// replies answers with one status after the other, then 200.
func replies(t *testing.T, statuses ...int) (*delivery.Client, *[]time.Duration) {
	t.Helper()
	var pauses []time.Duration
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if key, _, _ := r.BasicAuth(); key != "KEY" {
			t.Errorf("key %q", key)
		}
		if len(statuses) == 0 {
			w.Header().Set("C360-Position", "42")
			_, _ = w.Write([]byte(`{"accepted":1}`))
			return
		}
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(statuses[0])
		_, _ = w.Write([]byte(`{"detail":"the sentence"}`))
		statuses = statuses[1:]
	})
	return &delivery.Client{URL: "http://c360", Doer: delivery.InProcess(h), Wait: func(_ context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		return nil
	}}, &pauses
}

func TestTriesAgainAndWaitsAsLongAsAsked(t *testing.T) {
	t.Parallel()
	c, pauses := replies(t, http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusInternalServerError)
	answer, err := c.Post(t.Context(), "KEY", "/v1/batch", []byte("{}"))
	if err != nil || answer.Position != 42 || string(answer.Body) != `{"accepted":1}` {
		t.Fatalf("%+v %v", answer, err)
	}
	if want := []time.Duration{7 * time.Second, 7 * time.Second, 7 * time.Second}; !slices.Equal(*pauses, want) {
		t.Errorf("pauses %v", *pauses)
	}
}

func TestRefusalsAreFinal(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusFound, http.StatusRequestEntityTooLarge} {
		c, pauses := replies(t, status)
		_, err := c.Post(t.Context(), "KEY", "/v1/batch", nil)
		var refused *delivery.RefusedError
		if !errors.As(err, &refused) || refused.Status != status || refused.Detail != "the sentence" || len(*pauses) != 0 {
			t.Errorf("%d: %v after %v", status, err, *pauses)
		}
	}
}

func TestGivesUpInTheEnd(t *testing.T) {
	t.Parallel()
	c := &delivery.Client{URL: "http://127.0.0.1:1", Tries: 3, Wait: func(context.Context, time.Duration) error { return nil }}
	_, err := c.Post(t.Context(), "KEY", "/", nil)
	if err == nil || !strings.Contains(err.Error(), "after 3 tries") || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("%v", err)
	}
}

func TestStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	c, _ := replies(t, slices.Repeat([]int{http.StatusServiceUnavailable}, 100)...)
	c.Wait = func(ctx context.Context, _ time.Duration) error {
		stop()
		return ctx.Err()
	}
	if _, err := c.Post(ctx, "KEY", "/", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
