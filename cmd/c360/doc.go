// Command c360 is the one binary: it takes touchpoints in, keeps them, folds them and shows them.
//
// This package is the composition root. It is the only one that names drivers (which log, which read store),
// reads flags and the environment, holds the real clock, and decides the order in which parts start and stop;
// serve.go draws the running system, roles.go says how it is split into processes, engines.go which engines there are,
// ready.go what health and readiness mean. It holds no behaviour of its own: what a subcommand does lives in the
// package it calls.
//
//	serve    run c360
//	demo     run c360 with a made-up company in it
//	import   send a file of touchpoints
//	export   write history as tables
//	customer show one customer, now or as of an instant
//	rebuild  fold the log into a fresh read store and swap it in
//	replay   tell again what happened, at a speed
//	parked   list, show, try again and skip what could not be folded
//	verify   check every byte of the log
//	bench    measure c360 beside the engines it stands on
//	version  say which c360 this is
package main
