package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"veratill/app/present"
	"veratill/assets"
)

// firstFrameLimit is how long a window may take to draw: the slowest that was seen took 3 s.
const firstFrameLimit = 15 * time.Second

// ErrNoWindow marks that no window could be opened; the text says in one line what is missing.
var ErrNoWindow = errors.New("the window can't be opened")

// Run opens the window of a desk and returns when it was closed, or when ctx ended.
// It must be called from the main goroutine, once.
func Run(ctx context.Context, desk present.Desk, opts Options) error {
	if err := displayThere(os.Getenv); err != nil {
		return err
	}
	said := listen()
	defer said.stop()
	// Every change from a goroutine goes through fyne.Do; saying so keeps Fyne from checking each call.
	app.SetMetadata(fyne.AppMetadata{ID: opts.ID, Name: opts.Name, Migrations: map[string]bool{"fyneDo": true}})
	program := app.NewWithID(opts.ID)
	started := make(chan struct{})
	program.Lifecycle().SetOnStarted(func() { close(started) })
	var shown atomic.Bool
	var shut func()
	opts.Do, shut = whileOpen(fyne.Do)
	ready := opts.OnReady
	var opened *till
	opts.OnReady = func() {
		shown.Store(true)
		said.stop()
		pressWhereThePointerIs(opened.window, opts.Do)
		if opts.Screenshots == "" && !opened.window.FullScreen() {
			fillTheScreen(opened.window)
		}
		// A window icon is drawn from SVG; that can wait until after the first frame.
		program.SetIcon(fyne.NewStaticResource("veratill.svg", assets.Icon))
		if ready != nil {
			ready()
		}
	}
	var err error
	if opened, err = drawn(func() (*till, error) { return newTill(program, desk, opts) }); err != nil {
		return err
	}
	ended := context.AfterFunc(ctx, func() {
		<-started // a window that is closed before Fyne has started leaves Fyne waiting for ever
		opened.opts.Do(opened.close)
	})
	defer ended()
	var walked error
	opened.appear()
	if opts.Screenshots != "" {
		go func() {
			walked = opened.walk(opts.Screenshots)
			opened.opts.Do(opened.close)
		}()
	}
	// Where OpenGL is missing Fyne may run on without a window and without a word.
	late := time.AfterFunc(firstFrameLimit, func() {
		if !shown.Load() {
			opened.opts.Do(program.Quit)
		}
	})
	defer late.Stop()
	program.Run()
	shut()
	opened.cancel()
	if !shown.Load() && ctx.Err() == nil {
		return fmt.Errorf("%w: OpenGL 2.1 is missing on this computer (%s)", ErrNoWindow, said.cause())
	}
	return walked
}

// whileOpen hands functions on to do until it is shut. A window that has ended is touched by nobody:
// Fyne then runs what it is given at once, on whichever goroutine, and the clock alone gives it something each second.
func whileOpen(do func(func())) (gated func(func()), shut func()) {
	var over atomic.Bool
	gated = func(f func()) {
		do(func() {
			if !over.Load() {
				f()
			}
		})
	}
	return gated, func() { over.Store(true) }
}

// drawn makes a window. Where there is nothing to draw on at all, as when Windows runs a program
// without a desktop, GLFW can't begin, and Fyne panics at the next thing that it asks of it.
func drawn(make func() (*till, error)) (till *till, err error) {
	defer func() {
		cause := recover()
		if fault, ok := cause.(error); ok && strings.Contains(fault.Error(), "GLFW") {
			err = fmt.Errorf("%w: there is nothing to draw on (%w)", ErrNoWindow, fault)
		} else if cause != nil {
			panic(cause)
		}
	}()
	return make()
}

// ear keeps what Fyne logs until the first frame: where there is no OpenGL it
// logs several lines and then ends, and the caller has to say one.
type ear struct {
	mu   sync.Mutex
	text bytes.Buffer
	old  io.Writer
}

func listen() *ear {
	e := &ear{old: log.Writer()}
	log.SetOutput(e)
	return e
}

// Write implements io.Writer.
func (e *ear) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.text.Write(p)
}

func (e *ear) stop() { log.SetOutput(e.old) }

// cause is the last cause that was logged.
func (e *ear) cause() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	cause := "no window was made"
	for _, line := range strings.Split(e.text.String(), "\n") {
		if _, after, ok := strings.Cut(line, "Cause: "); ok && strings.Contains(after, "GL") {
			cause = strings.TrimSpace(after)
		}
	}
	return cause
}
