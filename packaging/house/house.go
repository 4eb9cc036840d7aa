// Package house holds the rules of the house as tests: who may import whom, how
// long a file and a function may be, what has to be documented. Its tests are all
// there is; each says why when it fails.
package house
