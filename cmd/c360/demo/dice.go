package demo

import "time"

// dice is a stream of choices that depends on nothing but its seed. It is written out here (splitmix64, whole
// numbers only) because the standard library does not promise the same numbers in its next version, and
// floating point may round differently on another machine.
type dice struct{ state uint64 }

// throw returns dice for one place of the company: equal labels, equal choices, whatever happens elsewhere.
func throw(seed uint64, labels ...uint64) *dice {
	d := &dice{state: seed}
	for _, label := range labels {
		d.state = d.next() ^ (label * 0x9e3779b97f4a7c15)
	}
	d.next()
	return d
}

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// upTo returns 0 to n-1.
func (d *dice) upTo(n int) int {
	if n <= 1 {
		return 0
	}
	return int((d.next() >> 1) % uint64(n)) //nolint:gosec // 63 bits modulo an int
}

// between returns low to high, both included.
func (d *dice) between(low, high int) int { return low + d.upTo(high-low+1) }

// chance is true in permille of a thousand cases.
func (d *dice) chance(permille int) bool { return d.upTo(1000) < permille }

// count returns how often something happens that happens milli/1000 times on average.
func (d *dice) count(milli int) int {
	n := 0
	for ; milli > 0; milli -= 250 {
		if d.upTo(1000) < min(milli, 250) {
			n++
		}
	}
	return n
}

// weighted returns an index, as often as its weight says.
func (d *dice) weighted(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	at := d.upTo(total)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// span returns a duration from low to high, in whole milliseconds.
func (d *dice) span(low, high time.Duration) time.Duration {
	return low + time.Duration(d.upTo(int((high-low)/time.Millisecond)+1))*time.Millisecond
}

// one returns an element of a list.
func one[T any](d *dice, list []T) T { return list[d.upTo(len(list))] }
