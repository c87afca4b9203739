// Package importer is the client side of `c360 import`: it turns the lines of a file into events and sends them to
// POST /v1/import of a running c360.
//
// It opens no log and knows no store; it is not a sync tool (it reads files, once) and not a loader for SQL.
// Memory does not grow with the file.
//
// # How data moves through it
//
//	file ─► gzip? ─► charset ─► records ─► groups? ─► chunks (≤ 800 events)
//	                              │                     │  several at once
//	                              │                     ▼
//	                              │                  Mapping ─► NDJSON ─► POST /v1/import?format=ndjson
//	                              ▼                     │                     │
//	                       rejects file ◄───────────────┴──── rejected ◄──────┤
//	                       state file   ◄───────────────────────── acknowledged, in order
//
// A file is NDJSON or CSV, plain or gzip; its first bytes say which. It must be UTF-8 or begin with a byte order
// mark; EUC-KR (CP949, what Korean Excel writes) must be declared, because no byte in it says so.
//
// # Nothing twice, nothing lost
//
// Every event gets an id that follows from the line, so a line that is sent again is known already. The state file
// FILE.c360-import says how far the server has acknowledged; with --resume an import goes on there. It can be
// stopped at any byte. Lines that cannot become events are in FILE.rejects.ndjson with number, reason and content,
// and [Run] returns [ErrPartial]; all other lines are in.
//
// # Without a mapping
//
// NDJSON lines are c360 events:
//
//	{"id":"R-1042","type":"order.completed","time":"2026-11-21T09:30:00+09:00","channel":"store",
//	 "identifiers":{"phone":"010-0821-7730"},"data":{"order_id":"R-1042","total":31000}}
//
// CSV columns are called as c360 calls things: id, source, type, time, channel, subject; phone, email, user_id and
// the other known kinds, or identifiers.KIND; data.NAME.
//
// # Mappings
//
// A mapping is a JSON file. This one reads the receipts of a till:
//
//	{
//	  "csv": {"comma": ";"},
//	  "skip": [{"from": "{상태}", "in": ["취소"]}],
//	  "id": "{점포}-{영수증번호}",
//	  "type": "order.completed",
//	  "time": {"from": "{판매일} {판매시각}", "layouts": ["2006-01-02 15:04:05"], "zone": "Asia/Seoul"},
//	  "channel": "store",
//	  "source": "pos/{점포}",
//	  "identifiers": {"phone": "{휴대폰}", "loyalty_id": "{회원번호}"},
//	  "data": {
//	    "order_id": "{점포}-{영수증번호}",
//	    "total": {"from": "{금액}", "as": "number"},
//	    "payment_method": {"from": "{결제}", "map": {"카드": "card", "현금": "cash"}, "default": "other"}
//	  }
//	}
//
// and this one NDJSON with a type per line and nested items:
//
//	{
//	  "id": "{id}",
//	  "type": {"from": "{type}", "map": {"PurchaseCompleted": "order.completed", "CallEnded": "call.ended"}},
//	  "time": {"from": "{at}", "zone": "Asia/Seoul"},
//	  "identifiers": {"user_id": "shop-{customer.id}"},
//	  "data": {
//	    "order_id": {"from": ["{order}", "{id}"], "only": ["order.completed"]},
//	    "items": {"from": "{lines}", "each": {"sku": "{sku}", "quantity": "{qty}", "price": "{price}"}},
//	    "total": {"from": "{lines}", "sum": ["{qty}", "{price}"], "only": ["order.completed"]},
//	    "traits.city": "{customer.address.city}"
//	  }
//	}
//
// A rule is a text with places, a list of texts of which the first with a value counts, or an object {"from": …}
// with what becomes of the value; [spec] lists the words. A place is a column or a path of members; {#} is the line
// number, {@} the file's name, {.} the element itself inside "each", {*} the whole line, {columns} all cells of a row, {rows} the rows
// of a group. A text of which one place is empty has no value, so a prefix never stands alone; a field without a
// value is left out. A text that is one place keeps its JSON type; cells are texts unless "as" says more.
//
// "group" makes one event of rows that follow one another ("{InvoiceNo}": a file with a row per item). Put {#},
// the group's first line, into its id if the rows of one group may lie apart.
//
// Without an id, or where it is empty, the id is made of the line's content and number.
package importer
