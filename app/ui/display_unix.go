//go:build unix && !darwin

package ui

import (
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// displayThere says in one line when there is no display to open a window on.
func displayThere(env func(string) string) error {
	if socket := env("WAYLAND_DISPLAY"); socket != "" {
		if !filepath.IsAbs(socket) {
			socket = filepath.Join(env("XDG_RUNTIME_DIR"), socket)
		}
		if reach("unix", socket) {
			return nil
		}
	}
	display := env("DISPLAY")
	if display == "" {
		return fmt.Errorf("%w: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)", ErrNoWindow)
	}
	host, number, _ := strings.Cut(display, ":")
	number, _, _ = strings.Cut(number, ".")
	n, err := strconv.Atoi(number)
	if err != nil {
		return fmt.Errorf("%w: DISPLAY=%q names no display", ErrNoWindow, display)
	}
	if host == "" || host == "unix" {
		socket := fmt.Sprintf("/tmp/.X11-unix/X%d", n)
		if reach("unix", socket) || reach("unix", "@"+socket) || reach("tcp", fmt.Sprintf("127.0.0.1:%d", 6000+n)) {
			return nil
		}
	} else if reach("tcp", net.JoinHostPort(host, strconv.Itoa(6000+n))) {
		return nil
	}
	return fmt.Errorf("%w: the display %s does not answer", ErrNoWindow, display)
}

func reach(network, address string) bool {
	link, err := net.DialTimeout(network, address, 2*time.Second)
	if err != nil {
		return false
	}
	_ = link.Close()
	return true
}
