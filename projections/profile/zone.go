package profile

import (
	"time"

	"github.com/c360hq/c360/projections/history"
)

// Zone is the zone of customers' days, weeks and quarters.
var Zone = history.Zone

// quarter returns the quarter of a time, as year*4 + 0…3.
func quarter(micros int64) int64 {
	t := time.UnixMicro(micros).In(Zone)
	return int64(t.Year())*4 + int64(t.Month()-1)/3
}
