package ui

import (
	"errors"
	"testing"
)

// A desktop that is not there is a message; any other panic is a fault of this program and stays one.
func TestNothingToDrawOn(t *testing.T) {
	glfw := errors.New("NotInitialized: The GLFW library is not initialized")
	if till, err := drawn(func() (*Till, error) { panic(glfw) }); till != nil || !errors.Is(err, ErrNoWindow) || !errors.Is(err, glfw) {
		t.Errorf("%v %v", till, err)
	}
	other := errors.New("another")
	if _, err := drawn(func() (*Till, error) { return nil, other }); !errors.Is(err, other) || errors.Is(err, ErrNoWindow) {
		t.Error(err)
	}
	for _, cause := range []any{other, "GLFW"} {
		func() {
			defer func() {
				if got := recover(); got != cause {
					t.Errorf("the panic %v became %v", cause, got)
				}
			}()
			drawn(func() (*Till, error) { panic(cause) })
		}()
	}
}
