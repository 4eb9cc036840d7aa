package main

import (
	"os"

	"golang.org/x/sys/windows"
)

var attachConsole = windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")

// attachParent is ATTACH_PARENT_PROCESS of wincon.h.
const attachParent = ^uintptr(0)

// console gives the program the console of whoever started it: Windows gives none to a program
// with windows. What was redirected stays so; veratill.com hands on that alone. heard says whether
// anybody can read the error output.
func console() (heard bool) {
	attachConsole.Call(attachParent) // where it fails, there is none, or it is attached already
	for _, s := range []struct {
		which  uint32
		device string
		file   **os.File
	}{{windows.STD_INPUT_HANDLE, "CONIN$", &os.Stdin}, {windows.STD_OUTPUT_HANDLE, "CONOUT$", &os.Stdout}, {windows.STD_ERROR_HANDLE, "CONOUT$", &os.Stderr}} {
		if usable(s.which) {
			continue
		}
		opened, err := os.OpenFile(s.device, os.O_RDWR, 0)
		if err != nil {
			continue // no console: as unheard as before
		}
		*s.file = opened
		windows.SetStdHandle(s.which, windows.Handle(opened.Fd())) // a panic's words go there
	}
	return usable(windows.STD_ERROR_HANDLE)
}

// usable reports whether a standard handle leads to a file, a pipe or a device.
func usable(which uint32) bool {
	handle, err := windows.GetStdHandle(which)
	if err != nil || handle == 0 || handle == windows.InvalidHandle {
		return false
	}
	kind, err := windows.GetFileType(handle)
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}

// tell shows a text in a box and waits until it was read.
func tell(title, text string) {
	t, err := windows.UTF16PtrFromString(title)
	if err != nil {
		return
	}
	body, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return
	}
	windows.MessageBox(0, body, t, windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
}

// languages are the system's, the preferred one first.
func languages() []string {
	names, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil {
		return nil
	}
	return names
}

// drawingHelp is what to do where the window finds no OpenGL.
const drawingHelp = "start.opengl"
