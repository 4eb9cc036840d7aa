package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// The page of the articles lists every row that is not sold and every name that the printer can't show; a row that is picked is said
// whole; and selling goes on all the while.
func TestWhatIsNotSoldIsListed(t *testing.T) {
	c := openDefault(t, wrongList)
	if note := c.till.sell.Note; note.Key != "notice.articles-refused" {
		t.Errorf("the first screen says %q", note.Key)
	}
	c.articles()
	page := c.till.top().(*articlesScreen)
	if want := len(c.desk.List.Remarks) + len(c.desk.List.NoSigns); page.list.count != want {
		t.Errorf("%d rows are listed, want %d", page.list.count, want)
	}
	for i := range page.list.count {
		c.press(fyne.KeyDown)
		where, m := page.line(c.till, i)
		if page.marked != i || where == "" || m.What == "" || m.Next == "" || strings.Contains(m.What+m.Next+where, "{") {
			t.Errorf("row %d says %q, %+v", i, where, m)
		}
	}
	c.press(fyne.KeyEscape)
	c.scan("6990204110138")
	if c.till.sell.Cart.Len() != 1 {
		t.Error("what is in the list can't be sold")
	}
}

// An article whose name the printer can't show has a mark on its tile, and no other has.
func TestWhatThePrinterCanNotShowIsMarked(t *testing.T) {
	c := openDefault(t, wrongList)
	marked, plain := 0, 0
	for _, b := range c.till.front.grid.pool {
		if !b.Visible() {
			continue
		}
		item := b.label
		mark := strings.HasPrefix(b.hint, "⚠ ")
		for _, each := range c.till.catalog.InGroup("") {
			if c.till.words.Name(each.Name) == item && mark != (c.desk.NoSign(each.Name.ZH+each.Name.EN) != "") {
				t.Errorf("%s has the mark: %v", item, mark)
			}
		}
		if mark {
			marked++
		} else {
			plain++
		}
	}
	if marked == 0 || plain == 0 {
		t.Errorf("%d tiles are marked, %d are not", marked, plain)
	}
	if m := c.till.words.ArticlesHead(present.Articles{Sold: 3, NoSigns: []present.NoSign{{Of: "1", Missing: "水"}}}); m.Tone != present.Warning || m.Next == "" {
		t.Errorf("%+v", m)
	}
}
