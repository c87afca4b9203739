// Package sdktest sends to services/ingest what the real SDKs send, as their makers ship them: Segment's and
// RudderStack's for Node and for the browser, and CloudEvents'. It holds tests only; nothing imports it.
//
// How a test goes: it starts an edge on a loopback port with a Pebble log behind it, runs one of the scripts beside
// this file in Node (for browser SDKs the script drives a real Chromium, on a page of another origin, so that CORS is
// real), waits for it, and compares the log with what the script says it sent. Some tests stand between: they answer
// 503 or 429 first, or cut the connection after the events are stored but before the SDK has heard of it.
//
// The scripts need Node 20, the packages of package-lock.json, and Chromium; `make test-deps` brings what is missing.
// The tests never skip: without them they fail and say so.
package sdktest
