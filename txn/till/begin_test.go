package till_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/till"
)

// tracedPrinter notes for each sheet whether the goroutine that pays began it.
type tracedPrinter struct {
	*printer
	byPayer *[]bool
}

func (p tracedPrinter) Begin(ctx context.Context, s till.Sheet) func() (txn.Paper, string) {
	stack := make([]byte, 64<<10)
	stack = stack[:runtime.Stack(stack, false)]
	end := p.printer.Begin(ctx, s)
	p.mu.Lock()
	defer p.mu.Unlock()
	*p.byPayer = append(*p.byPayer, strings.Contains(string(stack), "PayC"))
	return end
}

// The goroutine that committed an approval begins its receipt where no other is under way. Where one is, the next sale
// does not wait, and the sheets come out in their order.
func TestThePayerBeginsTheReceiptWhereNoneIsUnderWay(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	var byPayer []bool
	c.printer.hold = make(chan struct{})
	counted := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: tracedPrinter{c.printer, &byPayer}, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	var papers []<-chan struct{}
	var ids []int64
	for range 3 {
		out, err := counted.PayCard(context.Background(), clerk, c.payment(1000))
		if err != nil {
			t.Fatal(err)
		}
		papers, ids = append(papers, out.Paper), append(ids, out.PrintID)
	}
	c.printer.mu.Lock()
	if len(c.printer.sheets) != 1 {
		t.Errorf("%d sheets were begun, and the first has not ended", len(c.printer.sheets))
	}
	close(c.printer.hold)
	c.printer.mu.Unlock()
	for _, paper := range papers {
		<-paper
	}
	var begun []int64
	for _, s := range c.printer.sheets {
		begun = append(begun, s.Print.ID)
	}
	if !slices.Equal(begun, ids) || !slices.Equal(byPayer, []bool{true, false, false}) {
		t.Errorf("sheets %v of %v were begun, by their payers: %v", begun, ids, byPayer)
	}
	counted.WaitForPaper()
	out, err := counted.PayCard(context.Background(), clerk, c.payment(1000))
	if err != nil {
		t.Fatal(err)
	}
	<-out.Paper
	if !byPayer[3] {
		t.Error("after all the others it was not begun by its payer")
	}
}

// A start writes its one boot entry, and nothing for what an earlier start left and told: a person is told again, the books are not.
func TestAStartWritesNothingTwice(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	c.printer.ready = false
	c.payCard(1000) // its receipt was begun by nobody
	other := c.besides(func(other *counter) { other.printer.ready = false })
	if met := other.payCard(2000).Attempt; met.State != txn.Unresolved {
		t.Fatalf("the second till's payment is %s", met.State)
	}
	for name, c := range map[string]*counter{"a paperless receipt": c, "an unresolved payment": other} {
		c.crash() // what was begun may end now
		for range 3 {
			before, _ := c.journal.Head()
			c.crash()
			if after, _ := c.journal.Head(); after != before+1 || len(c.till.Found(context.Background())) != 1 {
				t.Errorf("%s: a start wrote %d entries, and told of %d", name, after-before, len(c.till.Found(context.Background())))
			}
		}
	}
}
