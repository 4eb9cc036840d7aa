package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// agree reports each mark that the table does not name, and each name that is not marked.
func (all places) agree(table []mutant) error {
	var faults []error
	named := map[string]bool{}
	for _, m := range table {
		for _, e := range m.edits {
			named[e.mark] = true
			if _, marked := all[e.mark]; !marked {
				faults = append(faults, fmt.Errorf("%s: nothing in %s is marked //mutant:%s", m.rule, strings.Join(rooms, ", "), e.mark))
			}
		}
	}
	for _, mark := range slices.Sorted(maps.Keys(all)) {
		if !named[mark] {
			faults = append(faults, fmt.Errorf("%s: no mutant of the table edits //mutant:%s", all[mark].path, mark))
		}
	}
	return errors.Join(faults...)
}

// edited are the files of a mutant with their new texts. An edit that does not fit its
// node, or changes nothing, is an error.
func (all places) edited(m mutant) (map[string]string, error) {
	splices := map[*source][]splice{}
	for _, e := range m.edits {
		p, marked := all[e.mark]
		if !marked {
			return nil, fmt.Errorf("nothing is marked //mutant:%s", e.mark)
		}
		s, err := e.op(p)
		if err == nil && string(p.text[s.from:s.to]) == s.text {
			err = errors.New("the edit changes nothing")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: //mutant:%s: %w", p.path, e.mark, err)
		}
		splices[p.source] = append(splices[p.source], s)
	}
	texts := map[string]string{}
	for s, list := range splices {
		text, err := s.with(list)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.path, err)
		}
		texts[s.path] = text
	}
	return texts, nil
}

// with is the text of a file after some splices.
func (s *source) with(list []splice) (string, error) {
	slices.SortFunc(list, func(a, b splice) int { return a.from - b.from })
	var b strings.Builder
	done := 0
	for _, c := range list {
		if c.from < done {
			return "", errors.New("two edits of the mutant overlap")
		}
		b.Write(s.text[done:c.from])
		b.WriteString(c.text)
		done = c.to
	}
	b.Write(s.text[done:])
	return b.String(), nil
}

// made is a mutant whose edited files are written beside the tree.
type made struct {
	name    string // of what is written for it
	overlay string // the list by which Go reads its files in place of those of the tree
	files   []string
}

// write writes a mutant.
func (all places) write(m mutant, name string) (made, error) {
	texts, err := all.edited(m)
	if err != nil {
		return made{}, err
	}
	list := struct{ Replace map[string]string }{map[string]string{}}
	for file, text := range texts {
		from, err := filepath.Abs(file)
		if err != nil {
			return made{}, err
		}
		to, err := filepath.Abs(filepath.Join(workDir, name, file))
		if err != nil {
			return made{}, err
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return made{}, err
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			return made{}, err
		}
		list.Replace[from] = to
	}
	b, err := json.Marshal(list)
	if err != nil {
		return made{}, err
	}
	path := filepath.Join(workDir, name+".json")
	return made{name, path, slices.Sorted(maps.Keys(texts))}, os.WriteFile(path, b, 0o644)
}
