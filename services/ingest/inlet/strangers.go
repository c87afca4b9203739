package inlet

import (
	"log/slog"
	"time"
)

const (
	// sourceTries is how often a message is delivered before an unknown or disabled source is refused: ten minutes of
	// Options.SourceWait, in which every process should have learned the sources.
	sourceTries = 40
	// strangersAtMost bounds, to about a batch more, how many messages this process has come again in one SourceWait. NATS
	// counts them as taken (maxAckPending), so without a bound one publisher nobody knows could hold up all others.
	strangersAtMost = 2_000
)

// strangers counts the messages whose source is unknown or disabled here and that are to come again.
type strangers struct {
	wait   time.Duration
	logger *slog.Logger

	until time.Time // the end of the SourceWait that is counted
	count int
}

// room says whether messages of a batch may be put off.
func (s *strangers) room(now time.Time) bool {
	if now.After(s.until) {
		s.until, s.count = now.Add(s.wait), 0
	}
	return s.count < strangersAtMost
}

// putOff counts messages that were, and says so once in a SourceWait.
func (s *strangers) putOff(n int) {
	if n > 0 && s.count == 0 {
		s.logger.Warn("touchpoints from NATS name a source that is unknown or disabled here: they come again for ten minutes, "+
			"then they are rejects; the sources are set with C360_SOURCES", slog.Int("messages", n))
	}
	s.count += n
}
