package esdblog

// Reconnects counts how often the connection was replaced, because it was dead or somebody else had become the leader.
func (l *Log) Reconnects() uint64 {
	l.link.mu.Lock()
	defer l.link.mu.Unlock()
	return max(l.link.made, 1) - 1
}
