package demo_test

import (
	"slices"
	"sync"

	"github.com/c360hq/c360/cmd/c360/demo"
)

// walked is the default company, walked through once for all tests that only look at it.
type walked struct {
	truth demo.Truth
	all   []demo.Touchpoint
}

var whole = sync.OnceValue(func() *walked {
	c, err := demo.New(demo.DefaultPlan(end))
	if err != nil {
		panic(err)
	}
	return &walked{c.Truth(), slices.Collect(c.History())}
})
