package pgstore_test

import (
	"testing"

	"github.com/c360hq/c360/projections/pgstore"
)

// TestADeadHostIsNoticed: every session asks the server to look whether its host is still there, or the locks of one that lost
// its power would be held for hours.
func TestADeadHostIsNoticed(t *testing.T) {
	t.Parallel()
	c, err := pgstore.Connect(t.Context(), server.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(t.Context()) }()
	for setting, want := range map[string]string{"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3", "tcp_user_timeout": "30000"} {
		var got string
		if err := c.QueryRow(t.Context(), "SELECT setting FROM pg_settings WHERE name = $1", setting).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", setting, got, err, want)
		}
	}
}
