package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// roles are what one process does. One process may do everything; on shared engines each role may be processes of its own.
//
//	ingest   takes touchpoints in and appends them
//	project  folds, ticks the clock, calibrates, builds and swaps generations; one process at a time, the others stand by
//	query    answers reads and takes decisions
//	console  serves the files of the browser app
type roles struct{ ingest, project, query, console bool }

const (
	roleIngest  = "ingest"
	roleProject = "project"
	roleQuery   = "query"
	roleConsole = "console"
)

func allRoles() []string { return []string{roleIngest, roleProject, roleQuery, roleConsole} }

// parseRoles reads a list with commas; the empty list is all of them.
func parseRoles(text string) (roles, error) {
	if text == "" {
		return roles{true, true, true, true}, nil
	}
	var r roles
	for name := range strings.SplitSeq(text, ",") {
		switch strings.TrimSpace(name) {
		case roleIngest:
			r.ingest = true
		case roleProject:
			r.project = true
		case roleQuery:
			r.query = true
		case roleConsole:
			r.console = true
		default:
			return r, fmt.Errorf("there is no role %q; there are %s", name, strings.Join(allRoles(), ", "))
		}
	}
	return r, nil
}

// names lists the roles in their order.
func (r roles) names() []string {
	held := map[string]bool{roleIngest: r.ingest, roleProject: r.project, roleQuery: r.query, roleConsole: r.console}
	return slices.DeleteFunc(allRoles(), func(name string) bool { return !held[name] })
}

// reads reports whether the process opens the read store whatever else it does.
func (r roles) reads() bool { return r.project || r.query }

// appends reports whether the process opens the log.
func (r roles) appends() bool { return r.ingest || r.reads() }

// fits refuses roles that the engines cannot be split into.
func (r roles) fits(logKind string) error {
	if logKind != enginePebble || !r.appends() || r.ingest && r.project && r.query {
		return nil
	}
	return errors.New("the embedded log (--log pebble:) belongs to one process, which needs the roles ingest, project and query; " +
		"to split them, share a log: --log nats://… or esdb://…, and --store postgres://…")
}
