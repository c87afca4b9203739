package events

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestLoaderRefusesWhatItWouldNotCheck makes sure a keyword that the walk does not know can never be written.
func TestLoaderRefusesWhatItWouldNotCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ schema, problem string }{
		{`{"type":"object","properties":{"a":{"type":"string","pattern":"^x$"}}}`, "pattern"},
		{`{"type":"object","additionalProperties":false}`, "additionalProperties"},
		{`{"type":"object","properties":{"a":{"type":"integer"}}}`, `unknown type "integer"`},
		{`{"type":"object","properties":{"a":{"$ref":"common.json#/$defs/nowhere"}}}`, "leads nowhere"},
		{`{"type":"object","properties":{"a":{"type":"array","items":{"$ref":"other.json#/x"}}}}`, "leads nowhere"},
		{`{"type":["object",7]}`, "number"},
		{`{"type":"object","required":["a"]}`, "properties does not have"},
	} {
		files := fstest.MapFS{"schemas/x.json": {Data: []byte(`{"$schema":"s","$id":"i","title":"x","$defs":{"a.b":` + c.schema + `}}`)}}
		if _, err := newLoader(files); err == nil || !strings.Contains(err.Error(), c.problem) || !strings.Contains(err.Error(), "x.json") {
			t.Errorf("%s: %v; want x.json and %q", c.schema, err, c.problem)
		}
	}
}
