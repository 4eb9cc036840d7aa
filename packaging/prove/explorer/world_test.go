package explorer

import (
	"reflect"
	"testing"
)

// A world is compared by its bytes, so that every one of them has to be a field's.
func TestWorldHasNoGaps(t *testing.T) {
	kind, sum := reflect.TypeFor[world](), uintptr(0)
	for i := range kind.NumField() {
		sum += kind.Field(i).Type.Size()
	}
	if sum != kind.Size() || kind.Size()%16 != 0 {
		t.Errorf("the fields have %d bytes, a world has %d; both have to be the same, and whole pairs of words", sum, kind.Size())
	}
}

// An action that is kept as a number is the same action again.
func TestActionsAreNumbers(t *testing.T) {
	for kind := range actionKinds {
		for at := range uint8(8) {
			for _, arg := range []uint8{0, 1, 15, unwilling, stays | 3, midWrite | notReady} {
				if a := (action{kind, at, arg}); unpack(pack(a)) != a {
					t.Errorf("%+v became %+v", a, unpack(pack(a)))
				}
			}
		}
	}
}

// In one world two actions never have the same words, else a script could mean either.
func TestWordsAreUnambiguous(t *testing.T) {
	x := newExplorer(anything)
	worlds := []world{{}}
	for n := 0; n < len(worlds) && n < 20_000; n++ {
		said := map[string]action{}
		for _, a := range x.moves(&worlds[n], nil) {
			text := x.words(&worlds[n], a)
			if other, twice := said[text]; twice {
				t.Fatalf("%q is %+v and %+v", text, a, other)
			}
			said[text] = a
			next := worlds[n]
			x.apply(&next, a)
			if x.visited.add(next.fingerprint()) {
				worlds = append(worlds, next)
			}
		}
	}
}
