package demo

import (
	"fmt"
	"time"
)

// Plan says which company to make up. Two equal plans make the same touchpoints, byte for byte.
type Plan struct {
	// Seed is where every choice comes from.
	Seed uint64 `json:"seed"`
	// Customers is how many known people the company has.
	Customers int `json:"customers"`
	// Months is how much history ends at End.
	Months int `json:"months"`
	// End is the present of the made-up company. The generator never reads a clock; its caller does.
	End time.Time `json:"end"`
}

// DefaultPlan is the company `c360 demo` shows: about 300,000 touchpoints of 5,000 people in 18 months.
func DefaultPlan(end time.Time) Plan {
	return Plan{Seed: 360, Customers: 5000, Months: 18, End: end}.settled()
}

const (
	fewestCustomers = 100
	// mostCustomers is how many fit the made-up phone range without a collision.
	mostCustomers = 1_000_000
	mostMonths    = 120
)

// Check says what is wrong with the plan, and what to give instead.
func (p Plan) Check() error {
	if p.Customers < fewestCustomers || p.Customers > mostCustomers {
		return fmt.Errorf("customers %d: give %d to %d", p.Customers, fewestCustomers, mostCustomers)
	}
	if p.Months < 3 || p.Months > mostMonths {
		return fmt.Errorf("months %d: give 3 to %d", p.Months, mostMonths)
	}
	if y := p.End.Year(); y < firstLunarYear+1 || y > lastLunarYear {
		return fmt.Errorf("end %s: give an instant in %d to %d", p.End.Format(time.RFC3339), firstLunarYear+1, lastLunarYear)
	}
	return nil
}

// settled drops what JSON and the wire could not carry, so that a plan survives being written to a file.
func (p Plan) settled() Plan {
	p.End = p.End.UTC().Truncate(time.Second)
	return p
}

// korea is where the company is. A fixed zone, because the country has no summer time and a machine may have
// no zone files.
var korea = time.FixedZone("KST", 9*60*60)

// Start is midnight in Seoul, Months before End.
func (p Plan) Start() time.Time {
	e := p.End.In(korea).AddDate(0, -p.Months, 0)
	return time.Date(e.Year(), e.Month(), e.Day(), 0, 0, 0, 0, korea)
}

const day = 24 * time.Hour

// week returns which seven days since Start the instant lies in.
func (p Plan) week(at time.Time) int { return int(at.Sub(p.Start()) / (7 * day)) }

// weekStart is the inverse of week.
func (p Plan) weekStart(week int) time.Time { return p.Start().Add(time.Duration(week) * 7 * day) }
