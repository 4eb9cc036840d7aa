package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
	"veratill/txn/money"
)

// backups are three, of which the newest lies in the second place too.
func backups(d *uitest.Desk) {
	at := morning
	for _, folder := range []string{"/var/lib/veratill/backup", "/mnt/second"} {
		d.BackupsNow = append(d.BackupsNow, present.Backup{Name: "books-20261122-060000.000.db", Path: folder + "/books-20261122-060000.000.db", Folder: folder, At: at})
	}
	d.BackupsNow = append(d.BackupsNow, present.Backup{Path: "damaged.db", Folder: "/media/stick", At: at.AddDate(0, 0, -1)})
	d.HeldNow = present.HeldBackup{Shop: "898110012340001", Till: "T0000001", Books: "8f3a", Entries: 51_234, Attempts: 10_042, Day: 41, DayOpenedMs: at.UnixMilli(), Currency: "CNY", LastZ: 40, Sales: 118,
		SalesMinor: 882_240, Last: txn.Attempt{ID: 10_042, OpenedMs: at.Add(4 * time.Hour).UnixMilli(), Amount: money.Amount{Minor: 1250, Currency: "CNY"}}, Owed: 1, Here: present.BackupBefore, Behind: 37, Number: 10_055}
}

func (c *counter) restoring() *restoringScreen {
	c.t.Helper()
	c.till.openOffice()
	c.keys("1")
	c.wait("the backups", func() bool { s, ok := c.till.top().(*restoringScreen); return ok && s.loaded && c.rests() })
	return c.till.top().(*restoringScreen)
}

// A backup is looked at, a question names the new folder, and only its yes restores. Esc at the question restores nothing.
func TestABackupIsRestoredAfterAQuestion(t *testing.T) {
	c := openDefault(t, backups)
	s := c.restoring()
	c.press(fyne.KeyDown)
	c.press(fyne.KeyReturn)
	c.wait("what it has", func() bool { return s.held != nil && c.rests() })
	if s.held.Path != "/mnt/second/books-20261122-060000.000.db" || len(s.shown) < 8 {
		t.Fatalf("%+v, %+v", s.held, s.shown)
	}
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	if _, asks := c.till.top().(*askScreen); !asks {
		t.Fatalf("%T", c.till.top())
	}
	c.press(fyne.KeyEscape)
	if n := asked(c, "restore "); n != 0 {
		t.Fatal("Esc restored")
	}
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	c.keys("y")
	c.wait("it is restored", func() bool { return s.done.Key == "restore.done" && c.rests() })
	if n := asked(c, "restore /mnt/second/books-20261122-060000.000.db into /var/lib/veratill-restored-"); n != 1 {
		t.Errorf("%v", c.desk.Calls)
	}
}

func asked(c *counter, begins string) (n int) {
	for _, call := range c.desk.Calls {
		if strings.Contains(call, begins) {
			n++
		}
	}
	return n
}

// A backup that is damaged says so, and can't be restored; nor can one that was looked at before another was marked.
func TestOnlyWhatWasLookedAtIsRestored(t *testing.T) {
	c := openDefault(t, backups)
	s := c.restoring()
	s.choose(c.till, 2)
	c.wait("that it is damaged", func() bool { return s.done.Key == "restore.unusable" && c.rests() })
	if s.restores() {
		t.Error("a damaged backup can be restored")
	}
	s.choose(c.till, 0)
	c.wait("what it has", func() bool { return s.restores() && c.rests() })
	c.press(fyne.KeyDown)
	if s.restores() || s.primary(c.till).means != "look" {
		t.Error("the marked backup was not looked at, and can be restored")
	}
}

// What can't be restored is told, and the old books stay.
func TestAFailedRestoreIsTold(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { backups(d); d.RestoreErr = errors.New("no space left on device") })
	s := c.restoring()
	s.choose(c.till, 0)
	c.wait("what it has", func() bool { return s.restores() && c.rests() })
	s.restore(c.till, s.looked, "/somewhere")
	c.wait("that it failed", func() bool { return s.done.Key == "restore.failed" && c.rests() })
}

// held looks at the first backup.
func (c *counter) held() {
	c.t.Helper()
	s := c.restoring()
	s.choose(c.till, 0)
	c.wait("what it has", func() bool { return s.restores() && c.rests() })
}
