package replay

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
	"github.com/c360hq/c360/services/web"
)

// exportParams describes the parameters of an export, for the API document.
type exportParams struct {
	Dataset string   `path:"dataset" enum:"events,order_items,customers,fragments,identifiers,links,orders,cases,consents,dictionary" doc:"the table"`
	Format  string   `query:"format" enum:"ndjson,csv,parquet" default:"ndjson" doc:"how it is written down"`
	From    string   `query:"from" maxlen:"40" doc:"only what happened at this time or later; a day is its beginning in Asia/Seoul"`
	To      string   `query:"to" maxlen:"40" doc:"only what happened by this time; a day is its end in Asia/Seoul"`
	Type    []string `query:"type" maxlen:"400" doc:"only these types of events"`
	Channel []string `query:"channel" enum:"web,app,store,call,inquiry,message,other" doc:"only these channels"`
	BOM     string   `query:"bom" enum:"0,1" doc:"1: a CSV begins with a byte order mark, for Excel"`
}

var exportNames = []string{"format", "from", "to", "type", "channel", "bom"}

// readExport reads what is asked for, or says what is wrong with it.
func readExport(r *http.Request) (*asked, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, web.Wrong(http.StatusBadRequest, "the query cannot be read; escape % as %25")
	}
	if err := knownNames(q); err != nil {
		return nil, err
	}
	a := &asked{}
	if a.dataset, err = findDataset(r.PathValue("dataset")); err != nil {
		return nil, err
	}
	name := q.Get("format")
	if name == "" {
		name = "ndjson"
	}
	if a.format, err = format.Find(name, format.Options{BOM: q.Get("bom") == "1"}); err != nil {
		return nil, wrong("format", err.Error())
	}
	if a.query, err = readQuery(q); err != nil {
		return nil, err
	}
	if !a.query.All() && !a.dataset.Log {
		return nil, web.Wrong(http.StatusBadRequest, "from, to, type and channel select among events and order_items; the other tables are whole")
	}
	return a, nil
}

func knownNames(q url.Values) error {
	for name, given := range q {
		switch {
		case name == "known_at" || name == "as_of":
			return wrong(name, name+" is not served here: for all tables as of an instant run `c360 replay --known-at 2011-06-30 --out june.db`, "+
				"for one customer GET /v1/customers/{id}?"+name+"=")
		case !slices.Contains(exportNames, name):
			return web.Wrong(http.StatusBadRequest, "there is a parameter that this call does not have; it has "+strings.Join(exportNames, ", "))
		case len(given) > 1:
			return wrong(name, name+" is given more than once; give it once")
		}
	}
	return nil
}

func findDataset(name string) (*dataset.Dataset, error) {
	if d := dataset.Dictionary(); name == d.Name {
		return d, nil
	}
	found, err := dataset.Select([]string{name})
	if err != nil || name == "" {
		return nil, web.Wrong(http.StatusNotFound, "there is no such table; there are "+strings.Join(dataset.Names(), ", ")+" and dictionary")
	}
	return found[0], nil
}

func readQuery(q url.Values) (out dataset.Query, err error) {
	if s := q.Get("from"); s != "" {
		if out.From, err = ParseFrom(s, profile.Zone); err != nil {
			return out, wrong("from", err.Error())
		}
	}
	if s := q.Get("to"); s != "" {
		if out.To, err = projections.ParseTime(s, profile.Zone); err != nil {
			return out, wrong("to", err.Error())
		}
	}
	if s := q.Get("type"); s != "" {
		out.Types = strings.Split(s, ",")
	}
	if s := q.Get("channel"); s != "" {
		out.Channels, err = ParseChannels(s)
	}
	if err != nil {
		return out, wrong("channel", err.Error())
	}
	return out, nil
}

func wrong(name, detail string) *web.Problem {
	return web.Wrong(http.StatusBadRequest, detail).At("?" + name)
}

// ParseFrom reads the beginning of a stretch of time: RFC 3339, or a day, which begins at midnight in loc.
func ParseFrom(text string, loc *time.Location) (time.Time, error) {
	if day, err := time.ParseInLocation(time.DateOnly, text, loc); err == nil {
		return day, nil
	}
	return projections.ParseTime(text, loc)
}

// ParseChannels reads names of channels with commas between them.
func ParseChannels(text string) ([]events.Channel, error) {
	var all []events.Channel
	for name := range strings.SplitSeq(text, ",") {
		c, ok := events.ParseChannel(name)
		if !ok {
			return nil, errChannel
		}
		all = append(all, c)
	}
	return all, nil
}

// errChannel: there is no such channel.
var errChannel = errors.New("there is no such channel; there are web, app, store, call, inquiry, message and other")
