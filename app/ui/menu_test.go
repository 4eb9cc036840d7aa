package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// The page for checking receipts is offered where receipts are signed, and nowhere else; what became of it is said, with where it is and by which key.
func TestThePageForReceiptsIsOfferedWhereTheyAreSigned(t *testing.T) {
	c := openDefault(t, nil)
	offered := func() bool {
		return slices.ContainsFunc(c.till.menuEntries(), func(e menuEntry) bool { return e.word == "receipts.page" })
	}
	if offered() {
		t.Error("a till that signs nothing offers it")
	}
	c.till.about.Signed = true
	if !offered() {
		t.Error("a till that signs does not offer it")
	}
	c.till.makeReceiptPage()
	c.wait("the page is made", func() bool { return c.till.sell.Note.Key == "receipts.page-made" })
	if n := c.till.sell.Note; !slices.Contains(n.Pairs, "56782f29") || !strings.Contains(n.Detail, "check-receipts.html") {
		t.Errorf("it is said: %+v", n)
	}
	c.desk.PageError = errors.New("the disk is full")
	c.till.makeReceiptPage()
	c.wait("it can't be made", func() bool { return c.till.sell.Note.Key == "receipts.page-failed" })
	if n := c.till.sell.Note; !strings.Contains(n.Detail, "the disk is full") {
		t.Errorf("it is said: %+v", n)
	}
}
