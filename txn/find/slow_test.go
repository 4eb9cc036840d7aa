//go:build race

package find_test

// histories is one: what is held against a scan is done by one goroutine, and the race detector makes it tens of times slower.
const histories = 1
