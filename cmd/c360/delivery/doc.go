// Package delivery gets a request to c360 however long it takes: it tries again while the server is away or asks to
// be left alone, and gives up only on what no repetition can change. Events carry their ids, so a request may be
// repeated safely.
//
// It is what the import client and the demo have in common. It is not an SDK: it builds no events, keeps no queue
// and loses nothing silently; its caller waits.
//
//	request ─► Post ─► 2xx: Answer
//	            │ ▲
//	            │ └── 429, 5xx, no connection: pause (Retry-After, else growing), again
//	            └──── any other status: *RefusedError
package delivery
