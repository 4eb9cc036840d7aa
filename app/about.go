package main

import (
	"context"
	"fmt"
	"runtime"
)

// What packaging/ldflags stamps on the program from FyneApp.toml, the only place where it
// stands. A program that was built without that says so by its version.
var (
	name    = "Veratill"
	id      = "org.veratill.unstamped"
	version = "0.0.0"
	build   = "0"
	commit  = "" // of the repository, empty where it was built without one
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
