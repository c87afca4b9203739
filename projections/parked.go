package projections

// ParkedTable lists the events that could not be folded, and those that wait behind them.
var ParkedTable = &Table{
	Name: "engine_parked",
	Doc:  "Events that could not be folded, with those that queue behind them because they are of the same fragment.",
	Columns: []Column{
		{Name: "fragment", Kind: Blob, Doc: "Whose event it is; zeros for an event that names nobody."},
		{Name: "position", Kind: Int, Doc: "Where the log holds it.", Order: true},
		{Name: "behind", Kind: Int, Doc: "1 if the event was never tried, because one before it is parked."},
		{Name: "source", Kind: Text, Doc: "The source of the event."},
		{Name: "type", Kind: Text, Doc: "The type of the event."},
		{Name: "reason", Kind: Text, Doc: "What the fold said."},
		{Name: "recorded_at", Kind: Int, Doc: "When the log took the event, Unix microseconds.", Order: true},
	},
	KeyLen:  2,
	Indexes: []Index{{Name: "by_recorded", Columns: []string{"recorded_at"}}},
}

// SeenTable remembers which events were folded, for logs that may store a repeat.
var SeenTable = &Table{
	Name: "engine_seen",
	Doc:  "Which events were folded, by a hash of source and id; empty if the log itself stores no repeats.",
	Columns: []Column{
		{Name: "event", Kind: Blob, Doc: "The first 16 bytes of SHA-256 over source and id."},
		{Name: "position", Kind: Int, Doc: "Where the event was folded from.", Order: true},
	},
	KeyLen: 1,
}
