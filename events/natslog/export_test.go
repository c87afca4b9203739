package natslog

// Hold keeps a log from going further, as a process that gets no processor time: it neither publishes nor follows until
// release is called.
func (l *Log) Hold() (release func()) {
	l.tail.Lock()
	return l.tail.Unlock
}
