package query_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query"
)

// outdated are generations of which only the one that serves can be opened by this program.
type outdated struct{ query.Generations }

var errOutdated = fmt.Errorf("open generation: %w", projections.ErrOtherVersion)

func (outdated) View(context.Context, string) (projections.View, error) { return nil, errOutdated }
func (outdated) Swap(context.Context, string, projections.Report) error { return errOutdated }
func (outdated) Pair(context.Context, string, string, projections.Report) (*projections.Pair, error) {
	return nil, errOutdated
}

// TestGenerationOfAnotherVersion: one that this program cannot read is refused with what to do about it, by every call
// that would read it, and not as if c360 were down.
func TestGenerationOfAnotherVersion(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(c *query.Config) { c.Generations = outdated{c.Generations} })
	tellSeoyeon(h)
	other := h.rebuilt()
	refused := func(call string, p struct{ Detail string }) {
		t.Helper()
		if !strings.Contains(p.Detail, "another version") || !strings.Contains(p.Detail, "DELETE") {
			t.Errorf("%s is refused with %q", call, p.Detail)
		}
	}
	for operation, path := range map[string]string{
		"searchCustomers": "/v1/customers?identifier=loyalty_id:C&generation=" + other,
		"difference":      "/v1/generations/" + other + "/diff",
	} {
		var p struct{ Detail string }
		h.get(operation, path, http.StatusConflict, &p)
		refused(path, p)
	}
	var p struct{ Detail string }
	h.post("swap", "/v1/generations/"+other+"/swap", "", http.StatusConflict, &p)
	refused("swap", p)
	h.drops(other)
}
