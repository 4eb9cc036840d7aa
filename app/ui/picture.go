package ui

import (
	"context"
	"net/http"
	"strings"

	"fyne.io/fyne/v2"
)

// pictures are those of items, as far as they were read. One that can't be shown is nil: its tile is the colour of its group alone.
type pictures map[string]fyne.Resource

// picture is an item's picture, or nil while it is read: no tile waits for a disk.
func (t *till) picture(name string) fyne.Resource {
	if name == "" {
		return nil
	}
	if found, read := t.pictures[name]; read {
		return found
	}
	t.pictures[name] = nil
	t.call(func(context.Context) func() {
		raw, err := t.desk.Picture(name)
		if err != nil {
			return nil
		}
		return func() {
			t.pictures[name] = fyne.NewStaticResource("item-"+name+ending(raw), raw)
			t.front.grid.Refresh()
		}
	})
	return nil
}

// ending is how Fyne knows what a picture is.
func ending(raw []byte) string {
	if kind := http.DetectContentType(raw); strings.HasPrefix(kind, "image/") {
		return "." + strings.TrimPrefix(kind, "image/")
	}
	return ".svg"
}
