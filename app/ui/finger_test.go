package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// slide drags a finger over the grid of articles, as Fyne tells it: where it is, and how far it came.
func slide(g *tiles, at fyne.Position, steps ...fyne.Delta) {
	for _, step := range steps {
		at = at.AddXY(step.DX, step.DY)
		g.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at}, Dragged: step})
	}
	g.DragEnd()
}

// A finger that slips a little has tapped what it was put on, one that slides scrolls, and one
// that slides and comes back has done neither.
func TestAFingerSlips(t *testing.T) {
	c := openDefault(t, nil)
	c.till.front.openGroup(c.till, "")
	grid := c.till.top().(*sellScreen).grid
	if grid.lines() <= grid.visible+3 {
		t.Fatalf("%d lines, all of them seen: nothing to scroll", grid.lines())
	}
	second := grid.pool[1]
	edge := second.Position().AddXY(3, 3) // the slip leaves the tile
	lines := func() int { return len(c.till.sell.Cart.Lines()) }

	slide(grid, edge, fyne.Delta{DX: -4, DY: 2}, fyne.Delta{DX: -4, DY: -3})
	if lines() != 1 || c.total() != grid.items[1].UnitPriceMinor || grid.first != 0 {
		t.Fatalf("a slip of 8: %d lines, %d, first row %d", lines(), c.total(), grid.first)
	}
	row := grid.rowHeight()
	slide(grid, edge, fyne.Delta{DY: -row / 2}, fyne.Delta{DY: -row / 2}, fyne.Delta{DY: -row - 1})
	if lines() != 1 || grid.first != 2 {
		t.Fatalf("a slide of two rows: %d lines, first row %d", lines(), grid.first)
	}
	slide(grid, edge, fyne.Delta{DY: 15}, fyne.Delta{DY: -15})
	if lines() != 1 || grid.first != 2 {
		t.Fatalf("a slide and back: %d lines, first row %d", lines(), grid.first)
	}
	slide(grid, edge, fyne.Delta{DX: 2})
	if lines() != 2 || c.till.sell.Cart.Lines()[1].Item.Code != grid.items[2*grid.columns+1].Code {
		t.Fatalf("a tap after a slide: %+v", c.till.sell.Cart.Lines())
	}
}
