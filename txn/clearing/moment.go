package clearing

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// plainForms are the ways in which files write a moment, where it can be read in one way alone.
var plainForms = []string{
	"2006-01-02 15:04:05", "2006/01/02 15:04:05", "2006-01-02 15:04", "2006/1/2 15:04:05", "2006/1/2 15:04", "20060102150405", "20060102 150405", "2006-01-02 150405",
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "02.01.2006 15:04:05", "02.01.2006 15:04", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04:05 -0700",
	"2006-01-02 3:04:05 PM", "2006-01-02 3:04 PM", "2006年01月02日 15:04:05", "20060102 15:04:05", "20060102 15:04",
	"2006-01-02", "2006/1/2", "20060102", "02.01.2006", "2006年01月02日", // a day alone
}

// slashed are the ways of a day with slashes that ends with its year: the day or the month comes first, and the file, or a person, says which.
func slashed(first string) (forms []string) {
	for _, year := range []string{"06", "2006"} {
		for _, clock := range []string{"", " 15:04:05", " 15:04", " 3:04:05 PM", " 3:04 PM"} {
			forms = append(forms, first+"/"+year+clock)
		}
	}
	return forms
}

// slashDate is such a day.
var slashDate = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(?:\d{4}|\d{2})(?:\D|$)`)

// american is part of the name of a clock by which the month comes first.
const american = "(US"

// dates finds out in which order the file writes day and month: some of its dates can be read in one way alone, and they decide for the others. A file whose dates
// say both, or none of which decides, is refused, unless its clock or a person says it. The error is a *RefusedError.
func (r *reader) dates(c Cells) error {
	var day, month, open *RefusedError // where the first date of each kind stands
	for i := r.head + 1; i < len(c.Rows); i++ {
		if strings.Contains(cellOf(c.Rows[i], r.at[zoneColumn]), american) && month == nil {
			month = &RefusedError{}
		}
		for _, column := range []Column{atColumn, dateColumn} {
			parts := slashDate.FindStringSubmatch(cellOf(c.Rows[i], r.at[column]))
			if parts == nil || parts[1] == parts[2] {
				continue
			}
			here := &RefusedError{Trouble: DateTwoWays, Format: r.format, Line: c.Lines[i], Column: r.heads[r.at[column][0]]}
			switch {
			case whole(parts[1]) > 12 && day == nil:
				day = here
			case whole(parts[2]) > 12 && month == nil:
				month = here
			case whole(parts[1]) <= 12 && whole(parts[2]) <= 12 && open == nil:
				open = here
			}
		}
	}
	said := r.mapped[datesColumn]
	//mutant:a-date-that-can-be-read-in-two-ways-is-refused
	switch {
	case said != "":
	case day != nil && month != nil:
		return day
	case day == nil && month == nil && open != nil:
		return open
	}
	first := "1/2"
	if said == dayFirst || said == "" && day != nil {
		first = "2/1"
	}
	r.forms = slices.Concat(plainForms, slashed(first))
	return nil
}

// zones are the names of clocks that files write. A name that is not here is read by the shop's own.
var zones = map[string]*time.Location{
	"utc": time.UTC, "gmt": time.UTC, "cet": time.FixedZone("CET", 3600), "cest": time.FixedZone("CEST", 7200), "bst": time.FixedZone("BST", 3600),
	"pst": time.FixedZone("PST", -8*3600), "pdt": time.FixedZone("PDT", -7*3600), "est": time.FixedZone("EST", -5*3600), "edt": time.FixedZone("EDT", -4*3600),
}

// moment reads a time, with its day in front or in a cell of its own. form is how the row before was written, and is tried first: there are many
// forms, and a file has one. A day alone is a moment only where no clock stands beside it: one that can't be read is no midnight.
func moment(at, date, clock, zone string, where *time.Location, forms []string, form *string) (time.Time, bool) {
	if known := zones[strings.ToLower(strings.TrimSpace(zone))]; known != nil {
		where = known
	}
	var tries []string
	texts := []string{at, join(date, clock), join(date, at)}
	//mutant:an-unreadable-clock-is-no-midnight
	if strings.TrimSpace(at) == "" && strings.TrimSpace(clock) == "" {
		texts = append(texts, date)
	}
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			tries = append(tries, text)
		}
	}
	for _, text := range tries {
		if t, err := time.ParseInLocation(*form, text, where); err == nil && *form != "" {
			return t, true
		}
		if t, ok := serial(text, where); ok {
			return t, true
		}
		for _, one := range forms {
			if t, err := time.ParseInLocation(one, text, where); err == nil {
				*form = one
				return t, true
			}
		}
	}
	return time.Time{}, false
}

// serialNumber is a moment as a workbook keeps it: days since 30 December 1899, with the time behind the point.
var serialNumber = regexp.MustCompile(`^[2-7]\d{4}(?:\.\d+)?$`)

func serial(text string, where *time.Location) (time.Time, bool) {
	if !serialNumber.MatchString(text) {
		return time.Time{}, false
	}
	days, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return time.Time{}, false
	}
	seconds := math.Round(days * 24 * 60 * 60)
	return time.Date(1899, 12, 30, 0, 0, int(seconds), 0, where), true
}

// join puts a clock behind its day, both as people or both as workbooks write them.
func join(date, clock string) string {
	if date == "" || clock == "" {
		return ""
	}
	date, clock = strings.TrimSpace(date), strings.TrimSpace(clock)
	if part := partOfDay.FindStringSubmatch(clock); part != nil && serialNumber.MatchString(date) {
		return date + "." + part[1] + "0"
	}
	return date + " " + clock
}

// partOfDay is a clock as a workbook keeps it.
var partOfDay = regexp.MustCompile(`^0(?:\.(\d+))?$`)
