package affinity

// row counts by item: sparse at first, an open hash table; a plain list as soon as that is smaller. The zero row is empty.
type row struct {
	slots []slot
	used  int
	dense []int32
}

// slot is one place of the table. A count of 0 stays in it until the table grows; key 0 marks a place that is free.
type slot struct {
	key   int32 // item + 1
	count int32
}

// add changes the count of an item, of those that there are.
func (r *row) add(item, by int32, items int) {
	switch {
	case r.dense != nil && int(item) >= len(r.dense):
		r.reach(items)
	case r.dense == nil && 4*r.used >= 3*len(r.slots):
		r.grow(items)
	}
	if r.dense != nil {
		r.dense[item] += by
		return
	}
	s := r.slot(item)
	if s.key == 0 {
		s.key = item + 1
		r.used++
	}
	s.count += by
}

// get returns the count of an item.
func (r *row) get(item int32) int32 {
	switch {
	case int(item) < len(r.dense):
		return r.dense[item]
	case len(r.slots) == 0:
		return 0
	}
	return r.slot(item).count
}

// slot returns the place of an item, or the free one where it belongs.
func (r *row) slot(item int32) *slot {
	mask := uint32(len(r.slots) - 1)            // #nosec G115 -- a power of two far below 2^32
	at := uint32(item) * 2654435769 >> 7 & mask // #nosec G115 -- never negative
	for r.slots[at].key != 0 && r.slots[at].key != item+1 {
		at = (at + 1) & mask
	}
	return &r.slots[at]
}

// grow doubles the table, or turns it into a list if that takes less room.
func (r *row) grow(items int) {
	old := r.slots
	if size := max(4, 2*len(old)); 2*size <= items {
		r.slots, r.used = make([]slot, size), 0
	} else {
		r.slots, r.dense = nil, make([]int32, items)
	}
	for _, s := range old {
		if s.count != 0 {
			r.add(s.key-1, s.count, items)
		}
	}
}

// reach makes the list long enough for an item, or turns it back into a table if it would be mostly empty.
func (r *row) reach(items int) {
	used := 0
	for _, n := range r.dense {
		used += int(min(max(n, -n), 1))
	}
	size := 8
	for 3*size < 8*used {
		size *= 2
	}
	old := r.dense
	if 4*size > items {
		r.dense = make([]int32, items+items/8+16)
		copy(r.dense, old)
		return
	}
	r.slots, r.used, r.dense = make([]slot, size), 0, nil
	for i, n := range old {
		if n != 0 {
			r.add(int32(i), n, items) // #nosec G115 -- an item
		}
	}
}

// each calls do with every item that counts, in no order.
func (r *row) each(do func(item, count int32)) {
	for i, n := range r.dense {
		if n != 0 {
			do(int32(i), n) // #nosec G115 -- an item
		}
	}
	for _, s := range r.slots {
		if s.count != 0 {
			do(s.key-1, s.count)
		}
	}
}

// bytes is the memory of the row.
func (r *row) bytes() int { return 8*cap(r.slots) + 4*cap(r.dense) + 56 }
