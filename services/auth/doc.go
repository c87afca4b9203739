// Package auth knows who may send: sources, their write keys, and how far what they say can be believed.
//
// A [Source] is one sender (a web shop, a till, a call center). Its key says which source is speaking; the source's
// grade, which may differ per identifier kind, says whether an identifier it sends is claimed (a browser, anybody
// can type), asserted (a machine of the company) or verified (proved). [ParseSources] reads them from
// C360_SOURCES; [Sources.Find] looks a key up without telling by its timing whether a guess was close.
//
// It is not a list of people: operators and what they may read are somebody else's subject. It writes no log line
// and none of its errors holds a key.
//
// A request brings its key in a header ([KeyFrom]), in its body or in its query; services/ingest takes the first of
// them, asks Find for the source, and stamps every identifier with [Source.Grade].
package auth
