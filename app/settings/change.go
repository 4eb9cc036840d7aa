package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"veratill/assets/files"
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
// Comments, order and everything else in it stay, and its permissions; a link stays one. The old
// file or the whole new one is there at any moment. Errors: ErrForm, what Parse says of the text,
// and those of the disk.
func Save(dir string, changes ...Change) error {
	saving.Lock()
	defer saving.Unlock()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(dir, FileName)
	mode := fs.FileMode(0o600)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if target, err := filepath.EvalSymlinks(path); err == nil { // a file that is not there yet is no link
		path = target
	}
	old, err := files.Read(path, limitBytes)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text := string(old)
	if errors.Is(err, fs.ErrNotExist) { // only a demonstration has no file, and from now on it says that it is one
		text = demonstrationFile
		old = []byte(text)
	}
	for _, c := range changes {
		text = with(text, c)
	}
	if err := holds(string(old), text, changes); err != nil {
		return err
	}
	if err := disk.Replace(disk.System{}, path, []byte(text)); err != nil {
		return err
	}
	if mode == 0o600 {
		return nil
	}
	return os.Chmod(path, mode)
}

// demonstrationFile is what a new settings file begins with.
const demonstrationFile = "[till]\nmode = \"demonstration\"\n\n"

// saving is held from reading to writing: two changes at once would lose one, or mix their texts.
var saving sync.Mutex

var (
	tableHead = regexp.MustCompile(`^\s*\[+([^\]]*)\]`)
	keyValue  = regexp.MustCompile(`^(\s*)([A-Za-z]+)(\s*)=\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^#]*?)(\s*(?:#.*)?)$`)
)

// with changes one line, or adds it at the end of the table, or the table at the end.
func with(text string, c Change) string {
	lines := strings.Split(text, "\n")
	inside, last := false, -1
	for i, whole := range lines {
		l := strings.TrimSuffix(whole, "\r")
		end := whole[len(l):]
		if head := tableHead.FindStringSubmatch(strings.TrimPrefix(l, "\uFEFF")); head != nil {
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
			lines[i] = kv[1] + kv[2] + kv[3] + "= " + c.text() + kv[5] + end
			return strings.Join(lines, "\n")
		}
	}
	line := c.Key + " = " + c.text()
	if last < 0 {
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		return text + "[devices]\n" + line + "\n"
	}
	lines = append(lines[:last+1], append([]string{line}, lines[last+1:]...)...)
	return strings.Join(lines, "\n")
}

// text writes a value as TOML does: a width is a number, everything else a string.
func (c Change) text() string {
	if _, err := strconv.Atoi(c.Value); err == nil && c.Key == "widthMm" {
		return c.Value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(c.Value) + `"`
}

// holds makes sure that what is to be written says what was meant, is a settings file, and says
// nothing else anew: a line that looks like a setting may stand in a text of several lines.
func holds(old, text string, changes []Change) error {
	before, err := Parse(old)
	if err != nil {
		return err
	}
	after, err := Parse(text)
	if err != nil {
		return err
	}
	for _, c := range changes {
		was, is := before.device(c.Key), after.device(c.Key)
		if is == nil || fmt.Sprint(reflect.ValueOf(is).Elem()) != c.Value {
			return fmt.Errorf("%w ([devices] %s)", ErrForm, c.Key)
		}
		reflect.ValueOf(was).Elem().Set(reflect.ValueOf(is).Elem())
	}
	before.Complaints, after.Complaints = nil, nil // what is wrong with another line stays as it is
	if !reflect.DeepEqual(before, after) {
		return ErrForm
	}
	return nil
}

// device is a setting of the devices by its key; nil is none that the till sets.
func (s *Settings) device(key string) any {
	for _, one := range s.all() {
		if one.table == "devices" && one.key == key && !one.money {
			return one.into
		}
	}
	return nil
}
