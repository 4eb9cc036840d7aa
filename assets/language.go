package assets

import (
	"bytes"
	"fmt"
	"strings"
)

// Languages lists the languages that the program speaks, the first being the default.
var Languages = []string{"zh", "en"}

// Language reads language/NAME.txt: one "key = text" a line, "#" begins a comment,
// {name} stands for what is put in. A key that comes twice or has no text is an error.
func Language(name string) (map[string]string, error) {
	raw, err := Files.ReadFile("language/" + name + ".txt")
	if err != nil {
		return nil, fmt.Errorf("language %q is not carried", name)
	}
	return readLanguage(name, raw)
}

func readLanguage(name string, raw []byte) (map[string]string, error) {
	texts := make(map[string]string, 400)
	for number, line := range strings.Split(string(bytes.TrimSpace(raw)), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, text, found := strings.Cut(line, " = ")
		key, text = strings.TrimSpace(key), strings.TrimSpace(text)
		if !found || text == "" {
			return nil, fmt.Errorf("language %s, line %d: no text", name, number+1)
		}
		if _, twice := texts[key]; twice {
			return nil, fmt.Errorf("language %s, line %d: %s is there twice", name, number+1, key)
		}
		texts[key] = text
	}
	return texts, nil
}
