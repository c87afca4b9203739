// Package demo makes up a company and sends its touchpoints to c360, so that somebody who has just started c360
// sees customers worth looking at, and tests know the right answers.
//
// # What it is
//
// LUMEN sells glasses, clothes and things for the home in Korea: a web shop, an app, twelve stores and a call
// center. [DefaultPlan] is about 300,000 touchpoints of 5,000 people in the 18 months that end at an instant the
// caller gives, then an endless trickle. Equal plans make equal touchpoints, byte for byte; nothing here reads a
// clock or the machine's randomness.
//
// It is not a load generator (see cmd/c360/bench), and it knows nothing of c360's inside: what it makes goes out
// as requests with write keys, as a company's own systems would send it.
//
// # How data moves through it
//
//	Plan ─► people (who they are, how they behave)
//	          │  week by week: joining, browsing, orders, visits, questions, calls, messages
//	          │  + the stories
//	          ▼
//	        queue by time ─► History / Trickle / Epilogue ─► Sender ─► POST /v1/batch    web, app (Segment)
//	                                   │                             POST /v1/import   shop, pos, call (NDJSON)
//	                                   └─► Truth
//
// What a person does in a week follows from the seed, the person and the week alone, so no week needs the weeks
// before it: the trickle can begin anywhere.
//
// # What there is to find
//
// People come in a rhythm of their own, some every few days, some twice a year (see rhythm.go), like two kinds of goods
// more than the others, and buy what runs out when it has run out. Some pairs of goods are in one basket much more often
// than chance would have it, goods arrive that were not there before, and some of those who send something back buy again.
//
// About 7 in 100 ordinary people slip away, from a week of their own on: two thirds fade (web visits fall first, then
// purchases, then there is nothing), a quarter stop at once, the rest are gone for a while and return. Those who come
// rarely by nature do not slip away. [Truth] says all of this, so that answers can be held against it: a plain rule
// (silent for more than twice the own median gap, after four visits) finds .98 of those who are away at the end of the
// default plan, and .79 of its flags are right (TestSlippingCustomersCanBeFound).
//
// [Definitions] are the segments and the churn policy that the company decides on on its first day.
//
// # How the sources know people
//
// The browser and the app say an anonymous id and, signed in, a user id (both claimed). The shop's back end says
// the user id with the anonymous id of the session (asserted): that links them. The till says the loyalty number,
// from some people also the phone number; the call center says the phone number only. For some people nothing ties
// the till to the web: they stay two customers, as in life, and [Truth] says who. Receipts without a card and
// browsers that never sign in belong to nobody known.
//
// # Nobody real
//
// Names are put together from syllables. Mail addresses end in example.com, .net, .org and .example (RFC 2606).
// Phone numbers are 010-0xxx-xxxx: Korea assigns no 010 number whose next digit is 0 or 1, because the 010 may be
// left out when dialling and the rest would then be an emergency or a trunk prefix; libphonenumber still takes
// them for valid mobile numbers, so they pass every normaliser (TestPhonesAreNobodys).
//
// # Stories
//
// The first people of every plan, with the phone numbers of [DefaultPlan] (a test keeps this list right):
//
//	 0  김서연  010-0821-7730  the customer to open first: looked at ORD-87950 five times, asked why it is late
//	                           (CASE-3391, unanswered), could not pay for a coat twice, is on the phone now
//	 1  이도윤  010-0203-9394  asked about progressive lenses on the web (CASE-3352), continued by phone next morning
//	 2  한유진  010-0995-8427  came several times a week, then less and less, then not at all
//	 3  정미란  010-0787-7460  mother and
//	 4  정하준  010-0787-7460  son give the same number: a wrong merge
//	 5  송지우  010-0371-5526  owner of the loyalty number that the till typed for
//	 6  송지아  010-0163-4559  this buyer: another wrong merge
//	 7  문서윤  010-0955-3592  owner of the mail address that
//	 8  문서현  010-0747-2625  this one's browser claims: a merge that must not happen
//	 9  배정윤  010-0539-1658  platinum, complaint CASE-3378 open for three days, and an advertisement sent in between
//	10  오윤서  010-0331-0691  born on 29 February
//	11..26                     birthdays in the next seven days, every fourth by the lunar calendar
//	27..33  김민준             seven different people
//	34..47                     complaints about one lens coating within six days
package demo
