package crashes

// Kinds is how many kinds of recording there are, for the tests outside the package.
var Kinds = len(workloads)
