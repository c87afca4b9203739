package natslog

// Reconnects counts how often a connection to NATS was lost and made anew.
func (l *Log) Reconnects() uint64 { return l.conn.Stats().Reconnects + l.reading.Stats().Reconnects }
