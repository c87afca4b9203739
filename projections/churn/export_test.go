package churn

// LogChance is logChance.
var LogChance = logChance

// Types returns the types that count, and those that no policy may count.
func Types() (counting, never []string) { return theirs, notTheirs }

// ZoneMicros is the offset that days are counted with.
const ZoneMicros = zoneMicros
