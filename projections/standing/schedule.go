package standing

import (
	"github.com/c360hq/c360/projections/history"
)

// Version is what a judged rule was from a moment on, until the next version.
type Version struct {
	// Number is what the version is called.
	Number int64
	// From is the moment, Unix microseconds.
	From int64
	// Judge is the rule; nil says that there was none any more.
	Judge Judge
}

// VersionChange is one entry or exit under one version of a rule.
type VersionChange struct {
	Change
	// Version is the number of the version that made it.
	Version int64
}

// ChangesOf replays a customer's history under the versions of a rule, which are in the order of From, up to and including
// a moment. Each version holds from its From on and up to the next one's; of two with the same From the latter holds. At that
// moment those whom the new version judges otherwise enter or leave, which is marked Begin; everybody else stays as they are.
// Of one version it returns what Changes does.
func ChangesOf(versions []Version, h *history.History, to int64) []VersionChange {
	var all []VersionChange
	in := false
	for i := range versions {
		v, end := &versions[i], to
		if i+1 < len(versions) {
			end = min(end, versions[i+1].From-1)
		}
		if end < v.From {
			continue
		}
		for _, c := range v.changes(h, end, in) {
			all, in = append(all, VersionChange{c, v.Number}), c.In
		}
	}
	return all
}

// changes are those while the version holds, for a customer who stood so before it.
func (v *Version) changes(h *history.History, to int64, in bool) []Change {
	var list []Change
	if v.Judge != nil {
		list = Changes(v.Judge, h, v.From, to)
	}
	if !in {
		return list
	}
	if len(list) > 0 && list[0].Begin {
		return list[1:] // was in, is in
	}
	return append([]Change{{At: v.From, Begin: true}}, list...)
}
