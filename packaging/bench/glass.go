package main

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// glassItems is how many items the list has before which a scan is shown.
const glassItems = 50_000

// glassLimit is how long a change may take to be seen before it counts as missing.
const glassLimit = 5 * time.Second

// seen is a part of the window by its edges, in parts of a thousand of its sides.
type seen struct{ left, top, right, bottom int }

// What changes: the total on the left, and what is typed above the number pad.
var (
	totalShown = seen{20, 700, 330, 860}
	padShown   = seen{760, 560, 995, 680}
)

// glass is the till's window as a person sees it: keys go in through the display, and pixels are read from it.
type glass struct {
	x      *xgb.Conn
	root   xproto.Window
	window xproto.Window
	w, h   int
	keys   map[xproto.Keysym]xproto.Keycode
	seed   maphash.Seed
}

// measureGlass measures how long a scan and a figure take from the key to the pixels, what the window takes while nothing happens, and
// what it holds after some sales.
func measureGlass(program, empty, dir string, times int) error {
	data := filepath.Join(dir, "glass")
	if err := longList(data); err != nil {
		return err
	}
	home, ready := filepath.Join(dir, "home"), filepath.Join(dir, "ready")
	idleEmpty, err := idleCPU([]string{empty, "-ready-file", ready}, home, ready)
	if err != nil {
		return err
	}
	till, err := running([]string{program, "-data", data, "-ready-file", ready}, home, ready)
	if err != nil {
		return err
	}
	defer till.end()
	g, err := lookAt("Veratill")
	if err != nil {
		return err
	}
	defer g.x.Close()
	if err := g.scans(times); err != nil {
		return err
	}
	if err := g.figures(times); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	idle, err := till.idle()
	if err != nil {
		return err
	}
	say("idle_cpu_ms_per_s", idle, 2)
	say("idle_cpu_over_empty", idle/max(idleEmpty, 0.01), 2)
	return g.memory(till, times)
}

// longList writes a demonstration's settings with a long item list.
func longList(data string) error {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("code,zh,en,initials,group,price,tax,unit\n")
	for n := range glassItems {
		fmt.Fprintf(&b, "%d,商品 %d,Item %d,sp%d,group %d,%d.50,13,\n", 100_000_000+n, n, n, n, n%9, 1+n%90)
	}
	settings := "[till]\nmode = \"demonstration\"\ncatalogue = \"list.csv\"\n[window]\nlanguage = \"en\"\n"
	return errors.Join(os.WriteFile(filepath.Join(data, "list.csv"), b.Bytes(), 0o600),
		os.WriteFile(filepath.Join(data, "settings.toml"), []byte(settings), 0o600))
}

// lookAt finds a window by its title, and what the keys of the display are called.
func lookAt(title string) (*glass, error) {
	x, err := xgb.NewConn()
	if err != nil {
		return nil, err
	}
	if err := xtest.Init(x); err != nil {
		return nil, err
	}
	setup := xproto.Setup(x)
	g := &glass{x: x, root: setup.DefaultScreen(x).Root, keys: map[xproto.Keysym]xproto.Keycode{}, seed: maphash.MakeSeed()}
	tree, err := xproto.QueryTree(x, g.root).Reply()
	if err != nil {
		return nil, err
	}
	for _, child := range tree.Children {
		name, err := xproto.GetProperty(x, false, child, xproto.AtomWmName, xproto.AtomString, 0, 64).Reply()
		size, failed := xproto.GetGeometry(x, xproto.Drawable(child)).Reply()
		if err == nil && failed == nil && strings.Contains(string(name.Value), title) {
			g.window, g.w, g.h = child, int(size.Width), int(size.Height)
		}
	}
	if g.window == 0 {
		return nil, fmt.Errorf("no window of the display is called %s", title)
	}
	xproto.SetInputFocus(x, xproto.InputFocusParent, g.window, xproto.TimeCurrentTime)
	codes, err := xproto.GetKeyboardMapping(x, setup.MinKeycode, byte(setup.MaxKeycode-setup.MinKeycode+1)).Reply()
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(codes.Keysyms); i += int(codes.KeysymsPerKeycode) {
		g.keys[codes.Keysyms[i]] = setup.MinKeycode + xproto.Keycode(i/int(codes.KeysymsPerKeycode))
	}
	return g, nil
}

// Names of keys that have no character (X11/keysymdef.h).
const (
	enterKey     xproto.Keysym = 0xFF0D
	backspaceKey xproto.Keysym = 0xFF08
	f9Key        xproto.Keysym = 0xFFC6
)

func (g *glass) press(keys ...xproto.Keysym) {
	for _, key := range keys {
		xtest.FakeInput(g.x, xproto.KeyPress, byte(g.keys[key]), 0, g.root, 0, 0, 0)
		xtest.FakeInput(g.x, xproto.KeyRelease, byte(g.keys[key]), 0, g.root, 0, 0, 0)
	}
	g.x.Sync()
}

// pixels is what a part of the window shows, as a hash.
func (g *glass) pixels(of seen) (uint64, error) {
	left, top := g.w*of.left/1000, g.h*of.top/1000
	image, err := xproto.GetImage(g.x, xproto.ImageFormatZPixmap, xproto.Drawable(g.window), int16(left), int16(top),
		uint16(g.w*of.right/1000-left), uint16(g.h*of.bottom/1000-top), 0xFFFFFFFF).Reply()
	if err != nil {
		return 0, err
	}
	return maphash.Bytes(g.seed, image.Data), nil
}

// untilSeen does something and returns how long it took until a part of the window shows something else.
func (g *glass) untilSeen(of seen, do func()) (time.Duration, error) {
	before, err := g.pixels(of)
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	do()
	for time.Since(begun) < glassLimit {
		if now, err := g.pixels(of); err != nil || now != before {
			return time.Since(begun), err
		}
	}
	return 0, fmt.Errorf("nothing was seen within %s", glassLimit)
}

// code types one of the list's codes as a scanner does, without what ends it.
func (g *glass) code(n int) {
	for _, x := range strconv.Itoa(100_000_000 + n) {
		g.press(xproto.Keysym(x))
		time.Sleep(2 * time.Millisecond)
	}
}

func (g *glass) scans(times int) error {
	var took []time.Duration
	for n := range times {
		g.code(n * 37 % glassItems)
		each, err := g.untilSeen(totalShown, func() { g.press(enterKey) })
		if err != nil {
			return fmt.Errorf("scan %d: %w", n, err)
		}
		took = append(took, each)
		time.Sleep(300 * time.Millisecond)
	}
	say("scan_to_pixels_p50_ms", p50(took)/1000, 1)
	say("scan_to_pixels_p99_ms", quantile(took, 0.99)/1000, 1)
	return nil
}

func (g *glass) figures(times int) error {
	var took []time.Duration
	for n := range times {
		each, err := g.untilSeen(padShown, func() { g.press('7') })
		if err != nil {
			return fmt.Errorf("figure %d: %w", n, err)
		}
		took = append(took, each)
		time.Sleep(300 * time.Millisecond)
		g.press(backspaceKey)
		time.Sleep(300 * time.Millisecond)
	}
	say("figure_to_pixels_p50_ms", p50(took)/1000, 1)
	say("figure_to_pixels_p99_ms", quantile(took, 0.99)/1000, 1)
	return nil
}

// memory sells for cash, and says what the program holds before and after.
func (g *glass) memory(till *program, sales int) error {
	before, err := till.resident()
	if err != nil {
		return err
	}
	for n := range sales {
		g.code(n)
		g.press(enterKey)
		time.Sleep(800 * time.Millisecond)
		g.press(f9Key)
		time.Sleep(100 * time.Millisecond)
		g.press(enterKey)
		time.Sleep(900 * time.Millisecond)
	}
	after, err := till.resident()
	if err != nil {
		return err
	}
	say("memory_sales", float64(sales), 0)
	say("memory_before_MB", before, 1)
	say("memory_after_over_before", after/before, 3)
	return nil
}

// program is one that runs until it is ended.
type program struct{ cmd *exec.Cmd }

// running starts a program and waits for its first frame.
func running(args []string, home, ready string) (*program, error) {
	if err := os.Remove(ready); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "VERATILL_STATE="+filepath.Join(home, "state"))
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &program{cmd}
	for begun := time.Now(); time.Since(begun) < windowLimit; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(ready); err == nil {
			time.Sleep(2 * time.Second) // what a start does by itself has ended
			return p, nil
		}
	}
	p.end()
	return nil, fmt.Errorf("%v showed nothing within %s", args, windowLimit)
}

func (p *program) end() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed
}

// idleSpan is how long a program is watched while nothing happens.
const idleSpan = 10 * time.Second

// idleCPU is what a program takes of a processor while nothing happens, in milliseconds a second.
func idleCPU(args []string, home, ready string) (float64, error) {
	p, err := running(args, home, ready)
	if err != nil {
		return 0, err
	}
	defer p.end()
	return p.idle()
}

func (p *program) idle() (float64, error) {
	before, err := p.used()
	if err != nil {
		return 0, err
	}
	time.Sleep(idleSpan)
	after, err := p.used()
	return (after - before) * 1000 / idleSpan.Seconds(), err
}

// used is the processor time of a program in seconds, in ticks of 10 ms (proc(5)).
func (p *program) used() (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	user, err := strconv.ParseFloat(fields[11], 64)
	system, wrong := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100, errors.Join(err, wrong)
}

// resident is what a program holds of the memory, in MB.
func (p *program) resident() (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(raw), "VmRSS:")
	kB, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	return kB / 1024, err
}
