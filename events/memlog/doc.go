// Package memlog is an events.Log in memory: the simple reference against which the other drivers are judged, and
// the slow model in property tests. It keeps nothing over a restart, so it is never the log of a real c360.
//
// An append encodes the event as every driver does, and a read decodes it again: callers share no memory with the
// log, and a time or an empty body comes back in the shape it has on disk.
package memlog
