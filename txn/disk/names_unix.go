//go:build !windows

package disk

const namesNeedSync = true
