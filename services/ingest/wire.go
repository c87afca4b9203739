package ingest

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// Route describes one route of the wire, for the API document.
type Route struct {
	Method, Path string
	// ID is the name of the call, unique and stable.
	ID           string
	Summary, Doc string
	// Params is a struct type with query tags, Answer the type of a successful reply; nil if there is none.
	Params, Answer reflect.Type
	// Media is the type of an answer that is not JSON.
	Media    string
	Status   int
	Problems []int
}

type keyParams struct {
	WriteKey string `query:"writeKey" doc:"the write key, for senders that cannot set Authorization"`
}

type importParams struct {
	WriteKey string `query:"writeKey" doc:"the write key, for senders that cannot set Authorization"`
	Format   string `query:"format" doc:"what the stream is; without it the body is a batch as for /v1/batch that keeps its times" enum:"ndjson,csv"`
}

type rejectParams struct {
	Source  string `query:"source" doc:"only of this source and its sub-sources"`
	Request string `query:"request" doc:"only of this request or import"`
	Reason  string `query:"reason" doc:"only for this reason" enum:"json,row,field,identity,source,data,size"`
}

// sendProblems are the refusals of every route that takes events.
var sendProblems = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusRequestTimeout,
	http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusTooManyRequests, http.StatusServiceUnavailable,
}

// Routes lists what [Service.Handler] serves, sorted by path.
func Routes() []Route {
	keys, answer := reflect.TypeFor[keyParams](), reflect.TypeFor[Answer]()
	var list []Route
	send := func(summary, doc string, paths ...string) {
		for _, path := range paths {
			list = append(list, Route{
				Method: http.MethodPost, Path: path, ID: callID(path), Summary: summary, Doc: doc,
				Params: keys, Answer: answer, Status: http.StatusOK, Problems: sendProblems,
			})
		}
	}
	send("Messages of Segment and RudderStack SDKs",
		"{batch: [message, …], sentAt, writeKey}. One bad message takes nothing away from the others.", "/v1/batch", "/v1/b", "/beacon/v1/batch")
	for _, kind := range []string{"track", "identify", "page", "screen", "group", "alias"} {
		send("One "+kind+" message", "The path says what kind of message it is.", "/v1/"+kind, "/v1/"+kind[:1])
	}
	send("RudderStack's merge call", "{mergeProperties: [{type, value}, {type, value}]}", "/v1/merge")
	send("Events of PostHog's server libraries", "{api_key, batch: [event, …]}", "/batch")
	list = append(list, otherRoutes()...)
	slices.SortFunc(list, func(a, b Route) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// callID makes postV1Batch of /v1/batch.
func callID(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts[1:] {
		parts[i+1] = strings.ToUpper(part[:1]) + part[1:]
	}
	return "post" + strings.Join(parts, "")
}

func otherRoutes() []Route {
	keys := reflect.TypeFor[keyParams]()
	list := []Route{
		{
			Path: "/v1/import", ID: "importEvents", Summary: "A file of past events, NDJSON or CSV, of any length", Method: http.MethodPost,
			Doc:    "Lines that cannot be events are kept as rejects and the others stored. Sending a file again adds only what is missing.",
			Params: reflect.TypeFor[importParams](), Answer: reflect.TypeFor[Report](), Problems: sendProblems,
		},
		{
			Path: "/v1/rejects", ID: "listRejects", Summary: "Events that were refused for good, oldest first", Media: "application/x-ndjson",
			Doc:    "One Reject a line. For operators: it holds what people sent.",
			Params: reflect.TypeFor[rejectParams](), Answer: reflect.TypeFor[Reject](), Problems: []int{http.StatusForbidden},
		},
		{
			Path: "/v1/projects/{key}/settings", ID: "segmentSettings", Summary: "The document Segment's browser SDK starts with",
			Params: reflect.TypeFor[struct {
				Key string `path:"key" doc:"the write key"`
			}](), Problems: []int{http.StatusNotFound},
		},
		{
			Path: "/sourceConfig", ID: "rudderSourceConfig", Summary: "The document RudderStack's browser SDK starts with",
			Params: keys, Problems: []int{http.StatusUnauthorized},
		},
		{Path: "/pixel/v1/track", ID: "pixelTrack", Summary: "One event from an image address", Params: keys, Media: "image/gif"},
		{Path: "/pixel/v1/page", ID: "pixelPage", Summary: "One page view from an image address", Params: keys, Media: "image/gif"},
	}
	for _, path := range []string{"/v1/events", "/v1/cloudevents"} {
		list = append(list, Route{
			Method: http.MethodPost, Path: path, ID: callID(path), Status: http.StatusAccepted,
			Summary: "CloudEvents 1.0: structured, batched or binary", Doc: "The answer to success has no body; a refusal names every fault with a pointer.",
			Params: keys, Problems: sendProblems,
		})
	}
	for i := range list {
		list[i].Method = or(list[i].Method, http.MethodGet)
		list[i].Status = or(list[i].Status, http.StatusOK)
	}
	return list
}
