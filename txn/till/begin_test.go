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
