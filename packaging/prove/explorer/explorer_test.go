package explorer_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"veratill/packaging/prove/explorer"
)

func explore(t *testing.T, b explorer.Budget, l explorer.Limits) explorer.Result {
	t.Helper()
	r, err := explorer.Explore(b, l)
	if err != nil {
		t.Fatal(err)
	}
	if v := r.Violation; v != nil {
		t.Fatalf("%s:\n%s", v.Promise, strings.Join(v.Script, "\n"))
	}
	t.Logf("%d worlds, %d steps, depth %d, %.1f s; %s", r.States, r.Transitions, r.Depth, r.Seconds, b)
	return r
}

// Everything that the small budgets allow: no promise is broken, and everything comes to its end.
func TestNoHistoryBreaksAPromise(t *testing.T) {
	names := []string{"tiny", "void", "terminal", "small", "split", "undo", "put back", "refund", "refund line", "refund put back",
		"code back", "code void", "cable", "cable and bank", "refused disk", "settlement", "settlement power", "settlement disk", "settlement void"}
	if testing.Short() {
		t.Log("-short: the larger budgets, which take most of the time, are left out")
		names = names[:2]
	}
	if raceDetector {
		t.Log("the race detector is on: only the tiny budget is looked at")
		names = names[:1]
	}
	for _, name := range names {
		b, err := explorer.BudgetNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		r := explore(t, b, explorer.Limits{})
		if !r.Complete || r.Crowded > 0 {
			t.Errorf("%s: complete %v, and %d times a world was too small", name, r.Complete, r.Crowded)
		}
	}
}

// A search is the same in every run: a violation that was found once is found again.
func TestSearchIsDeterministic(t *testing.T) {
	b, err := explorer.BudgetNamed("large")
	if err != nil {
		t.Fatal(err)
	}
	limits := explorer.Limits{States: 100_000}
	first, second := explore(t, b, limits), explore(t, b, limits)
	first.Seconds, second.Seconds = 0, 0
	if first != second {
		t.Errorf("%+v, and then %+v", first, second)
	}
}

// Growing begins small, so that a broken rule is found soon, and ends with its time.
func TestGrowingEndsInTime(t *testing.T) {
	begun, searches := time.Now(), 0
	err := explorer.Grow(begun.Add(time.Second), func(g explorer.Grown) {
		searches++
		if g.Violation != nil {
			t.Errorf("%s: %v", g.Violation.Promise, g.Violation.Script)
		}
	})
	if took := time.Since(begun); err != nil || searches == 0 || took > 20*time.Second {
		t.Errorf("%d searches in %s, error %v", searches, took, err)
	}
}

// Each script in testdata says first what it proves. A step that the machine does not allow is
// said to be impossible; the verdict is the last line, and has to be that every promise is kept.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			told, sound := explorer.Run(d.Input)
			if !sound {
				t.Errorf("%s: a promise is broken:\n%s", d.Pos, told)
			}
			return told
		})
	})
}
