package esdbtest

// Lose takes the last events of the whole log away, as when a server comes back from an old backup. It returns how many
// were left. Stop the node before and start it after, as one would.
func (n *Node) Lose(events int) int {
	d := n.db
	d.mu.Lock()
	defer d.mu.Unlock()
	keep := max(0, len(d.all)-events)
	for _, e := range d.all[keep:] {
		delete(d.recent, e.id)
		s := d.streams[e.stream]
		if s == nil || e.revision >= uint64(len(s.events)) || s.events[e.revision] != e {
			continue
		}
		if s.events = s.events[:e.revision]; len(s.events) == 0 {
			delete(d.streams, e.stream)
		}
	}
	d.all = d.all[:keep]
	return keep
}

// Hide takes the last events away until show is called, as a node has them not that was deposed and does not know it yet.
// Nothing may be appended meanwhile.
func (n *Node) Hide(events int) (show func()) {
	d := n.db
	d.mu.Lock()
	all, streams := d.all, map[string]*stream{}
	for name, s := range d.streams {
		whole := *s
		streams[name] = &whole
	}
	d.mu.Unlock()
	n.Lose(events)
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.all, d.streams = all, streams
		close(d.grown)
		d.grown = make(chan struct{})
	}
}

// Wipe takes everything away: a new, empty server at the same address.
func (n *Node) Wipe() { n.Lose(1 << 40) }

// Alter changes the body of an event, as a flipped bit that no checksum caught would. It reports whether there is one.
func (n *Node) Alter(stream string, revision uint64, change func(data []byte) []byte) bool {
	d := n.db
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.streams[stream]
	if s == nil || revision >= uint64(len(s.events)) {
		return false
	}
	altered := *s.events[revision]
	altered.data = change(append([]byte{}, altered.data...))
	s.events[revision], d.all[d.at(altered.position)] = &altered, &altered
	return true
}

// Streams returns how many events each stream holds that was not deleted.
func (n *Node) Streams() map[string]int {
	d := n.db
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[string]int{}
	for name, s := range d.streams {
		if !s.gone && !s.forgotten {
			out[name] = len(s.events) - int(s.first) //nolint:gosec // small
		}
	}
	return out
}
