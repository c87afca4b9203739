// Package web is the little that every HTTP service of c360 shares: how an answer is written ([JSON]), how an
// error is written ([Problem], RFC 9457), how a body is read without trusting its sender ([Bodies]) nor
// waiting for it for ever ([Patience]), and how a page on another origin is answered ([CORS]).
//
// It is not a framework: it knows no route, no source and no event, holds no state, and writes no log line.
//
// A request goes through it twice: on the way in, when a service asks [Bodies.Open] for the inflated bytes, and on the
// way out, when the service hands [JSON] a value or [Problem.Write] what was wrong and what to do about it.
package web
