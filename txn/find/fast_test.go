//go:build !race

package find_test

// histories is how many shops are made up; a file is damaged five times as often.
const histories = 12
