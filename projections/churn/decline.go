package churn

import "math"

// fall is what a decline policy sees on one day.
type fall struct {
	// recent is the count of the last window, before that of the windows before it.
	recent, before, windows int
}

// mean is the count of a window before.
func (f fall) mean() float64 { return float64(f.before) / float64(f.windows) }

// windows counts what days look back on, one after the other. Days are the latest first.
type windows struct {
	*Decline
	days []day
	// How many of the days, from the latest on, are in the last window, and in all windows.
	last, all int
}

// look counts what a day looks back on; false if the customer has not been there for long enough. The first day of all is in
// no window, or everybody new would seem to fall off after it.
func (w *windows) look(today day) (fall, bool) {
	size, first := day(w.WindowDays), w.days[len(w.days)-1]
	until := today - size
	n := min(int((until-first)/size), w.Windows)
	if until < first || n < w.MinWindows {
		return fall{}, false
	}
	w.last = after(w.days, w.last, until)
	w.all = after(w.days, w.all, until-size*day(n))
	return fall{w.last, w.all - w.last, n}, true
}

// after returns how many days are after one, beginning with a guess.
func after(days []day, guess int, d day) int {
	for guess > 0 && days[guess-1] <= d {
		guess--
	}
	for guess < len(days) && days[guess] > d {
		guess++
	}
	return guess
}

// size returns how large a fall is against what is asked for.
func (c *Decline) size(f fall) float64 {
	if f.before == 0 {
		return 0
	}
	return max(0, (1-float64(f.recent)/f.mean())/c.Fall)
}

// severity returns how far a fall has come: the lesser of its size against what is asked for, and of its significance, on the
// scale of the logarithm, against what is asked for.
func (c *Decline) severity(f fall) float64 {
	size := c.size(f)
	if size == 0 {
		return 0
	}
	return min(size, logChance(f.recent, f.recent+f.before, 1/float64(f.windows+1))/math.Log(c.Significance))
}

// each calls yield with what is seen on every day from that of the last visit until the last on which it can get worse, as
// long as yield says so. Days on which the same is seen as on the day before are left out. Once nothing is left in the last window
// and there are as many windows as there can be, time only takes away from before.
func (c *Decline) each(days []day, until day, yield func(d day, f fall) bool) {
	w := windows{Decline: c, days: days}
	end := min(until, days[0]+day(c.WindowDays*(c.Windows+1)))
	var seen fall
	for d := days[0]; d <= end; d++ {
		f, known := w.look(d)
		if !known || f == seen {
			continue
		}
		if seen = f; !yield(d, f) || f.recent == 0 && f.windows == c.Windows {
			return
		}
	}
}

// raise returns the first day since the last visit that is bad enough.
func (c *Decline) raise(days []day, boost float64) day {
	first := noDay
	c.each(days, noDay, func(d day, f fall) bool {
		if c.size(f)*boost > 1 && c.severity(f)*boost > 1 {
			first = d
		}
		return first == noDay
	})
	return first
}

// ratio is the highest severity of any day since the last visit: what was bad enough stays so until somebody comes back.
func (c *Decline) ratio(days []day, today day) float64 {
	f, _ := c.worst(days, today)
	return c.severity(f)
}

// worst returns what was seen on the worst day since the last visit, and which day that is.
func (c *Decline) worst(days []day, today day) (fall, day) {
	var worst fall
	on, highest := days[0], 0.0
	c.each(days, today, func(d day, f fall) bool {
		if s := c.severity(f); s > highest {
			worst, on, highest = f, d, s
		}
		return true
	})
	return worst, on
}

// logChance returns the logarithm of the probability of k or fewer of n when each is one with probability p. Of two counts
// of Poisson variables with one rate, the first is such a k given their sum: the conditional test of Przyborowski and
// Wilenski (1940), Biometrika 31, p. 313–323. It takes into account that the rate before is an estimate, too, so 1 after 2
// says nothing.
func logChance(k, n int, p float64) float64 {
	if k >= n {
		return 0
	}
	if k == 0 {
		return float64(n) * math.Log1p(-p)
	}
	logTerm := logChoose(n, k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p)
	sum, term := 1.0, 1.0 // relative to the term of k
	for i := k; i > 0 && term > 1e-17*sum; i-- {
		term *= float64(i) / float64(n-i+1) * (1 - p) / p
		sum += term
	}
	return min(logTerm+math.Log(sum), 0)
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
