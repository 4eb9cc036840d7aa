package txn

import "time"

// BusinessDay is the day of a shop that a moment is of, as midnight of its date, by the moment's clock. The shop's day may begin later than the calendar's: what the clock on the wall shows
// before begins is of the evening before. No hours are taken off the moment: a day on which clocks are changed has 23 or 25 of them.
func BusinessDay(at time.Time, begins time.Duration) time.Time {
	day := at.Day()
	wall := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second + time.Duration(at.Nanosecond())
	//mutant:a-business-day-begins-by-the-clock-on-the-wall
	if wall < begins {
		day--
	}
	return time.Date(at.Year(), at.Month(), day, 0, 0, 0, 0, at.Location())
}
