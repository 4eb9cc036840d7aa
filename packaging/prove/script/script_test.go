package script_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"veratill/packaging/prove/script"
)

func known(word string) bool { return word == "card" || word == "kill" }

// A history is read as it was written, with what it says of itself left out.
func TestAHistoryIsReadAsItWasWritten(t *testing.T) {
	steps := []script.Step{script.After(1500*time.Millisecond, "card", "1250"), script.After(0, "kill"), script.After(time.Second, "card", "3", "40m")}
	var first string
	read, err := script.Parse("# Proves: nothing.\n\n"+script.Text("seed 7", steps), func(line string) error { first = line; return nil }, known)
	if err != nil || first != "seed 7" || !reflect.DeepEqual(read, steps) {
		t.Errorf("%q, %v, %v", first, read, err)
	}
	if s := read[2]; s.Word(0) != "card" || s.Number(1) != 3 || s.Sum(1) != 3 || s.Duration(2) != 40*time.Minute || s.Word(9) != "" || s.Number(2) != 0 || s.Duration(1) != 0 {
		t.Errorf("%+v", s)
	}
}

// What is no history is refused by its line.
func TestWhatIsNoHistoryIsRefusedByItsLine(t *testing.T) {
	begin := func(line string) error {
		if line != "seed 7" {
			return errors.New("no seed")
		}
		return nil
	}
	for text, want := range map[string]string{"sead 7": "line 1: no seed", "seed 7\n+1s": "line 2", "seed 7\n+1s card\nsoon card": "line 3", "seed 7\n+1s fly": `"fly" is no step`} {
		if _, err := script.Parse(text, begin, known); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
