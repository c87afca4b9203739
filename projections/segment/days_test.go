package segment_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// TestDays says on which days, in the customer's zone, rules about days hold.
func TestDays(t *testing.T) {
	t.Parallel()
	v := words(t)
	for name, c := range map[string]struct {
		rule, zone string
		born       []string
		want       []string // entries and exits in turns
	}{
		"a birthday in a week":      {`{"birthday":{"within":"7d"}}`, "", []string{"birth_date", `"1996-05-03"`}, []string{"2025-04-26", "2025-05-04", "2026-04-26", "2026-05-04"}},
		"a birthday today":          {`{"birthday":{"within":"0d"}}`, "", []string{"birth_date", `"1996-12-31"`}, []string{"2025-12-31", "2026-01-01", "2026-12-31"}},
		"across the new year":       {`{"birthday":{"within":"3d"}}`, "", []string{"birth_date", `"1996-01-02"`}, []string{"2025-01-01", "2025-01-03", "2025-12-30", "2026-01-03", "2026-12-30"}},
		"29 February":               {`{"birthday":{"within":"0d"}}`, "", []string{"birth_date", `"1996-02-29"`}, []string{"2025-02-28", "2025-03-01", "2026-02-28", "2026-03-01"}},
		"by the moon: Chuseok":      {`{"birthday":{"within":"0d"}}`, "", []string{"birth_date", `"1960-08-15"`, "birth_lunar", "true"}, []string{"2025-10-06", "2025-10-07", "2026-09-25", "2026-09-26"}},
		"a lunar 30th":              {`{"birthday":{"within":"0d"}}`, "", []string{"birth_date", `"1960-12-30"`, "birth_lunar", "true"}, []string{"2025-01-28", "2025-01-29", "2026-02-16", "2026-02-17"}},
		"in a year with leap month": {`{"birthday":{"within":"0d"}}`, "", []string{"birth_date", `"1987-06-10"`, "birth_lunar", "true", "birth_leap", "true"}, []string{"2025-08-03", "2025-08-04", "2026-07-23", "2026-07-24"}},
		"in another zone":           {`{"birthday":{"within":"0d"}}`, "America/New_York", []string{"birth_date", `"1996-05-03"`}, []string{"2025-05-03", "2025-05-04", "2026-05-03", "2026-05-04"}},
		"no such zone":              {`{"birthday":{"within":"0d"}}`, "../../etc/passwd", []string{"birth_date", `"1996-05-03"`}, []string{"2025-05-03", "2025-05-04", "2026-05-03", "2026-05-04"}},
		"no birthday":               {`{"birthday":{"within":"7d"}}`, "", []string{"birth_date", `"unknown"`}, nil},
		"not on the day itself":     {`{"anniversary":{"of":"joined_on","within":"1d"}}`, "", []string{"joined_on", `"2025-06-01"`}, []string{"2026-05-31", "2026-06-02"}},
		"from twenty on":            {`{"trait":"age",">=":20}`, "", []string{"birth_date", `"2006-02-28"`}, []string{"2026-02-28"}},
		"born on 29 February":       {`{"trait":"age","is":17}`, "", []string{"birth_date", `"2008-02-29"`}, []string{"2025-02-28", "2026-02-28"}},
		"age by the moon":           {`{"trait":"age",">=":66}`, "", []string{"birth_date", `"1960-01-01"`, "birth_lunar", "true"}, []string{"2026-02-17"}},
		"not born yet":              {`{"trait":"age","<":1}`, "", []string{"birth_date", `"2025-07-01"`}, []string{"2025-07-01", "2026-07-01"}},
	} {
		traits := c.born
		zone := history.Zone
		if c.zone != "" {
			traits = append(traits, "time_zone", `"`+c.zone+`"`)
			if z, err := time.LoadLocation(c.zone); err == nil {
				zone = z
			}
		}
		h := life{-10_000: said(traits...)}.history()
		from := time.Date(2025, 1, 1, 0, 0, 0, 0, zone).UnixMicro()
		var got []string
		for _, change := range standing.Changes(compile(t, v, c.rule), h, from, time.Date(2026, 12, 31, 12, 0, 0, 0, zone).UnixMicro()) {
			at := time.UnixMicro(change.At).In(zone)
			if got = append(got, at.Format(time.DateOnly)); !strings.HasSuffix(at.Format(time.RFC3339Nano), at.Format("T00:00:00Z07:00")) {
				t.Errorf("%s: changes at %s", name, at)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s (-want +got)\n%s", name, c.rule, diff)
		}
	}
}
