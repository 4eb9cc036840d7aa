package clearing

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// Where a date can be read in two ways the file's other dates say which, or its clock's name, or a person; a file that does not say is refused, and nothing of it is guessed.
func TestADateThatCanBeReadInTwoWaysIsDecidedByTheOthers(t *testing.T) {
	for name, c := range map[string]struct {
		dates   []string
		zone    string
		mapping map[Column]string
		want    string // of the first; "" is refused
	}{
		"a day above twelve":               {[]string{"05/11/26", "13/11/26"}, "", nil, "2026-11-05"},
		"a month that comes first":         {[]string{"05/11/26", "11/13/26"}, "", nil, "2026-05-11"},
		"four digits of the year":          {[]string{"05/11/2026", "30/11/2026"}, "", nil, "2026-11-05"},
		"with a time":                      {[]string{"05/11/2026 08:00", "30/11/2026 09:00"}, "", nil, "2026-11-05"},
		"both alike":                       {[]string{"05/05/26", "06/06/26"}, "", nil, "2026-05-05"},
		"none decides":                     {[]string{"05/11/26", "06/11/26"}, "", nil, ""},
		"both ways":                        {[]string{"13/11/26", "11/13/26"}, "", nil, ""},
		"an American clock":                {[]string{"05/11/26", "06/11/26"}, "Eastern Time (US & Canada)", nil, "2026-05-11"},
		"an American clock, and a day":     {[]string{"05/11/26", "13/11/26"}, "Eastern Time (US & Canada)", nil, ""},
		"a person says that the day comes": {[]string{"05/11/26", "06/11/26"}, "", map[Column]string{datesColumn: dayFirst}, "2026-11-05"},
		"a person says the month":          {[]string{"05/11/26", "06/11/26"}, "", map[Column]string{datesColumn: monthFirst}, "2026-05-11"},
		"a person is wrong":                {[]string{"05/11/26", "13/11/26"}, "", map[Column]string{datesColumn: monthFirst}, ""},
		"the year first":                   {[]string{"2026/11/05", "2026/11/06"}, "", nil, "2026-11-05"},
	} {
		text := "date,timezone,rrn,amount\n"
		for n, date := range c.dates {
			text += date + "," + c.zone + "," + string(rune('1'+n)) + ",5.00\n"
		}
		shop := Shop{Currency: "EUR", Where: time.UTC, Mapping: map[Column]string{zoneColumn: "timezone"}}
		for column, said := range c.mapping {
			shop.Mapping[column] = said
		}
		f, err := read(t, text, shop)
		var refused *RefusedError
		switch {
		case c.want == "" && !errors.As(err, &refused):
			t.Errorf("%s: read as %+v", name, f.Rows)
		case c.want == "" && c.mapping == nil && (refused.Trouble != DateTwoWays || refused.Line < 2 || refused.Column != "date"):
			t.Errorf("%s: %+v", name, refused)
		case c.want != "" && (err != nil || f.Rows[0].At.Format(time.DateOnly) != c.want):
			t.Errorf("%s: %+v, %v, want %s", name, f.Rows, err, c.want)
		}
	}
}

// A clock that can't be read is no midnight: the file is refused. A day alone, and a workbook's part of a day, are read.
func TestAnUnreadableClockIsNoMidnight(t *testing.T) {
	for clock, want := range map[string]string{"": "00:00:00", "08:30": "08:30:00", "08:30:15": "08:30:15", "8:30 PM": "20:30:00", "noon": "", "25:00": ""} {
		f, err := read(t, "date,clock,rrn,amount\n2026-11-05,"+clock+",1,5.00\n", Shop{Currency: "EUR", Where: time.UTC})
		var refused *RefusedError
		if want == "" && (!errors.As(err, &refused) || refused.Trouble != CellUnreadable) || want != "" && (err != nil || f.Rows[0].At.Format(time.TimeOnly) != want) {
			t.Errorf("%q: %+v, %v, want %q", clock, f.Rows, err, want)
		}
	}
	for clock, want := range map[string]string{"0.5": "12:00:00", "0": "00:00:00", "0.75": "18:00:00"} {
		cells := Cells{Rows: [][]string{{"date", "clock", "rrn", "amount"}, {"46331", clock, "1", "5"}}, Lines: []int{1, 2}, Padded: true}
		if f, err := Read(cells, Shop{Currency: "EUR", Where: time.UTC}); err != nil || f.Rows[0].At.Format(time.DateTime) != "2026-11-05 "+want {
			t.Errorf("a workbook's %q: %+v, %v", clock, f.Rows, err)
		}
	}
	if _, err := read(t, "time,date,rrn,amount\nlater,2026-11-05,1,5.00\n", Shop{Currency: "EUR", Where: time.UTC}); err == nil {
		t.Error("a time that is none was read as the midnight of its date")
	}
}

// A table that calls each of its rows by a word on no list says nothing: it is refused with those words. In a column that a person named the sign says what a row is, and some words on no list are told.
func TestATableOfUnknownWordsIsRefused(t *testing.T) {
	text := "type,time,rrn,amount\nKartenzahlung,2026-11-05 08:00,1,5.00\nRückzahlung,2026-11-05 09:00,2,-2.00\n"
	shop := Shop{Currency: "EUR", Where: time.UTC}
	_, err := read(t, text, shop)
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Trouble != WordsUnknown || !strings.Contains(err.Error(), "kartenzahlung, rückzahlung") {
		t.Fatal(err)
	}
	if f, err := read(t, strings.Replace(text, "Kartenzahlung", "sale", 1), shop); err != nil || f.Paid != (Sum{1, 500}) || f.Others["rückzahlung"] != 1 {
		t.Errorf("with one that is known: %+v, %v", f, err)
	}
	shop.Mapping = map[Column]string{kindColumn: "type"}
	if f, err := read(t, text, shop); err != nil || f.Paid != (Sum{1, 500}) || f.Back != (Sum{1, 200}) || len(f.Others) != 0 {
		t.Errorf("in a column that a person named: %+v, %v", f, err)
	}
}

// A heading that says UTC is read so; a time without a zone is by the shop's clock.
func TestAHeadingSaysItsClock(t *testing.T) {
	for heading, want := range map[string]int{"created_utc": 8, "created": 0} {
		f, err := read(t, heading+",reporting_category,currency,gross,fee,charge_id\n2026-11-05 08:00:00,charge,cny,5.00,0.10,ch_1\n", Shop{Currency: "CNY", Where: china})
		if err != nil || f.Format != stripe || f.Rows[0].At.UTC().Hour() != want {
			t.Errorf("%s: %+v, %v", heading, f.Rows, err)
		}
	}
}
