package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"veratill/txn/disk"
)

// Change is a value of the settings file that the till itself may set: a device that was
// chosen on its page.
type Change struct {
	Key   string // of the table [devices]
	Value string
}

// ErrForm means that a settings file is written in a way that this program does not change:
// it has to be changed by hand.
var ErrForm = errors.New("settings: the file is written in a way that can't be changed here; change it by hand")

// Save puts changes into the settings file of a folder, and makes one where there is none.
// Comments, order and everything else in it stay. The old file or the whole new one is
// there at any moment. Errors: ErrForm, what Parse says of the new text, and those of the disk.
func Save(dir string, changes ...Change) error {
	path := filepath.Join(dir, FileName)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text := string(old)
	for _, c := range changes {
		text = with(text, c)
	}
	if err := holds(text, changes); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return disk.Replace(disk.System{}, path, []byte(text))
}

var (
	tableHead = regexp.MustCompile(`^\s*\[+([^\]]*)\]`)
	keyValue  = regexp.MustCompile(`^(\s*)([A-Za-z]+)(\s*)=\s*("(?:[^"\\]|\\.)*"|[^#]*?)(\s*(?:#.*)?)$`)
)

// with changes one line, or adds it at the end of the table, or the table at the end.
func with(text string, c Change) string {
	lines := strings.Split(text, "\n")
	inside, last := false, -1
	for i, whole := range lines {
		l := strings.TrimSuffix(whole, "\r")
		end := whole[len(l):]
		if head := tableHead.FindStringSubmatch(l); head != nil {
			inside = strings.TrimSpace(head[1]) == "devices"
			if inside {
				last = i
			}
			continue
		}
		if !inside {
			continue
		}
		if strings.TrimSpace(l) != "" {
			last = i
		}
		if kv := keyValue.FindStringSubmatch(l); kv != nil && kv[2] == c.Key {
			lines[i] = kv[1] + kv[2] + kv[3] + "= " + quoted(c.Value) + kv[5] + end
			return strings.Join(lines, "\n")
		}
	}
	line := c.Key + " = " + quoted(c.Value)
	if last < 0 {
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		return text + "[devices]\n" + line + "\n"
	}
	lines = append(lines[:last+1], append([]string{line}, lines[last+1:]...)...)
	return strings.Join(lines, "\n")
}

// quoted writes a string or a whole number as TOML does.
func quoted(value string) string {
	if _, err := strconv.Atoi(value); err == nil {
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// holds makes sure that what is to be written says what was meant, and is a settings file.
func holds(text string, changes []Change) error {
	s, err := Parse(text)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if got := s.Devices.value(c.Key); got != c.Value {
			return fmt.Errorf("%w ([devices] %s)", ErrForm, c.Key)
		}
	}
	return nil
}

// value is a setting of the devices by its key, in text.
func (d Devices) value(key string) string {
	switch key {
	case "reader":
		return d.Reader
	case "printer":
		return d.Printer
	case "scanner":
		return d.Scanner
	case "model":
		return d.Model
	case "drawer":
		return d.Drawer
	case "encoding":
		return d.Encoding
	case "widthMm":
		return strconv.Itoa(d.WidthMm)
	}
	return ""
}
