package ui

import (
	"errors"
	"testing"
)

// A desktop that is not there is a message; any other panic is a fault of this program and stays one.
func TestNothingToDrawOn(t *testing.T) {
	glfw := errors.New("NotInitialized: The GLFW library is not initialized")
	if till, err := drawn(func() (*till, error) { panic(glfw) }); till != nil || !errors.Is(err, ErrNoWindow) || !errors.Is(err, glfw) {
		t.Errorf("%v %v", till, err)
	}
	other := errors.New("another")
	if _, err := drawn(func() (*till, error) { return nil, other }); !errors.Is(err, other) || errors.Is(err, ErrNoWindow) {
		t.Error(err)
	}
	for _, cause := range []any{other, "GLFW"} {
		func() {
			defer func() {
				if got := recover(); got != cause {
					t.Errorf("the panic %v became %v", cause, got)
				}
			}()
			drawn(func() (*till, error) { panic(cause) })
		}()
	}
}

// What the clock or the desk has for a window that has ended is dropped, also where it was given before.
func TestNothingTouchesAWindowThatHasEnded(t *testing.T) {
	var queue []func()
	did := 0
	do, shut := whileOpen(func(f func()) { queue = append(queue, f) })
	do(func() { did++ })
	queue[0]()
	do(func() { did++ })
	shut()
	queue[1]()
	do(func() { did++ })
	queue[2]()
	if did != 1 {
		t.Errorf("%d of 3 were done, want the first alone", did)
	}
}
