package analytics

// Hours are the hours in which the company answers. Time outside of them does not count as waiting.
type Hours struct {
	// Open and Close are hours of the day: 9 and 18.
	Open, Close int
	// Days says on which days it answers; Monday is 0.
	Days [7]bool
	// Holidays are days without work: "2026-10-03".
	Holidays []string
}

// OfficeHours are 09–18 from Monday to Friday.
func OfficeHours() *Hours {
	return &Hours{Open: 9, Close: 18, Days: [7]bool{true, true, true, true, true}}
}

// maxWaitDays bounds the days that are looked at one by one; nobody's answer takes longer than that and matters.
const maxWaitDays = 3660

// worked returns how much of from…to lies in the hours, in microseconds.
func (h *Hours) worked(from, to int64) int64 {
	if h == nil {
		return to - from
	}
	sum := int64(0)
	for day := dayOf(from); day <= min(dayOf(to), dayOf(from)+maxWaitDays); day++ {
		if !h.works(day) {
			continue
		}
		start := dayStart(day)
		open, closed := max(from, start+int64(h.Open)*Hour), min(to, start+int64(h.Close)*Hour)
		sum += max(0, closed-open)
	}
	return sum
}

func (h *Hours) works(day int64) bool {
	if !h.Days[((day+3)%7+7)%7] {
		return false
	}
	for _, holiday := range h.Holidays {
		if holiday == dateOf(dayStart(day)) {
			return false
		}
	}
	return true
}
