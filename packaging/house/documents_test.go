package house

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	links    = regexp.MustCompile(`\]\(([^)\s]+)\)|<img src="([^"]+)"`)
	headings = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// Whoever follows a link of a document gets to a file that is there, and to the heading that it names.
func TestLinksOfDocumentsLeadSomewhere(t *testing.T) {
	for _, name := range committed(t) {
		if path.Ext(name) != ".md" {
			continue
		}
		for _, m := range links.FindAllStringSubmatch(document(t, name), -1) {
			link := m[1] + m[2]
			if strings.Contains(link, "://") {
				continue
			}
			file, heading, _ := strings.Cut(link, "#")
			to := name
			if file != "" {
				to = path.Join(path.Dir(name), file)
			}
			if _, err := os.Stat(filepath.Join(root(t), to)); err != nil {
				t.Errorf("%s: the link %s leads to no file", name, link)
			} else if heading != "" && !hasHeading(document(t, to), heading) {
				t.Errorf("%s: the link %s leads to no heading", name, link)
			}
		}
	}
}

func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// hasHeading reports whether a heading is called by this anchor: in small letters, blanks as hyphens, no other signs.
func hasHeading(text, anchor string) bool {
	for _, m := range headings.FindAllStringSubmatch(text, -1) {
		called := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, m[1])
		if called == anchor {
			return true
		}
	}
	return false
}
