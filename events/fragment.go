package events

import (
	"crypto/sha1" //nolint:gosec // G505: UUIDv5 is SHA-1 by definition

	"github.com/google/uuid"
)

// fragmentSpace is the UUIDv5 name space of fragment ids. Changing it would orphan every log ever written.
var fragmentSpace = uuid.MustParse("c3600000-0000-5000-8000-000000000360")

// kindRank orders kinds from the strongest down; a kind not listed ranks between phone and device.
var kindRank = map[string]int{
	KindUserID: 1, KindLoyaltyID: 2, KindCard: 3, KindEmail: 4, KindPhone: 5, KindDevice: 7, KindAnonymousID: 8,
}

const customRank = 6

func rank(kind string) int {
	if r, ok := kindRank[kind]; ok {
		return r
	}
	return customRank
}

// FragmentOf returns the fragment that an event with these identifiers belongs to, and false if there are none.
// It is UUIDv5 of the strongest identifier that Links; among equals the first one given. It needs no look-up, so
// a shop that is offline computes the same fragment. When nothing links, the strongest claimed identifier
// names a fragment of its own ("claimed:" keeps it apart from the fragment that the real owner has).
func FragmentOf(ids []Identifier) (uuid.UUID, bool) {
	best, found := Identifier{}, false
	for _, id := range ids {
		if !found || stronger(id, best) {
			best, found = id, true
		}
	}
	if !found {
		return uuid.UUID{}, false
	}
	return fragmentID(best), true
}

// fragmentID is uuid.NewSHA1 in the space of fragments, without its allocations: it is made once for every event.
func fragmentID(id Identifier) uuid.UUID {
	var room [len(fragmentSpace) + len(claimedPrefix) + 32 + 1 + MaxIdentifier]byte
	name := append(room[:0], fragmentSpace[:]...)
	if !id.Links() {
		name = append(name, claimedPrefix...)
	}
	name = append(append(append(name, id.Kind...), ':'), id.Value...)
	sum := sha1.Sum(name) //nolint:gosec // G401: UUIDv5 is SHA-1 by definition
	fragment := uuid.UUID(sum[:16])
	fragment[6] = fragment[6]&0x0f | 0x50 // version 5
	fragment[8] = fragment[8]&0x3f | 0x80 // RFC 9562
	return fragment
}

// claimedPrefix keeps what somebody only claims apart from what the real owner has.
const claimedPrefix = "claimed:"

func stronger(a, b Identifier) bool {
	if a.Links() != b.Links() {
		return a.Links()
	}
	return rank(a.Kind) < rank(b.Kind)
}
