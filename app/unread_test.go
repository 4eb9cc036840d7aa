package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"veratill/app/ui"
)

func TestDataFolder(t *testing.T) {
	at := func(names ...string) func(string) string {
		return func(name string) string {
			for i := 0; i+1 < len(names); i += 2 {
				if names[i] == name {
					return names[i+1]
				}
			}
			return ""
		}
	}
	home := func() (string, error) { return "/home/li", nil }
	homeless := func() (string, error) { return "", errors.New("none") }
	for _, c := range []struct {
		system string
		env    func(string) string
		home   func() (string, error)
		want   string
	}{
		{"windows", at("ProgramData", `D:\All`, "XDG_DATA_HOME", "/x"), home, filepath.Join(`D:\All`, "Veratill")},
		{"windows", at(), home, filepath.Join(`C:\ProgramData`, "Veratill")},
		{"linux", at("ProgramData", `D:\All`, "XDG_DATA_HOME", "/x"), home, filepath.Join("/x", "veratill")},
		{"linux", at("ProgramData", `D:\All`), home, filepath.Join("/home/li", ".local", "share", "veratill")},
		{"linux", at(), homeless, ""},
	} {
		if got := dataDir(c.system, c.env, c.home); got != c.want {
			t.Errorf("%s: %q, want %q", c.system, got, c.want)
		}
	}
}

// What nobody can read is shown: for a window that fails, and for nothing else.
func TestWhatNobodyReadsIsShown(t *testing.T) {
	for _, c := range []struct {
		name  string
		heard bool
		args  []string
		code  int
		shown bool
	}{
		{"from the start menu", false, nil, exitFault, true},
		{"from the start menu, with a flag that is wrong", false, []string{"-text", "7"}, exitUsage, true},
		{"from the start menu, and closed again", false, nil, exitOK, false},
		{"from a console", true, nil, exitFault, false},
		{"a command that somebody scheduled", false, []string{"recover"}, exitFault, false},
	} {
		var read strings.Builder
		var title, text string
		code := heardOrShown(c.heard, c.args, &read, func(a, b string) { title, text = a, b }, func(errOut io.Writer) int {
			io.WriteString(errOut, "veratill: the cat has the mouse\n")
			return c.code
		})
		if code != c.code {
			t.Errorf("%s: ended with %d", c.name, code)
		}
		if shown := title != "" && strings.Contains(text, "the cat has the mouse") && strings.Contains(text, "No money has moved"); shown != c.shown {
			t.Errorf("%s: shown %q %q", c.name, title, text)
		}
		if unreadable := !c.heard && opensWindow(c.args); (read.Len() == 0) != unreadable {
			t.Errorf("%s: %q on the error output", c.name, read.String())
		}
	}
}

func TestUnreadKeepsTheEnd(t *testing.T) {
	var kept unread
	for i := range 1000 {
		fmt.Fprintf(&kept, "line %d 行\n", i)
	}
	words, err := wordsOf([]string{"zh-CN"})
	if err != nil {
		t.Fatal(err)
	}
	text := kept.box(words)
	if len(text) > unreadBytes+200 || !strings.Contains(text, "line 999 行\n") || !strings.Contains(text, "没有因此动钱") {
		t.Errorf("%d bytes: %s", len(text), text)
	}
	if text := new(unread).box(words); !strings.Contains(text, "没有给出原因") {
		t.Error(text)
	}
}

func TestLanguageOfTheSystem(t *testing.T) {
	for _, c := range []struct{ names, want string }{
		{"zh-Hans-CN en-US", "zh"}, {"en-GB zh-CN", "en"}, {"de-DE ZH", "zh"}, {"de-DE fr", "en"}, {"", "en"},
	} {
		words, err := wordsOf(strings.Fields(c.names))
		if err != nil {
			t.Fatal(err)
		}
		if got := words.Language(); got != c.want {
			t.Errorf("%q: %s, want %s", c.names, got, c.want)
		}
	}
}

// A window without OpenGL says what to do where the system has something to say; other faults do not.
func TestWithoutOpenGL(t *testing.T) {
	undrawn := fmt.Errorf("%w: no", ui.ErrNoWindow)
	for _, c := range []struct {
		err    error
		help   string
		helped bool
		lines  int
	}{{undrawn, "start.opengl", true, 2}, {undrawn, "", false, 1}, {errors.New("another"), "start.opengl", false, 1}} {
		var said strings.Builder
		window := &call{errOut: &said, flags: flag.NewFlagSet("", flag.ContinueOnError)}
		if code := window.undrawn(c.err, c.help, []string{"zh-CN"}); code != exitFault {
			t.Errorf("%v ends with %d", c.err, code)
		}
		if helped := strings.Contains(said.String(), "远程桌面"); helped != c.helped || !strings.Contains(said.String(), c.err.Error()) || strings.Count(said.String(), "\n") != c.lines {
			t.Errorf("%v: %s", c.err, said.String())
		}
	}
}
