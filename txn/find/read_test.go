package find_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/find"
	"veratill/txn/money"
)

// ground is a Saturday, 28 November 2026, 16:20 in Shanghai.
var ground = find.Ground{Now: time.Date(2026, 11, 28, 16, 20, 0, 0, time.FixedZone("", 8*3600)), Digits: 2, Last: 5000}

// said writes what a text is read as: one word a reading, the fits left out.
func said(terms []find.Term) string {
	var all []string
	for _, t := range terms {
		var one []string
		for _, r := range t {
			one = append(one, saidReading(r))
		}
		slices.Sort(one)
		all = append(all, strings.Join(one, " | "))
	}
	return strings.Join(all, " & ")
}

func saidReading(r find.Reading) string {
	at := func(ms int64) string { return time.UnixMilli(ms).In(ground.Now.Location()).Format("01-02T15:04") }
	switch r.Field {
	case find.Amount:
		if r.High == money.MaxMinor {
			return fmt.Sprintf("amount %d-", r.Low)
		}
		return fmt.Sprintf("amount %d-%d", r.Low, r.High)
	case find.When:
		return "when " + at(r.Low) + "-" + at(r.High)
	case find.STAN:
		return fmt.Sprintf("stan %d", r.Low)
	}
	return map[find.Field]string{find.LastFour: "card", find.Item: "item", find.Code: "code", find.RRN: "rrn", find.Cashier: "cashier is", find.CashierBegins: "cashier",
		find.State: "state", find.Tender: "tender", find.Kind: "kind"}[r.Field] + " " + r.Text
}

// What a person types is read as everything that it may mean, in both languages.
func TestRead(t *testing.T) {
	yesterday, today := "when 11-27T00:00-11-27T23:59", "when 11-28T00:00-11-28T23:59"
	at := func(day, from, to string) string { return "when " + day + "T" + from + "-" + day + "T" + to }
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"  　 ", ""},
		{"80", "amount 8000-8000 | amount 8000-8099 | cashier 80 | stan 80"},
		{"80.5", "amount 8050-8050 | cashier 80.5 | item 80.5"},
		{"80,50", "amount 8050-8050 | cashier 80,50 | item 80,50"},
		{"８０。５", "amount 8050-8050 | cashier 80.5 | item 80.5"},
		{"¥80", "amount 8000-8000 | amount 8000-8099"},
		{"80元", "amount 8000-8000 | amount 8000-8099"},
		{"80-90", "amount 8000-9000 | cashier 80-90 | item 80-90"},
		{"90~80.5", "amount 8050-9000 | cashier 90~80.5 | item 90~80.5"},
		{"80到90元", "amount 8000-9000"},
		{">100", "amount 10000- | cashier >100 | item >100"},
		{"1234", "amount 123400-123400 | amount 123400-123499 | card 1234 | code 1234 | stan 1234"},
		{"*1234", "card 1234"},
		{"****1234", "card 1234"},
		{"尾号1234", "card 1234"},
		{"000123", "amount 12300-12300 | amount 12300-12399 | code 000123 | rrn 123 | stan 123"},
		{"#123", "stan 123"},
		{"stan:000123", "stan 123"},
		{"rrn000000123456", "rrn 123456"},
		{"112233445566", "code 112233445566 | rrn 112233445566"},
		{"15:00", at("11-28", "14:30", "15:30")},
		{"17:00", at("11-27", "16:30", "17:30")}, // today's has not begun
		{"16:40", at("11-28", "16:10", "17:10")},
		{"3pm", at("11-28", "14:30", "15:30")},
		{"3:30 pm", at("11-28", "15:00", "16:00")},
		{"12am", "when 11-27T23:30-11-28T00:30"},
		{"yesterday", yesterday},
		{"昨天", yesterday},
		{"today", today},
		{"yesterday 15:00", at("11-27", "14:30", "15:30")},
		{"昨天 下午3点", at("11-27", "14:30", "15:30")},
		{"昨天下午３点半", at("11-27", "15:00", "16:00")},
		{"昨天 下午3：30", at("11-27", "15:00", "16:00")},
		{"上午10点20分", at("11-28", "09:50", "10:50")},
		{"今天下午", at("11-28", "12:00", "18:00")},
		{"昨天晚上8点", at("11-27", "19:30", "20:30")},
		{"昨天晚上12点", "when 11-27T23:30-11-28T00:30"},
		{"morning", at("11-28", "06:00", "12:00")},
		{"saturday", today},
		{"周五", yesterday},
		{"friday 9:15", at("11-27", "08:45", "09:45")},
		{"2026-11-27", yesterday},
		{"27.11.2026", yesterday},
		{"11月27日", yesterday},
		{"11月27日15点", at("11-27", "14:30", "15:30")},
		{"11-27", "amount 1100-2700 | cashier 11-27 | item 11-27 | " + yesterday},
		{"11-27 15:00", at("11-27", "14:30", "15:30") + " | " + at("11-28", "14:30", "15:30") + " & amount 1100-2700 | cashier 11-27 | item 11-27 | " + at("11-27", "14:30", "15:30")},
		{"cola", "cashier cola | item cola"},
		{"cola 330", "cashier cola | item cola & amount 33000-33000 | amount 33000-33099 | cashier 330 | item 330 | stan 330"},
		{"card 330", "cashier card | item card | tender card | tender external & amount 33000-33000 | amount 33000-33099 | cashier 330 | stan 330"},
		{"昨天 可乐", yesterday + " & cashier 可乐 | item 可乐"},
		{"昨天可乐", yesterday + " & cashier 可乐 | item 可乐"},
		{"3点水", "cashier 3点水 | item 3点水"},
		{"6901234567892", "code 6901234567892"},
		{"card", "cashier card | item card | tender card | tender external"},
		{"现金", "cashier 现金 | item 现金 | tender cash"},
		{"declined", "cashier declined | item declined | state declined"},
		{"未批准 昨天", yesterday + " & cashier 未批准 | item 未批准 | state declined"},
		{"void", "cashier void | item void | kind void | state voided"},
		{"a b c d e f g h i j k", "cashier a | item a & cashier b | item b & cashier c | item c & cashier d | item d & cashier e | item e & cashier f | item f & cashier g | item g & cashier h | item h"},
	} {
		if got := said(find.Read(c.text, ground)); got != c.want {
			t.Errorf("%q is read as\n%s, want\n%s", c.text, got, c.want)
		}
	}
}

// A shop whose day begins at four has its evening's midnight on the evening's day.
func TestReadOnAShopsDay(t *testing.T) {
	late := ground
	late.Begins = 4 * time.Hour
	late.Now = time.Date(2026, 11, 29, 1, 0, 0, 0, ground.Now.Location())
	for text, want := range map[string]string{
		"today": "when 11-28T04:00-11-29T03:59", "0:30": "when 11-29T00:00-11-29T01:00", "yesterday 1:00": "when 11-28T00:30-11-28T01:30", "23:00": "when 11-28T22:30-11-28T23:30",
	} {
		if got := said(find.Read(text, late)); got != want {
			t.Errorf("%q is read as %s, want %s", text, got, want)
		}
	}
}

// On a day on which clocks are changed the shop's day still begins by the clock on the wall. Its moments are shown six or seven hours later, by another zone.
func TestReadOnADayOnWhichClocksAreChanged(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("this machine has no zones: ", err)
	}
	on := ground
	on.Begins = 5 * time.Hour
	for now, want := range map[string]string{"2027-03-28 05:10": "when 03-28T11:00-03-29T10:59", "2027-10-31 04:30": "when 10-30T11:00-10-31T11:59"} {
		if on.Now, err = time.ParseInLocation("2006-01-02 15:04", now, berlin); err != nil {
			t.Fatal(err)
		}
		if got := said(find.Read("today", on)); got != want {
			t.Errorf("today, at %s, is read as %s, want %s", now, got, want)
		}
	}
}

// A currency without a minor unit has no cents that are left out.
func TestReadWithoutCents(t *testing.T) {
	yen := ground
	yen.Digits = 0
	if got, want := said(find.Read("¥800", yen)), "amount 800-800"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := said(find.Read("8.5", yen)), "cashier 8.5 | item 8.5"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Whatever is typed is read, as at most so many words, each reading in its bounds; and the same text comes to the same.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"80-90 yesterday 15:00 *1234", "昨天下午3点半 可乐", "29.02. 24:59", "¥¥-元", "0000000000000000000001", "12pm am pm", "月月日3点点", "\xff\x00"} {
		f.Add(text, int64(1_790_000_000), uint8(4), uint8(2))
	}
	f.Fuzz(func(t *testing.T, text string, at int64, begins, digits uint8) {
		on := find.Ground{Now: time.Unix(at%4_000_000_000, 0).UTC(), Begins: time.Duration(begins%24) * time.Hour, Digits: int(digits % 4), Last: txn.ID(at)}
		terms := find.Read(text, on)
		if len(terms) > 9 {
			t.Fatalf("%d terms", len(terms))
		}
		for _, term := range terms {
			if len(term) == 0 || len(term) > 20 {
				t.Fatalf("a term has %d readings", len(term))
			}
			for _, r := range term {
				if r.Fit < 1 || r.Fit > 100 || r.Low > r.High || r.Field == find.Amount && (r.Low < 0 || r.High > money.MaxMinor) || r.Text != find.Fold(r.Text) {
					t.Fatalf("%+v", r)
				}
			}
		}
		if again := find.Read(find.Fold(text), on); len([]rune(text)) <= 120 && said(again) != said(terms) {
			t.Fatalf("folded it is read as %s, not %s", said(again), said(terms))
		}
	})
}

// A field says itself what it is, and what it can't be is refused by its name.
func TestAskedFieldByField(t *testing.T) {
	for _, c := range []struct {
		asked find.Asked
		want  string
	}{
		{find.Asked{}, ""},
		{find.Asked{Amount: "80"}, "amount 8000-8000"},
		{find.Asked{Amount: "¥80 - 90.50"}, "amount 8000-9050"},
		{find.Asked{Amount: "-20"}, "amount 0-2000"},
		{find.Asked{Amount: "eighty"}, `amount: "eighty" can't be read as one`},
		{find.Asked{At: "yesterday 15:00", LastFour: "*1234"}, "when 11-27T14:30-11-27T15:30 & card 1234"},
		{find.Asked{At: "11-27 15:00"}, "when 11-27T14:30-11-27T15:30"},
		{find.Asked{At: "cola"}, `time: "cola" can't be read as one`},
		{find.Asked{At: "yesterday cola"}, `time: "yesterday cola" can't be read as one`},
		{find.Asked{LastFour: "123"}, `last four: "123" can't be read as one`},
		{find.Asked{Item: "Red  Apples"}, "item red apples"},
		{find.Asked{STAN: "000123", RRN: " 000123 "}, "stan 123 & rrn 123"},
		{find.Asked{STAN: "999000"}, `STAN: "999000" can't be read as one`},
		{find.Asked{RRN: "000"}, `RRN: "000" can't be read as one`},
		{find.Asked{Cashier: "Li Na", State: "reversing", Tender: "card"}, "cashier is li na & state reversing & tender card"},
		{find.Asked{State: "unknown"}, "state pending | state reversing | state unresolved"},
		{find.Asked{State: "void"}, "kind void | state voided"},
		{find.Asked{State: "blue"}, `state: "blue" can't be read as one`},
		{find.Asked{Text: "cola", Tender: "cash"}, "cashier cola | item cola & tender cash"},
	} {
		q, err := c.asked.Query(ground)
		got := said(q.Terms)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v asks for %s, want %s", c.asked, got, c.want)
		}
	}
}
