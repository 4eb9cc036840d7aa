package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
)

// What packaging/ldflags stamps on the program from FyneApp.toml, the only place where it
// stands. A program that was built without that says so by its version.
var (
	name    = "Veratill"
	id      = "org.veratill.unstamped"
	version = "0.0.0"
	build   = "0"
	commit  = "" // of the repository, empty where it was built without one
	date    = "" // of that commit, in Unix seconds
	// updateKey is the publisher's key, as minisign writes it; without one no update is believed.
	updateKey = ""
)

// identity is what the program says of itself.
type identity struct {
	Name    string `json:"name"`
	ID      string `json:"id"`
	Version string `json:"version"`
	Build   string `json:"build"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
	System  string `json:"system"`
}

func about() identity {
	return identity{name, id, version, build, commit, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
}

// made is when the program was made: the date of its commit; zero where that is not known.
func made() time.Time {
	if seconds, err := strconv.ParseInt(date, 10, 64); err == nil {
		return time.Unix(seconds, 0)
	}
	info, _ := debug.ReadBuildInfo() // nil where the program has none
	if info == nil {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if at, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
			return at
		}
	}
	return time.Time{}
}

func printVersion(_ context.Context, c *call) int {
	asJSON := c.flags.Bool("json", false, "answer in JSON")
	if code, done := c.noMore(); done {
		return code
	}
	if *asJSON {
		return c.print(about())
	}
	fmt.Fprintf(c.out, "%s %s (build %s)\n", name, version, build)
	return exitOK
}
