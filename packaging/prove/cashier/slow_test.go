//go:build race

package cashier_test

// usualSeeds is small here: the race detector makes everything many times slower, and the scripts run under it too.
const usualSeeds = 1
