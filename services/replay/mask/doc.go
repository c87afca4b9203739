// Package mask takes out of history who the customers are, so that people can be trained on days that happened.
//
//	events.Log ──► [Log] ──► Read ──► [Mask.Event] ──┬─► a replay, event by event
//	                                                  └─► projections ──► a generation ──► an export, a file of tables
//
// It masks events, before anything is folded: whatever is made of masked events knows nothing else. What is not known to be
// harmless goes:
//
//   - Identifiers, and the ids of events, orders, cases and the like, become pseudonyms: the same value always the same
//     one, so that customers stay one customer and cases keep their orders. Phone numbers, e-mail addresses and names
//     become such as nobody has. Fragment ids follow from masked identifiers, also those that decisions name.
//   - Fields that the catalogue marks as personal (events.PII) go, or say "(masked)" where text was. So do all that it
//     does not know, and all data of types that it does not know.
//   - Text that the catalogue calls harmless goes where it holds something that was masked in the same event, an e-mail
//     address or a long number.
//   - What happened, when, where, for how much and with which products stays, or there would be nothing to be trained on.
//     Of a birth date the year stays.
//
// It is not anonymisation: who knows that somebody bought this and that on that day knows them again. Masked data is for
// training inside the company.
//
// Pseudonyms are made with a key. Whoever masks makes one up, tells nobody and forgets it: then they cannot be computed
// from guesses. Two maskings have nothing in common.
package mask
