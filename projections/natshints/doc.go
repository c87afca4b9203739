// Package natshints carries the news of commits over NATS, from the process that writes a generation to those that
// only read it.
//
// It is not a queue and promises nothing: a hint may be lost, doubled or late, and a reader that hears none looks at
// its store from time to time anyway. What it buys is that a page in another process shows a touchpoint as soon as the
// one who folded it. A [Hint] holds a generation and a position, and nothing about anybody.
//
// How a commit moves through it:
//
//	Live.Subscribe ──► [Hints.Tell] ──► NATS core subject ──► [Hints.Listen] ──► a channel ──► the reader looks
//	   the newest         at most 50/s     (no stream)            any number          holds one
package natshints
