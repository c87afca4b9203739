// Package logtest is the suite that every driver of events.Log passes. A driver's test calls Run with a function
// that opens an empty log; what an engine cannot do by its nature it says in Engine, and the cases that need it are
// then left out or ask for less. A driver that fails a case may not be chosen as the log of a c360.
//
// The cases speak only through events.Log. What is particular to an engine (its faults, its files) is tested beside it.
package logtest
