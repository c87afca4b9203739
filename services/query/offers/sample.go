package offers

import "github.com/google/uuid"

// CountedAtMost is how many customers are counted. Of more a sample is: each takes about 400 bytes, and what goes together
// shows in far fewer.
const CountedAtMost = 100_000

// sample is which customers are counted: those whose id's last byte is below it. Ids are hashes, so that is a fair sample of
// so many of 256. (The first byte will not do: a customer is called by the smallest of their fragments' ids.)
type sample int

const everyone sample = 256

func (s sample) has(customer uuid.UUID) bool { return sample(customer[len(customer)-1]) < s }

// share is how large a part of all customers the sample is.
func (s sample) share() float64 { return float64(s) / float64(everyone) }
