package main

// evidence are the rules of what a dispute is decided by: slips as they were first printed, and cases.
var evidence = []mutant{
	{"a slip is in the entry of its print", tests, []edit{at("a-slip-is-in-the-entry-of-its-print", skip())}},
	{"a copy is no original", tests, []edit{at("a-copy-is-no-original", onlyIf("act.Effect != txn.PrintCopy"))}},
	{"a slip that is made anew is the same", tests, []edit{at("a-slip-that-is-made-anew-is-the-same", never())}},
	{"a slip that was altered is none", tests, []edit{at("a-slip-that-was-altered-is-none", never())}},
	{"a slip is kept for 18 months", tests, []edit{at("a-slip-is-kept-for-18-months", never())}},
	{"the row of a slip is compared", tests, []edit{at("slip-row-is-compared", replace("row[1] == want", `want != ""`))}},
}
