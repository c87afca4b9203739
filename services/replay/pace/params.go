package pace

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/web"
)

// Route describes the call of this service, for the API document.
type Route struct {
	Method, Path, ID, Summary, Doc, Media string
	Params                                reflect.Type
	Status                                int
	Problems                              []int
}

// Call is GET /v1/replay.
var Call = Route{
	Method: http.MethodGet, Path: "/v1/replay", ID: "replay", Summary: "what happened, told again at a speed",
	Doc: "Server-sent events. `touchpoint`: one whole event, its position is the id; `end`: `{count, position}`, after the last. A reader " +
		"that connects again sends the last id as Last-Event-ID and misses nothing. Silences are those between recorded times, divided by " +
		"the speed. A replay only tells: nothing is sent to anybody, and nothing is written. A few may run at once; more are answered 503.",
	Media: "text/event-stream", Params: reflect.TypeFor[params](), Status: http.StatusOK, Problems: []int{400, 403, 404, 503},
}

// params are what a replay can be asked for. They are read as texts, by the names in the tags.
type params struct {
	From     string   `query:"from" maxlen:"64" doc:"first position, or the time of the first event (2011-06-30, 2011-06-30T18:00:00+09:00); the beginning if left out"`
	To       string   `query:"to" maxlen:"64" doc:"last position, or the time of the last event; the end of the log if left out"`
	Tail     string   `query:"tail" enum:"0,1" default:"0" doc:"1: go on with what comes in, and begin with that if from is left out"`
	Speed    string   `query:"speed" maxlen:"16" default:"0" doc:"how many times as fast as it happened: 1x, 60x, 0.5x; 0 is as fast as it goes"`
	Clock    string   `query:"clock" enum:"recorded,occurred" default:"recorded" doc:"which time of an event silences are taken from"`
	MaxGap   string   `query:"max_gap" maxlen:"16" default:"10s" doc:"the longest pause, as it is waited: 10s, 1m30s; 0 is no limit"`
	Type     []string `query:"type" maxlen:"1024" doc:"only events of these types; order.* is all that begin so"`
	Channel  []string `query:"channel" enum:"web,app,store,call,inquiry,message,other" doc:"only of these channels"`
	Source   []string `query:"source" maxlen:"1024" doc:"only of these sources and their sub-sources"`
	Customer string   `query:"customer" maxlen:"36" doc:"only of this customer (any fragment id)"`
	Segment  string   `query:"segment" maxlen:"128" doc:"only of the customers who are in this segment when the replay begins, with what they did before"`
	Last     string   `header:"Last-Event-ID" doc:"sent by a reader that connects again; wins over from"`
}

// names are those of the query parameters.
func names() []string {
	var all []string
	for t, i := Call.Params, 0; i < t.NumField(); i++ {
		if name := t.Field(i).Tag.Get("query"); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// wrong is the refusal of one parameter.
func wrong(name, detail string) *web.Problem {
	return web.Wrong(http.StatusBadRequest, detail).At("?" + name)
}

// options reads what is asked for, strictly.
func (s *Service) options(r *http.Request) (Options, error) {
	q, err := query(r)
	if err != nil {
		return Options{}, err
	}
	o := Options{Now: s.Now, Clock: Clock(q.Get("clock"))}
	if o.Speed, err = ParseSpeed(q.Get("speed")); err != nil {
		return o, wrong("speed", err.Error())
	}
	if o.MaxGap, err = parseGap(q.Get("max_gap")); err != nil {
		return o, err
	}
	if err := s.filter(r, q, &o.Filter); err != nil {
		return o, err
	}
	if err := s.bounds(r, q, &o); err != nil {
		return o, err
	}
	if err := o.Check(); err != nil {
		return o, web.Wrong(http.StatusBadRequest, err.Error())
	}
	return o, nil
}

func query(r *http.Request) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, web.Wrong(http.StatusBadRequest, "the query of the URL does not decode; write special characters as %XX (and + as %2B)")
	}
	known := names()
	for name, values := range q {
		switch {
		case !slices.Contains(known, name):
			return nil, web.Wrong(http.StatusBadRequest, "a parameter is unknown; this call takes "+strings.Join(known, ", "))
		case len(values) > 1:
			return nil, wrong(name, name+" is given more than once; give it once, with commas between several values")
		case len(values[0]) > 1024:
			return nil, wrong(name, name+" is too long")
		}
	}
	return q, nil
}

const defaultGap = 10 * time.Second

func parseGap(text string) (time.Duration, error) {
	if text == "" {
		return defaultGap, nil
	}
	if text == "0" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, wrong("max_gap", "max_gap is not a duration; give 10s or 1m30s, or 0 for no limit")
	}
	return d, nil
}

func (s *Service) filter(r *http.Request, q url.Values, f *Filter) error {
	f.Types, f.Sources = list(q.Get("type")), list(q.Get("source"))
	for _, name := range list(q.Get("channel")) {
		c, ok := events.ParseChannel(name)
		if !ok {
			return wrong("channel", "channel is none of web, app, store, call, inquiry, message, other; give one or more, with commas between them")
		}
		f.Channels = append(f.Channels, c)
	}
	if err := s.members(r, q.Get("segment"), f); err != nil {
		return err
	}
	if q.Get("customer") == "" {
		return nil
	}
	id, err := uuid.Parse(q.Get("customer"))
	if err != nil {
		return wrong("customer", "customer is not an id: use the id of a search result (36 characters)")
	}
	if f.Fragments, err = s.Fragments(r.Context(), id); err == nil && len(f.Fragments) == 0 {
		return web.Wrong(http.StatusNotFound, "there is no customer of that id; GET /v1/customers finds one").At("?customer")
	}
	return err
}

// members finds who is in a segment.
func (s *Service) members(r *http.Request, segment string, f *Filter) (err error) {
	switch {
	case segment == "":
		return nil
	case s.Members == nil:
		return wrong("segment", "this c360 keeps no segments; leave it out, or name a customer")
	}
	if f.Members, err = s.Members(r.Context(), segment); errors.Is(err, ErrNoSegment) {
		return web.Wrong(http.StatusNotFound, err.Error()).At("?segment")
	}
	return err
}

func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// bounds works out where the replay begins and ends.
func (s *Service) bounds(r *http.Request, q url.Values, o *Options) error {
	switch q.Get("tail") {
	case "", "0":
	case "1":
		o.Follow = true
	default:
		return wrong("tail", "tail may be 0 or 1")
	}
	var err error
	if o.From, err = ParseFrom(r.Context(), s.Log, q.Get("from"), s.Zone); err != nil {
		return wrong("from", err.Error())
	}
	if o.To, err = ParseTo(r.Context(), s.Log, q.Get("to"), s.Zone); err != nil {
		if errors.Is(err, projections.ErrNothingKnown) {
			return wrong("to", "the log held nothing yet at that time; give a later one")
		}
		return wrong("to", err.Error())
	}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		p, err := strconv.ParseUint(last, 10, 63)
		if err != nil {
			return web.Wrong(http.StatusBadRequest, "Last-Event-ID is not a position; send the id of the last event that was heard")
		}
		o.From = events.Position(p) + 1
		if o.To > 0 {
			o.From = min(o.From, o.To+1) // it has heard everything: it is told so
		}
		return nil
	}
	if !o.Follow || o.From > 0 {
		return nil
	}
	head, err := s.Log.Head(r.Context())
	o.From = head.Position + 1
	return err
}
