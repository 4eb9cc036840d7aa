package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"veratill/app/shop"
	"veratill/txn"
	"veratill/txn/report"
)

// settleBatch settles the open day's batch with the bank, after what earlier days owe; or says what becomes of one that the bank refused.
func settleBatch(ctx context.Context, c *call) int {
	s := place{starts: true}
	s.folder(c)
	s.bank(c)
	again := c.flags.Bool("again", false, "ask once more about what the bank refused to settle; cards are left alone")
	leave := c.flags.String("leave", "", "`name` of who answers for it that the bank settles by itself what it does not answer")
	batch := c.flags.Int64("batch", 0, "`number` of the batch that -again or -leave is about (default: all that are not finished)")
	asJSON := c.flags.Bool("json", false, "say it as JSON")
	if code, done := c.noMore(); done {
		return code
	}
	if *again && *leave != "" {
		return c.misused("-again asks the bank, and -leave asks it no more: say one of them")
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoPrinter = true, true })
	if err != nil {
		return c.fail(err)
	}
	defer till.Stop()
	all, err := settleAs(ctx, till, *again, *leave, *batch)
	if err != nil {
		return c.fail(err)
	}
	if *asJSON {
		c.print(all)
	} else {
		o, err := s.options()
		if err != nil {
			return c.fail(err)
		}
		names, _ := shop.LineNames(o)
		saySettlements(c.out, all, names)
	}
	return settledCode(all)
}

// settleAs does what was asked for, and returns how the settlements stand that it is about.
func settleAs(ctx context.Context, till *shop.Shop, again bool, leave string, batch int64) ([]report.Settlement, error) {
	if !again && leave == "" {
		if err := till.Till.SettleOwed(ctx); err != nil {
			return nil, err
		}
		_, err := till.Desk.SettleDay(ctx, till.Desk.Cashier())
		if err != nil {
			return nil, err
		}
		return till.Desk.Settlements(ctx)
	}
	unfinished, err := till.Journal.SettlementsOwed(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range unfinished {
		switch {
		case batch != 0 && s.Batch != batch:
		case leave != "":
			err = till.Desk.LeaveSettlement(ctx, till.Desk.Cashier(), s.Key(), leave)
		default:
			err = till.Desk.SettleAgain(ctx, till.Desk.Cashier(), s.Key())
		}
		if err != nil {
			return nil, err
		}
	}
	return till.Desk.Settlements(ctx)
}

// settledCode is 0 where every batch balances or was left to the bank, 11 where one is not known yet, and else 1.
func settledCode(all []report.Settlement) (code int) {
	for _, s := range all {
		switch state := txn.SettlementState(s.State); {
		case state == txn.SettlementBalanced, state == txn.SettlementLeft:
		case state == txn.SettlementUnsure, s.Unfinished && state != txn.SettlementRefused:
			return exitUnknown
		default:
			code = exitFault
		}
	}
	return code
}

// saySettlements says how batches stand, the till's sums beside the bank's. lines are the names of the lines that can be asked; nil is that nobody was asked.
func saySettlements(out io.Writer, all []report.Settlement, lines []string) {
	if len(all) == 0 {
		fmt.Fprintln(out, "no bank has a batch to settle")
	}
	for _, s := range all {
		fmt.Fprintf(out, "settlement of batch %06d, %s: %s%s\n", s.Batch, s.Line, s.State, whySettled(s, lines))
		fmt.Fprintf(out, "  till: payments %d, %d; refunds %d, %d\n", s.Payments.Count, s.Payments.AmountMinor, s.Refunds.Count, s.Refunds.AmountMinor)
		if s.BankSays {
			fmt.Fprintf(out, "  bank: payments %d, %d; refunds %d, %d\n", s.BankPayments.Count, s.BankPayments.AmountMinor, s.BankRefunds.Count, s.BankRefunds.AmountMinor)
		}
		for _, line := range s.Slip {
			fmt.Fprintf(out, "  | %s\n", line)
		}
		for _, id := range s.NotKnown {
			fmt.Fprintf(out, "  in no sum, because it is not known: attempt %d, STAN %06d\n", id, txn.ID(id).STAN())
		}
		for _, id := range s.NotTaken {
			fmt.Fprintf(out, "  the bank does not have it so: attempt %d, STAN %06d\n", id, txn.ID(id).STAN())
		}
	}
}

// whySettled is what a person needs beside the state.
func whySettled(s report.Settlement, lines []string) string {
	//mutant:a-batch-at-another-line-is-named
	if len(lines) > 0 && s.Unfinished && !slices.Contains(lines, s.Line) {
		return ", and still open there: it is another line than that of the settings or of -host, so nothing was asked of it. Name that bank or terminal again, then veratill settle"
	}
	switch txn.SettlementState(s.State) {
	case txn.SettlementRefused:
		if s.Code == "" {
			return ": nothing was sent, " + s.Detail
		}
		return " by the bank, code " + s.Code + ": ask it why, then veratill settle -again, or -leave NAME where it settles by itself"
	case txn.SettlementAsked:
		return ", and the bank has not answered: the till asks again"
	case txn.SettlementUploading, txn.SettlementEnding:
		return fmt.Sprintf(", %d of %d payments told: the till goes on", s.Uploaded, s.ToUpload)
	case txn.SettlementUnsure:
		if s.Code != "" {
			return ", not compared: the bank took the sums with code " + s.Code + " and says nothing of its own. Compare them with the bank's list or file (veratill reconcile)"
		}
		return ": the terminal's answer is lost and it is not asked twice. Compare its slip with these sums"
	case txn.SettlementDiffers:
		if s.Uploaded > 0 {
			return fmt.Sprintf(", and the bank was told of all %d payments: its file of the day says what it made of them", s.Uploaded)
		}
	case txn.SettlementLeft:
		return " to the bank by " + s.Detail
	}
	return ""
}
