// Package openapi describes an HTTP API as an OpenAPI 3.1 document made from the Go types that serve it, so that
// the description cannot drift from the code: a field that is renamed is renamed in the document.
//
// It is not a router and not a validator. The caller lists its operations ([Operation]), each with the Go types of
// its parameters, body and answer; [New] walks these types by reflection and returns a [Document] that marshals to
// JSON. [Params] is the one reading of a parameter struct's tags, shared by the description and by the code that
// reads requests.
//
// # Tags
//
//	json:"name,omitempty"   name and presence: a field without omitempty is always in the answer
//	doc:"one sentence"      description
//	enum:"a,b,c"            closed list of strings
//	path:"id" query:"limit" header:"…"   where a parameter is read from
//	min max default maxlen  bounds of a parameter
package openapi
