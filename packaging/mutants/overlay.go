package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// overlayOf writes the edited files of a mutant beside the tree, and the list by which Go
// reads them in place of those of the tree. It returns the list's name.
func overlayOf(m mutant, name string) (string, error) {
	texts := map[string]string{}
	for _, e := range m.edits {
		if _, read := texts[e.file]; !read {
			text, err := os.ReadFile(e.file)
			if err != nil {
				return "", err
			}
			texts[e.file] = string(text)
		}
		if n := strings.Count(texts[e.file], e.old); n != 1 {
			return "", fmt.Errorf("%s: the text to replace is there %d times: %q", e.file, n, e.old)
		}
		texts[e.file] = strings.Replace(texts[e.file], e.old, e.new, 1)
	}
	list := struct{ Replace map[string]string }{map[string]string{}}
	for file, text := range texts {
		from, err := filepath.Abs(file)
		if err != nil {
			return "", err
		}
		to, err := filepath.Abs(filepath.Join(workDir, name, file))
		if err != nil {
			return "", err
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			return "", err
		}
		list.Replace[from] = to
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "", err
	}
	path := filepath.Join(workDir, name+".json")
	return path, os.WriteFile(path, b, 0o644)
}
