package value

// Forecast is what is expected of one customer.
type Forecast struct {
	// Alive is the probability that they have not dropped out. Where the fit says that drop-out is not identifiable it
	// says nothing.
	Alive float64 `json:"alive"`
	// Weeks is how far ahead, Purchases how many are expected within, Low and High the ends of the interval that holds the
	// number with probability Level.
	Weeks     float64 `json:"weeks"`
	Purchases float64 `json:"purchases"`
	Low       int     `json:"low"`
	High      int     `json:"high"`
	Level     float64 `json:"level"`
	// Spend is what one purchase is expected to cost and Value all of them, in units of the currency; 0 if spending was
	// not fitted.
	Spend float64 `json:"spend"`
	Value float64 `json:"value"`
}

// Forecast returns what is expected of a customer in the weeks after their summary; level is that of the interval, 0.9.
func (f *Fitted) Forecast(s Summary, weeks, level float64) (Forecast, error) {
	l, err := f.Law()
	if err != nil {
		return Forecast{}, err
	}
	c := Forecast{Alive: l.Alive(s), Weeks: weeks, Purchases: l.Expected(s, weeks), Level: level}
	c.Low, c.High = l.Interval(s, weeks, level)
	if f.Spend != nil {
		c.Spend = f.Spend.Expected(s)
		c.Value = c.Purchases * c.Spend
	}
	return c, nil
}

// AtLeast returns the probability that a customer makes n purchases or more in the weeks after their summary.
func (l *Law) AtLeast(s Summary, weeks float64, n int) float64 {
	if n <= 0 {
		return 1
	}
	return l.Alive(s) * l.stays(s, weeks, n)
}

// stays returns the probability that a customer who is alive makes n purchases or more, n >= 1.
func (l *Law) stays(s Summary, weeks float64, n int) float64 {
	if weeks <= 0 {
		return 0
	}
	return min(l.law.atLeast(float64(s.X), s.T, weeks, float64(n)), 1)
}

// most bounds the number of purchases that an interval reaches up to.
const most = 1 << 12

// Interval returns the quantiles (1 ∓ level)/2 of the number of purchases in the weeks after a customer's summary: exact
// ones of the model's predictive distribution, in which the customer's rate and drop-out are mixed over what their summary
// leaves open. The parameters are taken as known, so after a fit to few customers it is somewhat narrow.
func (l *Law) Interval(s Summary, weeks, level float64) (low, high int) {
	tail, alive, low := (1-level)/2, l.Alive(s), -1
	if weeks <= 0 {
		return 0, 0
	}
	more := l.law.tails(float64(s.X), s.T, weeks)
	for n := range most {
		above := alive * min(more(), 1)
		if low < 0 && above <= 1-tail {
			low = n
		}
		if above <= tail {
			return low, n
		}
	}
	return max(low, 0), most
}
