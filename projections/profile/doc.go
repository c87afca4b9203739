// Package profile is the room that says what a fragment, and so a customer, is like and has done: traits, counts,
// orders and money, consents, cases, notes, and the days on which something happened.
//
// State is kept per fragment, never per customer. All of it is a merge that does not care for order or for the
// split into batches: sums, first and last, sets, days, and "the latest by (grade, time, source, id)". A customer is
// the merge of its fragments, made when somebody looks ([Room.Load]), so linking and unlinking cost nothing here.
//
// What grows with a customer's history by more than a few bytes a day has rows of its own (orders, cases,
// notes), so that an event of a busy fragment costs what an event of a quiet one does.
//
// Decisions worth knowing:
//
//   - An order is counted once per order number. If several order.completed name one order, the one with the best
//     proof of who it is about, and of those the earliest by (time, source, id), says what it cost and when it was; also
//     across the fragments of a customer, where a browser and the shop behind it both tell of it. So a browser
//     cannot change what the shop says. An order without a number counts as one of its own.
//   - The first and last order are the earliest and latest order.completed, repeats of an order included.
//   - A cancelled order earns nothing, or what is left of it when the cancellation names a smaller total. Several
//     cancellations of one order count as the largest of them. Refunds add up and are not taken off the revenue.
//   - The days, weeks and quarters of a customer are those of [Zone].
//   - A trait from an event with better proof of who it is about (see [events.Grade]) wins over a newer one with less.
//   - message.unsubscribed withdraws the marketing consent of its medium.
package profile
