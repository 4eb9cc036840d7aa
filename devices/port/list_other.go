//go:build !linux && !windows

package port

import "veratill/devices"

func lineProblem(string) (devices.Reason, string) { return devices.None, "" }

func listPrinters() []devices.Found { return nil }
