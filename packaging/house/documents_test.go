package house

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// document reads a committed text of the repository.
func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documents are the committed Markdown files, from the root.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, name := range committed(t) {
		if path.Ext(name) == ".md" {
			all = append(all, name)
		}
	}
	return all
}

// architectureLines is as much as somebody new reads in one go.
const architectureLines = 250

func TestArchitectureIsShort(t *testing.T) {
	if lines := strings.Count(document(t, "ARCHITECTURE.md"), "\n"); lines > architectureLines {
		t.Errorf("ARCHITECTURE.md has %d lines, above %d: move what only some readers need to packaging/docs", lines, architectureLines)
	}
}

// The map of the rooms in ARCHITECTURE.md has a line for each folder with Go files, and for no folder that is not there.
func TestArchitectureMapsEveryRoom(t *testing.T) {
	_, rest, found := strings.Cut(document(t, "ARCHITECTURE.md"), "## Rooms\n\n```\n")
	list, _, ends := strings.Cut(rest, "```\n")
	if !found || !ends {
		t.Fatal("ARCHITECTURE.md has no map below \"## Rooms\"")
	}
	mapped := mappedRooms(list)
	for _, room := range mapped {
		if info, err := os.Stat(filepath.Join(root(t), room)); err != nil || !info.IsDir() {
			t.Errorf("ARCHITECTURE.md maps %s, and there is no such folder", room)
		}
	}
	missed := map[string]bool{}
	for _, s := range sources(t) {
		if !within(s.room, "packaging") && !slices.Contains(mapped, s.room) && !missed[s.room] {
			missed[s.room] = true
			t.Errorf("ARCHITECTURE.md does not map %s: add a line that says what it is for", s.room)
		}
	}
}

// mappedRooms reads the map: a line has one folder or several, each with its slash, below the folder that is indented less.
func mappedRooms(list string) (rooms []string) {
	var above []string
	for line := range strings.Lines(list) {
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		above = above[:min(depth, len(above))]
		for _, word := range strings.Fields(line) {
			name, folder := strings.CutSuffix(word, "/")
			if !folder {
				break
			}
			rooms = append(rooms, path.Join(append(slices.Clone(above), name)...))
		}
		above = append(above, strings.TrimSuffix(strings.Fields(line)[0], "/"))
	}
	return rooms
}

var (
	link     = regexp.MustCompile(`\]\(([^)\s]+)\)|<img src="([^"]+)"`)
	headline = regexp.MustCompile(`(?m)^#+ (.*)$`)
	unlinked = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are the names by which GitHub links to the headings of a text.
func anchors(text string) []string {
	var all []string
	for _, m := range headline.FindAllStringSubmatch(text, -1) {
		name := unlinked.ReplaceAllString(strings.ToLower(m[1]), "")
		all = append(all, strings.ReplaceAll(name, " ", "-"))
	}
	return all
}

// Each link of a document leads to a file, or a heading, of this repository.
func TestLinksOfDocumentsLeadSomewhere(t *testing.T) {
	for _, name := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(document(t, name), -1) {
			to := m[1] + m[2]
			if strings.Contains(to, "://") {
				continue
			}
			file, anchor, _ := strings.Cut(to, "#")
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			if _, err := os.Stat(filepath.Join(root(t), target)); err != nil {
				t.Errorf("%s links to %s, and there is no such file", name, to)
			} else if anchor != "" && !slices.Contains(anchors(document(t, target)), anchor) {
				t.Errorf("%s links to %s, and %s has no such heading", name, to, target)
			}
		}
	}
}

var (
	goTest   = regexp.MustCompile("`(?:VERATILL_[A-Z]+=\\S+ )*go test ([^`]+)`")
	devWord  = regexp.MustCompile("(?m)(?:`|^)\\./dev ([a-z]+)")
	declared = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
)

// testsOf are the tests, fuzz targets and benchmarks of a folder.
func testsOf(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root(t), folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllSubmatch(text, -1) {
			all = append(all, string(m[1]))
		}
	}
	return all
}

// A command that a document shows runs something: its folders have tests, and -run and -bench fit one of them.
func TestDocumentsNameTestsThatExist(t *testing.T) {
	for _, name := range documents(t) {
		for _, m := range goTest.FindAllStringSubmatch(document(t, name), -1) {
			words := strings.Fields(m[1])
			var there []string
			for i, word := range words {
				if folder, ok := strings.CutPrefix(word, "./"); ok && !strings.Contains(word, "...") {
					tests := testsOf(t, folder)
					if len(tests) == 0 {
						t.Errorf("%s shows go test %s, and %s has no tests", name, m[1], word)
					}
					there = append(there, tests...)
				}
				if (word == "-run" || word == "-bench") && i+1 < len(words) {
					wanted, _, _ := strings.Cut(strings.Trim(words[i+1], "'"), "/")
					wanted, _, _ = strings.Cut(wanted, "|")
					if wanted != "XX" && wanted != "." && !slices.ContainsFunc(there, func(test string) bool { return strings.Contains(test, wanted) }) {
						t.Errorf("%s shows go test %s, and there is no test %s", name, m[1], wanted)
					}
				}
			}
		}
	}
}

// A ./dev command that a document names is one that ./dev lists.
func TestDocumentsNameCommandsOfDev(t *testing.T) {
	listed := document(t, "dev")
	for _, name := range documents(t) {
		for _, m := range devWord.FindAllStringSubmatch(document(t, name), -1) {
			if !regexp.MustCompile(`(?m)^\./dev ` + m[1] + `\b`).MatchString(listed) {
				t.Errorf("%s names ./dev %s, which ./dev does not list", name, m[1])
			}
		}
	}
}

// Whoever comes to the repository finds the two commands that packaging/fresh tries.
func TestReadmesShowTheTwoCommands(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text := document(t, name)
		for _, command := range []string{"./dev run", "./dev test"} {
			if !strings.Contains(text, "\n"+command+" ") {
				t.Errorf("%s does not show %s on a line of its own", name, command)
			}
		}
	}
}
