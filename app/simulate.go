package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"veratill/assets"
	"veratill/assets/files"
	"veratill/devices/printer"
	"veratill/escpos"
	"veratill/txn/acquirer"
	"veratill/txn/hostsim"
	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
)

// hostSimulator is the bank in a box as a program.
func hostSimulator(ctx context.Context, c *call) int {
	listen := c.flags.String("listen", "127.0.0.1:5000", "`address` to listen on")
	name := c.flags.String("profile", "unionpay", "unionpay or iso87")
	script := c.flags.String("script", "", "`file` with a JSON rule a line; without it the last two digits of the amount decide")
	book := c.flags.String("ledger", "", "`file` for the ledger, JSON lines; without it the book is in memory")
	values := c.flags.String("values", "digits", "RRNs, approval codes and free fields of answers: digits, or any for every value that the fields may have")
	knows := c.flags.String("knows", string(bank.ByBatch), "what the bank knows a payment again by, beside terminal and STAN: batch, date, day (date, and a reversal finds what is of its own day alone), or all (batch, amount and time)")
	overnight := c.flags.Bool("overnight", false, "keep what was approved on an earlier day, and say 12 to its reversal")
	echoes := c.flags.Bool("echoes", false, "say date and time of a request (DE12, DE13) back, in place of the bank's own")
	repeats := c.flags.Bool("repeats", false, "answer a number that is known with what was said first, in place of 94")
	doubles := c.flags.Bool("doubles", false, "say 94 of a sale with the card and the amount of the one before")
	keyBytes := c.flags.Int("keybytes", 40, "length of DE62 at sign-in: 24, 40 or 60")
	if code, done := c.noMore(); done {
		return code
	}
	profile, err := iso8583.ProfileByName(*name)
	if err != nil {
		return c.misused("-profile: %v", err)
	}
	// A key on a command line is in every list of this computer's programs.
	master, err := hex.DecodeString(cmp.Or(os.Getenv("VERATILL_TMK"), acquirer.DemoMasterKey))
	if err != nil || len(master) != 16 {
		return c.misused("the terminal master key in VERATILL_TMK is not 32 hex digits")
	}
	if *keyBytes != 24 && *keyBytes != 40 && *keyBytes != 60 {
		return c.misused("-keybytes is not 24, 40 or 60")
	}
	if !slices.Contains(bank.Matchings, bank.Matching(*knows)) {
		return c.misused("-knows %q is not one of %v", *knows, bank.Matchings)
	}
	cfg := hostsim.Config{Profile: profile, MasterKey: master, Ledger: *book, KeyBytes: *keyBytes,
		Matching: bank.Matching(*knows), Repeats: *repeats, Doubles: *doubles, Overnight: *overnight, Echoes: *echoes,
		Log: func(line string) { fmt.Fprintln(c.errOut, line) }}
	switch *values {
	case "digits":
	case "any":
		cfg.Values = bank.Any(rand.IntN)
	default:
		return c.misused("-values is not digits or any")
	}
	if *script != "" {
		if cfg.Script, err = hostsim.LoadScript(*script); err != nil {
			return c.misused("-script: %v", err)
		}
	}
	host, err := hostsim.New(cfg)
	if err != nil {
		return c.fail(err)
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(c.out, "listening on %s\n", listener.Addr())
	if err := host.Serve(ctx, listener); err != nil {
		return c.fail(err)
	}
	return exitOK
}

// printerSimulator is the virtual printer behind a port.
func printerSimulator(ctx context.Context, c *call) int {
	listen := c.flags.String("listen", "127.0.0.1:9100", "`address` to listen on")
	out := c.flags.String("out", "", "`folder` for the papers: bytes and picture of each")
	faults := c.flags.String("fault", "", "paper out, near end, cover open or offline")
	pictures := c.flags.Bool("pictures", true, "keep a picture beside the bytes of each paper")
	encoding := c.encoding()
	if code, done := c.noMore(); done {
		return code
	}
	e := printer.NewEmulator(printer.Traits{})
	condition, err := conditionOf(*faults)
	if err != nil {
		return c.misused("-fault: %v", err)
	}
	e.Set(condition)
	if *out != "" {
		if err := os.MkdirAll(*out, 0o755); err != nil {
			return c.fail(err)
		}
		before, err := lastPaper(*out)
		if err != nil {
			return c.fail(err)
		}
		e.OnPaper(func(p printer.Paper) {
			p.Number += before
			if err := keepPaper(*out, p, *pictures, *encoding); err != nil {
				fmt.Fprintln(c.errOut, "veratill printersim: "+err.Error())
			}
		})
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(c.out, "listening on %s\n", listener.Addr())
	if err := e.Serve(ctx, listener); err != nil && ctx.Err() == nil {
		return c.fail(err)
	}
	return exitOK
}

func conditionOf(fault string) (printer.Condition, error) {
	switch fault {
	case "":
		return printer.Condition{}, nil
	case "paper out":
		return printer.Condition{PaperOut: true}, nil
	case "near end":
		return printer.Condition{PaperNearEnd: true}, nil
	case "cover open":
		return printer.Condition{CoverOpen: true}, nil
	case "offline":
		return printer.Condition{Offline: true}, nil
	}
	return printer.Condition{}, fmt.Errorf("%q is no fault of a printer", fault)
}

// encoding is the flag for what a printer's bytes are written in.
func (c *call) encoding() *escpos.Encoding {
	var of escpos.Encoding
	c.flags.Func("encoding", "what the paper is written in: "+escpos.EncodingNames()+" (default gbk)", func(name string) (err error) {
		of, err = escpos.ParseEncoding(name)
		return err
	})
	return &of
}

// lastPaper is the highest number of a paper in a folder: what is printed from here on overwrites none of them.
func lastPaper(dir string) (last int, err error) {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		//mutant:papers-are-not-overwritten
		if n, bad := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(entry.Name(), ".bin"), ".png")); bad == nil {
			last = max(last, n)
		}
	}
	return last, err
}

func keepPaper(dir string, p printer.Paper, picture bool, encoding escpos.Encoding) error {
	name := filepath.Join(dir, fmt.Sprintf("%06d", p.Number))
	if err := giveFile(name+".bin", p.Bytes); err != nil || !picture {
		return err
	}
	return writePicture(name+".png", escpos.Decode(p.Bytes, escpos.DecodeOptions{Encoding: encoding, MaxHeight: pictureDots}))
}

func writePicture(path string, page *escpos.Page) error {
	glyphs, _ := escpos.NewFontGlyphs(assets.PaperFonts()...) // boxes stand for what can't be drawn
	var b bytes.Buffer
	if err := png.Encode(&b, page.Picture(glyphs)); err != nil {
		return err
	}
	return giveFile(path, b.Bytes())
}

func givePicture(out io.Writer, path string, page *escpos.Page) error {
	if path != "" {
		return writePicture(path, page)
	}
	glyphs, _ := escpos.NewFontGlyphs(assets.PaperFonts()...) // boxes stand for what can't be drawn
	return png.Encode(out, page.Picture(glyphs))
}

// pictureDots is how long a picture of a paper may be: 25 metres.
const pictureDots = 200_000

// decodeLimit bounds a file: a receipt is a few kilobytes.
const decodeLimit = 16 << 20

// decode shows a file: ISO 8583 where it reads as a frame of a profile, else ESC/POS.
func decode(_ context.Context, c *call) int {
	picture := c.flags.Bool("png", false, "give the paper as a PNG picture")
	to := c.flags.String("o", "", "`file` for the picture; without it the output")
	profile := c.flags.String("profile", "", "read it as an ISO 8583 frame of this profile: unionpay or iso87")
	width := c.flags.Int("width", 80, "paper width in mm: 80 or 58")
	encoding := c.encoding()
	names, code, done := c.parseAround()
	if done {
		return code
	}
	if len(names) != 1 {
		return c.misused("name one file")
	}
	b, err := files.Read(names[0], decodeLimit)
	if err != nil {
		return c.fail(err)
	}
	if text, ok := decodeFrame(b, *profile); ok && !*picture {
		fmt.Fprintln(c.out, text)
		return exitOK
	}
	if *profile != "" {
		return c.fail(fmt.Errorf("%s is no frame of profile %s", names[0], *profile))
	}
	o := escpos.DecodeOptions{Encoding: *encoding, MaxHeight: -1}
	if *width == 58 {
		o.Paper = escpos.Paper58
	}
	if *picture {
		o.MaxHeight = pictureDots
	}
	page := escpos.Decode(b, o)
	if *picture {
		if err := givePicture(c.out, *to, page); err != nil {
			return c.fail(err)
		}
	} else {
		fmt.Fprintln(c.out, strings.TrimRight(page.Text(), "\n"))
	}
	if page.Truncated() { // never in silence
		return c.fail(fmt.Errorf("%s goes on: this is the first %d m of its paper", names[0], page.Height()/dotsPerMetre))
	}
	return exitOK
}

// dotsPerMetre is at 203 dpi.
const dotsPerMetre = 8000

// decodeFrame reads one frame, of the profile that is named or of any, with its length header or as hex.
func decodeFrame(b []byte, name string) (string, bool) {
	if text := strings.Join(strings.Fields(string(b)), ""); len(text) > 0 && len(text)%2 == 0 {
		if raw, err := hex.DecodeString(text); err == nil {
			b = raw
		}
	}
	for _, p := range iso8583.Profiles() {
		if name != "" && p.Name != name {
			continue
		}
		r := bytes.NewReader(b)
		body, _, err := p.ReadFrame(r)
		if err != nil || r.Len() > 0 {
			continue
		}
		if m, err := p.Unpack(body); err == nil {
			return "profile " + p.Name + "\n" + m.Redacted(), true
		}
	}
	return "", false
}
