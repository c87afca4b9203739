package pebblelog

import (
	"time"

	"github.com/c360hq/c360/events"
)

// spaceEvery is the longest time between two looks at the free space while appends come in.
const spaceEvery = 20 * time.Millisecond

// space refuses appends while the disk has less room than the reserve. So the engine never meets a full disk: it
// would survive that in a table, which it writes again, but not in its WAL or MANIFEST.
type space struct {
	site *site
	next time.Time // when to look again
	full bool
}

// check returns ErrFull if there is too little room. Full, it looks each time, to go on as soon as there is room.
func (s *space) check(now time.Time) error {
	if s.full || !now.Before(s.next) {
		s.look()
		s.next = now.Add(spaceEvery)
	}
	if s.full {
		return events.ErrFull
	}
	return nil
}

func (s *space) look() {
	usage, err := s.site.FS.GetDiskUsage(s.site.Dir)
	if err != nil {
		s.full = false // a file system that does not know; the engine will tell
		return
	}
	full := usage.AvailBytes < s.site.ReserveBytes
	if full != s.full {
		s.site.Logger.Warn("room on the disk", "full", full, "free_bytes", usage.AvailBytes, "reserve_bytes", s.site.ReserveBytes)
	}
	s.full = full
}
