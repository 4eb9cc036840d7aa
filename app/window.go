package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"veratill/app/control"
	"veratill/app/present"
	"veratill/app/shop"
	"veratill/app/sound"
	"veratill/app/ui"
	"veratill/assets"
	"veratill/txn/journal"
)

// window opens the till's window.
func window(ctx context.Context, c *call) int {
	s := place{starts: true, readyLater: true}
	c.flags = flag.NewFlagSet("", flag.ContinueOnError)
	c.flags.SetOutput(c.errOut)
	c.flags.Usage = func() { usage(c.errOut); c.flags.PrintDefaults() }
	s.folder(c)
	s.bank(c)
	s.paper(c)
	c.flags.StringVar(&s.reader, "reader", "", "the card reader's `address`: virtual:, or "+cardFile)
	fullScreen := c.flags.Bool("fullscreen", false, "cover the whole screen")
	text := c.flags.Int("text", 100, "size of the text in per cent, 100 to 150")
	pictures := c.flags.String("screenshots", "", "`folder`: walk through the screens, take a picture of each, and end")
	ready := c.flags.String("ready-file", "", "`file` that is written when the first frame is on the screen, for measurements")
	if code, done := c.noMore(); done {
		return code
	}
	if *text < 100 || *text > 150 {
		return c.misused("-text is not between 100 and 150")
	}
	o, err := s.options()
	if err != nil {
		return c.unopened(err)
	}
	//mutant:pictures-of-a-demonstration
	if *pictures != "" && !o.Settings.Demo() { // it makes sales
		return c.misused("-screenshots makes sales, and this till is no demonstration. Nothing was begun. Name an empty folder with -data")
	}
	// Whoever stands at a till sells, for cash at least, whatever became of a device.
	till, err := s.open(ctx, c, func(o *shop.Options) { o.AnyDevices = true })
	if raised(ctx, o.Dir, err) {
		fmt.Fprintln(c.out, "veratill is open already on this data folder: its window is in front now")
		return exitOK
	}
	if err != nil {
		return c.unopened(err)
	}
	player := sound.New()
	defer player.Close()
	err = s.show(ctx, c, till, *ready, ui.Options{Sound: player.Play, ID: id, Name: name, FullScreen: *fullScreen, TextPercent: *text, Screenshots: *pictures})
	if till.Desk.UpdatePrepared() {
		till.Close()
		return s.installAndReopen(ctx, c)
	}
	till.Stop()
	if err != nil {
		return c.undrawn(err, drawingHelp, languages())
	}
	return exitOK
}

// raised asks the till that is open on the folder already, if that is why this one is not, to come to the front.
func raised(ctx context.Context, dir string, err error) (inFront bool) {
	return errors.Is(err, journal.ErrInUse) && control.Ask(ctx, dir, "raise", &inFront) == nil && inFront
}

// unopened says why there was no till; in both languages where whoever stands at the counter has to act.
func (c *call) unopened(err error) int {
	code := c.fail(err)
	if !errors.Is(err, errShopsBooks) && !errors.Is(err, errSpoilt) {
		return code
	}
	for _, language := range assets.Languages {
		if words, err := present.NewWords(language); err == nil {
			fmt.Fprintln(c.errOut, words.Text("start.no-bank"))
		}
	}
	return code
}

// undrawn says why there was no window, and by the key help what to do on a system without OpenGL.
func (c *call) undrawn(err error, help string, languages []string) int {
	code := c.fail(err)
	if words, wordless := wordsOf(languages); wordless == nil && help != "" && errors.Is(err, ui.ErrNoWindow) {
		fmt.Fprintln(c.errOut, words.Text(help))
	}
	return code
}

// show runs the window until it is closed. A version on trial is ready with its first frame: only
// when that is on record the bank's line opens.
func (s *place) show(ctx context.Context, c *call, till *shop.Shop, ready string, o ui.Options) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	onTrial := s.onTrial
	if !onTrial {
		till.Run()
	}
	var failed error
	o.OnReady = func() {
		if onTrial {
			if failed = s.passTrial(); failed != nil {
				end()
				return
			}
			till.Run()
		}
		if ready != "" {
			if err := giveFile(ready, []byte("ready\n")); err != nil {
				fmt.Fprintln(c.errOut, "veratill:", err)
			}
		}
	}
	return errors.Join(ui.Run(ctx, till.Desk.Screens(), o), failed)
}
