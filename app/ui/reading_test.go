package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn/money"
)

// read is a till of which people did something, whose log has lines, and that found something of itself.
func read(d *uitest.Desk) {
	at := morning.UnixMilli()
	d.AuditNow = []present.AuditEntry{
		{Seq: 51_240, AtMs: at + 5000, By: "张敏", Kind: "settled let go", Number: 3, Detail: "李华"},
		{Seq: 51_233, AtMs: at + 4000, By: "张敏", For: "李华", Why: "wrong size", Kind: "refund", Attempt: 10_040, Amount: money.Amount{Minor: 1250, Currency: "CNY"}},
		{Seq: 51_230, AtMs: at + 3000, By: "till", Kind: "numbers-moved", Attempt: 20_000, Detail: "backup restored"},
		{Seq: 51_229, AtMs: at + 2000, By: "李华", Kind: "case", Number: 2, State: "sent"},
		{Seq: 51_220, AtMs: at, By: "till", Kind: "start", Detail: "0.1.0"},
	}
	d.LogNow = []present.LogLine{
		{At: morning.Add(time.Minute), Level: "WARN", What: "backup", Whole: `{"time":"2026-11-22T14:06:03+08:00","level":"WARN","msg":"backup","error":"the second place /mnt/second: no such file"}`},
		{At: morning, Level: "INFO", What: "step", Whole: `{"time":"2026-11-22T14:05:03+08:00","level":"INFO","msg":"step","attempt":10042,"event":"bank approved"}`},
	}
	d.ChecksNow = []present.Check{
		{Name: "system", Level: "ok", Detail: "linux/amd64"}, {Name: "settings", Level: "bad", Detail: "they say that this is a demonstration: nothing is sold until that is put right"},
		{Name: "backup", Level: "warning", Detail: "there is no second place: a disk that fails takes the books and their backups"}, {Name: "printer", Level: "ok", Detail: "serial:COM3"}, {Name: "journal", Level: "ok"},
		{Name: "numbers", Level: "ok", Detail: "the last one is 10042"},
	}
}

// reads opens a page of the office by its figure.
func (c *counter) reads(figure string) *readingScreen {
	c.t.Helper()
	c.till.openOffice()
	c.keys(figure)
	c.wait("what is read", func() bool { s, ok := c.till.top().(*readingScreen); return ok && s.loaded && c.rests() })
	return c.till.top().(*readingScreen)
}

// What people did is found by a word, a person and a day, each narrowing the others; and no key changes anything of it.
func TestWhatPeopleDidIsFound(t *testing.T) {
	c := openDefault(t, read)
	s := c.reads("3")
	if len(s.list.rows) != 5 {
		t.Fatalf("%+v", s.list.rows)
	}
	for text, want := range map[string]int{"李华": 3, "李华 2026-11-22": 3, "李华 2026-11-21": 0, "10040": 1, "51220": 1, "": 5} {
		s.field.SetText(text)
		c.pass(time.Second)
		c.wait(text, func() bool { return s.loaded && c.rests() && len(s.list.rows) == want })
	}
	if n := slices.IndexFunc(c.desk.Calls, func(call string) bool { return strings.Contains(call, "case") }); n >= 0 {
		t.Errorf("%v", c.desk.Calls)
	}
}

// A line of the log has its own text in the fold alone, and is found by what stands in it.
func TestTheLogsOwnTextIsFolded(t *testing.T) {
	c := openDefault(t, read)
	s := c.reads("4")
	if len(s.list.rows) != 2 || s.say.message.Detail != c.desk.LogNow[0].Whole || strings.Contains(s.say.message.What+s.say.message.Next+s.list.rows[0].title, "no such file") {
		t.Fatalf("%+v", s.say.message)
	}
	s.field.SetText("APPROVED 10042")
	c.pass(time.Second)
	c.wait("the line", func() bool { return len(s.list.rows) == 1 && s.say.message.Detail == c.desk.LogNow[1].Whole })
}

// The checks stand under those who see to them, the worst first, and a key runs them again.
func TestChecksStandUnderWhoSeesToThem(t *testing.T) {
	c := openDefault(t, read)
	s := c.reads("2")
	var titles []string
	for _, r := range s.list.rows {
		titles = append(titles, r.title)
	}
	text := c.till.words.Text
	want := []string{text("check.role.cashier"), text("check.printer"), text("check.role.manager"), text("check.backup"), text("check.numbers"), text("check.role.installer"), text("check.settings"), text("check.system"), text("check.journal")}
	if !slices.Equal(titles, want) || s.list.head.Key != "check.bad" {
		t.Errorf("%q, %s", titles, s.list.head.Key)
	}
	c.pass(time.Second)
	c.press(fyne.KeyF5)
	c.wait("again", func() bool { return c.desk.Asked("examine") == 2 && c.rests() })
}
