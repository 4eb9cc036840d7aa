// Command empty is the smallest window that Fyne makes, with one word in it: what
// the till's window is measured against. It writes a file when its first frame is drawn.
//
//	empty -ready-file PATH
package main

import (
	"flag"
	"image/color"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

func main() {
	ready := flag.String("ready-file", "", "`file` that is written when the first frame is drawn")
	flag.Parse()
	app.SetMetadata(fyne.AppMetadata{ID: "org.veratill.empty", Name: "Empty", Migrations: map[string]bool{"fyneDo": true}})
	program := app.NewWithID("org.veratill.empty")
	w := program.NewWindow("Empty")
	told := false
	// The same sign as the till's own: the painter comes to this dot in the first frame with content.
	dot := canvas.NewRasterWithPixels(func(_, _, _, _ int) color.Color {
		if !told {
			told = true
			go fyne.Do(func() {
				if *ready != "" {
					if err := os.WriteFile(*ready, []byte("ready\n"), 0o644); err != nil {
						panic(err)
					}
				}
			})
		}
		return color.Transparent
	})
	w.SetContent(container.NewStack(widget.NewLabel("Empty"), dot))
	w.Resize(fyne.NewSize(1280, 800))
	w.ShowAndRun()
}
