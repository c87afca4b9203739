package projections

// Changed returns the keys that were changed in b so far, in order of first change. Settle uses it to find what a
// batch touched.
func (d *States[K, S]) Changed(b *Batch) []K { return d.in(b).order }
