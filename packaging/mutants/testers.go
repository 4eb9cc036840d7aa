package main

import (
	"fmt"
	"os/exec"
	"path"
	"slices"
	"strings"
	"sync"
)

// testers are the packages whose tests have to notice an edit of some files: the edited
// ones themselves, and those of the same room that use them, if only in their tests.
func testers(files []string) (own, users []string, err error) {
	for _, file := range files {
		if edited := module + "/" + path.Dir(file); !slices.Contains(own, edited) {
			own = append(own, edited)
		}
	}
	for _, room := range rooms {
		in := slices.DeleteFunc(slices.Clone(own), func(p string) bool { return !strings.HasPrefix(p+"/", module+"/"+room+"/") })
		if len(in) == 0 {
			continue
		}
		all, err := usesOf(room)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range all {
			if !slices.Contains(own, p.name) && slices.ContainsFunc(in, func(edited string) bool { return p.uses[edited] }) {
				users = append(users, p.name)
			}
		}
	}
	return own, users, nil
}

const module = "veratill"

// using is a package with all that it and its tests are built of.
type using struct {
	name string
	uses map[string]bool
}

var (
	listing sync.Mutex
	listed  = map[string][]using{}
)

// usesOf asks Go once for the packages of a room that have tests.
func usesOf(room string) ([]using, error) {
	listing.Lock()
	defer listing.Unlock()
	if all, known := listed[room]; known {
		return all, nil
	}
	// With -test each package's tests are listed too, as NAME.test, with all that they import.
	out, err := exec.Command("go", "list", "-tags=ci", "-test", "-f", `{{if .ForTest}}{{else if .Name | eq "main"}}{{.ImportPath}} {{join .Deps " "}}{{end}}`, "./"+room+"/...").Output()
	if err != nil {
		return nil, fmt.Errorf("go list ./%s/...: %w", room, err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		name, test := strings.CutSuffix(words[0], ".test")
		if !test {
			continue
		}
		uses := map[string]bool{}
		for _, dep := range words[1:] {
			uses[dep] = true
		}
		listed[room] = append(listed[room], using{name, uses})
	}
	return listed[room], nil
}
