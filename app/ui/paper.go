package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"veratill/app/present"
)

// paperView shows a paper of the virtual printer as it came out, with a scroll
// beside it. With a real printer there is none, and it stays away.
type paperView struct {
	object  *fyne.Container
	head    *line
	scroll  *container.Scroll
	picture *canvas.Image
	frame   *canvas.Rectangle
	shown   image.Image
	width   float32
}

func (t *till) newPaperView() *paperView {
	k := t.kit
	v := &paperView{}
	v.head = newLine(t.words.Text("result.paper"), k.px(smallText), false, k.muted, fyne.TextAlignLeading)
	v.picture = canvas.NewImageFromImage(nil)
	v.picture.FillMode = canvas.ImageFillStretch
	v.picture.ScaleMode = canvas.ImageScaleSmooth
	v.frame = canvas.NewRectangle(rgb(0xFFFFFF)) // paper is white in the dark too
	v.frame.StrokeColor, v.frame.StrokeWidth = k.border, 1
	v.scroll = container.NewVScroll(container.New(paperFit{v}, v.picture))
	v.object = box(func(a area) {
		place(v.head, a.top(height(k.px(smallText))))
		v.width = a.w - 16
		place(v.frame, a)
		place(v.scroll, a.inset(2))
	}, v.head, v.frame, v.scroll)
	v.object.Hide()
	return v
}

// show puts an attempt's newest paper on the view, and none where it has none: another
// payment's paper beside this one's outcome would be a lie.
func (v *paperView) show(t *till, r present.Result) {
	own := map[int64]bool{r.PrintID: r.PrintID != 0}
	for _, p := range r.Matter().Prints() {
		own[p.ID] = true
	}
	v.showOf(t, own)
}

// showOf puts the newest of some papers on the view, and none where none of them has come out.
func (v *paperView) showOf(t *till, own map[int64]bool) {
	var found image.Image
	for _, sheet := range t.sheets {
		if own[sheet.PrintID] {
			found = sheet.Picture
		}
	}
	v.set(found)
}

func (v *paperView) set(found image.Image) {
	if found == v.shown {
		return
	}
	v.shown = found
	if found == nil {
		v.object.Hide()
		return
	}
	v.picture.Image = found
	v.picture.Refresh()
	v.object.Show()
	v.scroll.Content.Refresh()
	v.scroll.Refresh()
	v.scroll.ScrollToTop()
}

// turn scrolls by most of a page.
func (v *paperView) turn(by float32) {
	v.scroll.Offset.Y = max(v.scroll.Offset.Y+by*v.scroll.Size().Height*0.8, 0)
	v.scroll.Refresh()
}

// paperFit gives the picture the view's width and the height that belongs to it.
type paperFit struct{ view *paperView }

// Layout implements fyne.Layout.
func (p paperFit) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	least := p.MinSize(objects)
	place(objects[0], area{(size.Width - least.Width) / 2, 0, least.Width, least.Height})
}

// MinSize implements fyne.Layout.
func (p paperFit) MinSize([]fyne.CanvasObject) fyne.Size {
	if p.view.shown == nil {
		return fyne.NewSize(1, 1)
	}
	bounds := p.view.shown.Bounds()
	w := min(max(p.view.width, 1), float32(bounds.Dx()))
	return fyne.NewSize(w, w*float32(bounds.Dy())/float32(max(bounds.Dx(), 1)))
}

// newestPaper is the last print of the virtual printer, nil for none.
func newestPaper(sheets []present.Sheet) image.Image {
	if len(sheets) == 0 {
		return nil
	}
	return sheets[len(sheets)-1].Picture
}
