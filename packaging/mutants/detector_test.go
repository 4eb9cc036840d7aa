package main

import (
	"errors"
	"os"
	"slices"
	"testing"
)

// The packages that have to notice follow from what is edited.
func TestUsersOfAnEditedPackageAreItsTesters(t *testing.T) {
	t.Chdir(root)
	own, users, err := testers([]string{"txn/journal/commit.go", "txn/journal/open.go"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(own, []string{"veratill/txn/journal"}) {
		t.Errorf("edited: %v", own)
	}
	for p, want := range map[string]bool{"veratill/txn/till": true, "veratill/txn/money": false, "veratill/txn/journal": false, "veratill/app/desk": false} {
		if slices.Contains(users, p) != want {
			t.Errorf("users: %v, %s among them: want %v", users, p, want)
		}
	}
}

func TestMutantThatDoesNotBuildIsNotCaught(t *testing.T) {
	failed := errors.New("exit status 1")
	for _, out := range []string{"FAIL\tveratill/txn [build failed]\n--- FAIL: TestOther\n", "FAIL\tveratill/txn [setup failed]\n", "FAIL\n"} {
		if by, err := verdict(out, failed); by != "" || err == nil {
			t.Errorf("%q: caught by %q, %v", out, by, err)
		}
	}
	if by, err := verdict("--- FAIL: TestStep (0.00s)\n", failed); by != "TestStep" || err != nil {
		t.Errorf("a test that fails: %q, %v", by, err)
	}
}

func TestMutantThatDoesNotBuildIsMissed(t *testing.T) {
	defer func(was string) { workDir = was }(workDir)
	workDir = t.TempDir()
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("txn", 0o755); err != nil {
		t.Fatal(err)
	}
	sum := tally{marks: one(t, "package p\n\nfunc f() {\n//mutant:late\ng()\n}\n")}
	broken := detector{name: "tests", try: func(made) (string, error) { return verdict("[build failed]", errors.New("exit status 1")) }}
	sum.try(broken, mutant{"r", tests, []edit{at("late", skip())}}, "one")
	sum.try(broken, mutant{"r", tests, []edit{at("early", skip())}}, "two")
	if sum.caught != 0 || sum.missed != 2 {
		t.Errorf("caught %d, missed %d", sum.caught, sum.missed)
	}
}

func TestSharesAreAllMutantsOnce(t *testing.T) {
	met := map[int]int{}
	for _, text := range []string{"6/6", "1/6", "8/6", "3/6", "4/6", "11/6"} {
		var s share
		if err := s.Set(text); err != nil {
			t.Fatal(err)
		}
		for n := range 20 {
			if s.has(n) {
				met[n]++
			}
		}
	}
	for n := range 20 {
		if met[n] != 1 {
			t.Errorf("mutant %d is in %d of six shares, want 1", n, met[n])
		}
	}
	for _, text := range []string{"", "1", "1/0", "-1/6", "x/6"} {
		if err := new(share).Set(text); err == nil {
			t.Errorf("%q is taken for a share", text)
		}
	}
	if !(share{}).has(7) {
		t.Error("without a share a mutant is left out")
	}
}
