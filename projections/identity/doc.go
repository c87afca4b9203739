// Package identity is the room that says which fragments are one customer.
//
// It is a graph. Fragments are its nodes; an identifier that several fragments are known by ties them together, if
// it [events.Identifier.Links] and no more fragments share it than its kind allows (a till's own phone number is
// shared by ten thousand people and says nothing: it is inert, and whatever it tied comes apart). People and rules
// add decisions, identity.linked and identity.unlinked, which win over what identifiers say. A customer is what
// holds together under these rules, and is called by the smallest fragment id in it.
//
// The way of an event: Fold writes down, in the fragment's row, which identifiers were seen, at which grade, and the
// first event that said so. Almost every event says nothing new and costs one look-up. Settle takes the rest
// of the batch together: it enters new identifiers in the rows of the identifiers, sees which ties that makes or
// breaks, walks the graph around those ties, and derives the customers there anew.
//
// All that is stored is a function of the set of events: sets that only grow (cut to the smallest k), least or
// latest by (time, source, id), and customers, which are derived from these. So order, repetition and the split
// into batches change nothing.
//
// What keeps it cheap: an identifier ties a bounded number of fragments, a fragment that is tied by very many
// identifiers (a guest account) is a hub and stands alone, and a component too large to walk is derived from its
// stronger identifiers only (see [Rules]). An identifier that a single fragment has, such as the fresh
// anonymous id that some SDKs make up for every event, is in nobody's graph.
//
// The room never links by claimed identifiers, names or birth dates. Those only make suggestions.
package identity
