package offers

import (
	"math"

	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/projections/history"
)

// Forever is the time as of which customers are counted: all that was told of them counts, also what claims to happen later.
const Forever = math.MaxInt64

// Counting counts customers. It is an accumulator of histories: halves can be counted side by side and merged.
type Counting struct{ model *affinity.Model }

// NewCounting returns a counting of nobody.
func NewCounting() *Counting { return &Counting{affinity.New(affinity.Default())} }

// Add counts a customer.
func (c *Counting) Add(h *history.History) { c.model.Add(h, Forever) }

// Merge adds what another counted.
func (c *Counting) Merge(other *Counting) { c.model.Merge(other.model) }
