// Package lunar converts days between the solar calendar and the Korean lunisolar one (음력), by which many older people in
// Korea keep their birthdays and every family its feasts.
//
// It is a table of the years [FirstYear] to [LastYear] and no astronomy: the calendar is what the Korea Astronomy and Space
// Science Institute announces, which no formula gives back exactly. It knows no time of day and no zone; a day is a day.
//
//	solar day ──► [FromSolar] ──► [Date] (year, month, leap month or not, day) ──► [Date.Solar] ──► solar day
//
// A month has 29 or 30 days. In about every third year one month is followed by a leap month (윤달) of the same number.
package lunar
