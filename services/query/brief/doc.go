// Package brief says what happened just before a customer got in touch, and why they probably do: the card "before
// this call" on the customer page, that an agent reads in five seconds.
//
// It is a set of fixed rules, no model and no guess work: the same touches give the same brief, and every brief
// names the events it rests on. It sees no clock and no store.
//
//	recent touches ──► window (last two hours of activity, or since the last contact that settled its matter)
//	               ──► stories (touches about the same order, payment, inquiry, call or browsing)
//	               ──► the four weightiest, in order of time ──► steps
//	               ──► topics of the stories, weightiest first ──► one sentence
package brief
