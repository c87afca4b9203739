package offers

import (
	"math"

	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/projections/history"
)

// Forever is the time as of which customers are counted: all that was told of them counts, also what claims to happen later.
const Forever = math.MaxInt64

// Counting counts customers, or the largest sample of them that is small enough. It is an accumulator of histories: halves
// can be counted side by side and merged, and whoever is counted in the end depends on neither halves nor order.
type Counting struct {
	model  *affinity.Model
	sample sample
	most   int
}

// NewCounting returns a counting of nobody yet, and of so many customers at most.
func NewCounting(most int) *Counting {
	return &Counting{model: affinity.New(affinity.Default()), sample: everyone, most: most}
}

// Add counts a customer.
func (c *Counting) Add(h *history.History) {
	if c.sample.has(h.Customer) {
		c.model.Add(h, Forever)
		c.fit()
	}
}

// Merge adds what another counted, which is not to be used any more.
func (c *Counting) Merge(other *Counting) {
	c.narrow(other.sample)
	other.narrow(c.sample)
	c.model.Merge(other.model)
	c.fit()
}

// fit halves the sample until it is small enough.
func (c *Counting) fit() {
	for c.model.Customers() > c.most && c.sample > 1 {
		c.narrow(c.sample / 2)
	}
}

// narrow takes out who is not in a smaller sample.
func (c *Counting) narrow(s sample) {
	if s < c.sample {
		c.sample = s
		c.model.Keep(s.has)
	}
}
