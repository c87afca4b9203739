package pebblelog

// SmallTables makes a log of a few thousand events have tables on several levels, like a large one.
func SmallTables(o Options) Options {
	o.memTable = 128 << 10
	return o
}
