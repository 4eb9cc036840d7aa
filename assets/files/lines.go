package files

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// EachLine calls take with each whole line of r, by its number from 1. whole is how many bytes those lines are: what follows them was cut
// short, and says nothing. The error is take's, or that of r.
func EachLine(r io.Reader, take func(n int, line []byte) error) (whole int64, err error) {
	in := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil
		}
		if err == nil {
			err = take(n, line)
		}
		if err != nil {
			return whole, err
		}
		whole += int64(len(line))
	}
}

// OpenLines opens a file that lines are added to, or begins one for its owner alone, and calls take with each whole line that it has. A last line
// that a crash cut short is cut off; a file that has no whole line and does not begin as a line of JSON that was cut is somebody else's, and left as it
// is. what is what the file is called in an error, which names the line where it is take's.
func OpenLines(what, path string, take func(n int, line []byte) error) (*os.File, error) {
	f, err := OpenAs(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	whole, err := EachLine(f, take)
	if err == nil && whole == 0 {
		err = begun(f)
	}
	if err == nil {
		if err = f.Truncate(whole); err == nil {
			_, err = f.Seek(whole, io.SeekStart)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s %s: %w", what, path, err), f.Close())
	}
	return f, nil
}

// begun says why a file without a whole line is none whose first line a crash cut short.
func begun(f *os.File) error {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	head := make([]byte, min(info.Size(), mostLine))
	if _, err := f.ReadAt(head, 0); err != nil {
		return err
	}
	//mutant:what-is-no-ledger-is-left
	if !strings.HasPrefix(string(head), `{"`) || info.Size() >= mostLine || json.Valid(head) {
		return errors.New("this file holds something else, and nothing of it was changed: name another one")
	}
	return nil
}

// mostLine is more than any line has, in bytes.
const mostLine = 1 << 20

// AppendLine writes a value as a line of JSON behind the others, and makes it durable.
func AppendLine(f *os.File, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(text, '\n')); err != nil {
		return err
	}
	return f.Sync()
}

// ReadRules reads a script: one rule a line, as JSON without a name that is none; # begins a comment. Errors name the line, and are JSON's or check's.
func ReadRules[R any](r io.Reader, check func(R) error) (rules []*R, err error) {
	in := bufio.NewScanner(r)
	for n := 1; in.Scan(); n++ {
		text := strings.TrimSpace(in.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		var rule R
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		err := d.Decode(&rule)
		if err == nil {
			err = check(rule)
		}
		if err != nil {
			return nil, fmt.Errorf("script line %d: %w", n, err)
		}
		rules = append(rules, &rule)
	}
	return rules, in.Err()
}

// mostScript is more than any script takes, in bytes.
const mostScript = 16 << 20

// LoadRules is ReadRules of a file.
func LoadRules[R any](path string, check func(R) error) ([]*R, error) {
	f, err := Open(path, mostScript)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadRules(f, check)
}
