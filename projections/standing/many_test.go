package standing_test

import (
	"fmt"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/standing"
)

// TestManyDefinitions: a rebuild reads each definition a few times, not once for every one that came after it.
func TestManyDefinitions(t *testing.T) {
	t.Parallel()
	const definitions = 400
	who, err := identity.New(identity.DefaultRules())
	if err != nil {
		t.Fatal(err)
	}
	parsed := 0
	room := standing.New(standing.Config{
		Tables: standing.NewTables("rule"), Version: 1, Stream: "rule-", Defined: "rule.defined", Removed: "rule.removed", Read: read, Groups: who,
		Parse: func(body []byte) (standing.Rule, error) { parsed++; return parse(body) },
	})
	var log []events.Recorded
	for i := range definitions {
		log = append(log, decision(fmt.Sprint("d", i), fmt.Sprint("rule-r", i%50), "rule.defined", i, `{"type":"page.viewed","min":1,"hours":5}`))
		log[i].Position = events.Position(i + 1)
	}
	store := roomtest.NewStore()
	if err := roomtest.FoldBatch(t.Context(), store, log, who, room); err != nil {
		t.Fatal(err)
	}
	if parsed > 3*definitions {
		t.Errorf("%d definitions were read %d times", definitions, parsed)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for i := range 50 {
		if _, going, err := room.Left(t.Context(), v, fmt.Sprint("r", i)); err != nil || !going {
			t.Errorf("nobody is to be judged under rule %d: %v", i, err)
		}
	}
}
