package main

// edit replaces a text that stands in a file exactly once.
type edit struct{ file, old, new string }

// mutant is a rule taken out of the code, as one detector meets it.
type mutant struct {
	rule     string // of design money.md where it has a number; the same words for every detector
	edits    []edit
	packages []string // whose tests have to notice; the explorer and the simulator are one command each
}

const (
	stepFile  = "txn/step.go"
	payFile   = "txn/till/pay.go"
	paperFile = "txn/till/paper.go"
	judgeFile = "txn/acquirer/answer.go"
	wireFile  = "txn/acquirer/client.go"
	bookFile  = "txn/hostsim/decide.go"
	keepFile  = "txn/journal/commit.go"
)

var (
	pure     = []string{"./txn"}
	shell    = []string{"./txn/till"}
	line     = []string{"./txn/acquirer", "./txn/till"}
	memory   = []string{"./txn/journal", "./txn/till"}
	anywhere = []string{"./txn", "./txn/journal", "./txn/acquirer", "./txn/hostsim", "./txn/till"}
)

// forTests has to be noticed by the tests of some packages.
var forTests = []mutant{
	{"rule 1: the attempt is durable before the request leaves", []edit{{payFile,
		`t.commit(ctx, d.Durability, append(records, opened)...)`, `t.commit(ctx, txn.Lazy, append(records, opened)...)`}}, shell},
	{"rule 1: what can't be saved is not sent", []edit{{payFile,
		"}, &p.Sale, p.Card.PAN)\n\tif err != nil {", "}, &p.Sale, p.Card.PAN)\n\tif err != nil && a.ID == 0 {"}}, shell},
	{"rule 2: the approval is durable before the receipt is begun", []edit{{stepFile,
		`Decision{a, Synced, []Effect{DestroyPAN, PrintReceipt}}`, `Decision{a, Lazy, []Effect{DestroyPAN, PrintReceipt}}`},
		{stepFile, `Decision{a.withPrint(PrintOriginal, e), Synced,`, `Decision{a.withPrint(PrintOriginal, e), Lazy,`}}, shell},
	{"rule 2: the intent to print is durable before the printer gets a byte", []edit{{stepFile,
		`Decision{a.withPrint(PrintOriginal, e), Synced,`, `Decision{a.withPrint(PrintOriginal, e), Lazy,`}}, pure},
	{"rule 2: what was begun to be printed is never reversed", []edit{{stepFile,
		"\tcase Pending:\n\t\treturn giveUp(a, CutByRestart), nil", "\tcase Pending, Approved:\n\t\treturn giveUp(a, CutByRestart), nil"}}, shell},
	{"rule 3: a print that may be paper already comes again only as a marked copy", []edit{{stepFile,
		`(a.Paper == NoPaper || a.Paper == NotPrinted)`, `(a.Paper == NoPaper || a.Paper == NotPrinted || a.Paper == PaperUnknown)`},
		{paperFile, `(a.Paper == txn.NoPaper || a.Paper == txn.NotPrinted)`, `(a.Paper == txn.NoPaper || a.Paper == txn.NotPrinted || a.Paper == txn.PaperUnknown)`}}, shell},
	{"rule 3: a start takes a print that was begun for unknown", []edit{{stepFile,
		"\tif a.Paper == Printing {\n\t\ta.Paper = PaperUnknown\n", "\tif a.Paper == Printing {\n\t\ta.Paper = NotPrinted\n"}}, shell},
	{"rule 4: a printer's fault leaves the money", []edit{{stepFile,
		"\t\t\ta.Paper = e.Outcome\n", "\t\t\ta.Paper = e.Outcome\n\t\t\tif e.Outcome == NotPrinted {\n\t\t\t\ta.State = Reversing\n\t\t\t}\n"}}, shell},
	{"rule 5: only a pending attempt can be approved", []edit{{stepFile,
		"\tif a.State != Pending {\n", "\tif a.State != Pending && a.State != Reversing {\n"}}, pure},
	{"rule 5: a late approval is evidence and nothing else", []edit{{stepFile,
		"\t\ta.Late = e.Answer\n", "\t\ta.Late, a.Answer, a.State = e.Answer, e.Answer, Approved\n"}}, shell},
	{"rule 6: a reversal is journaled before it leaves", []edit{{payFile,
		"\tif v.Kind != txn.BankApproved {\n", "\tif v.Kind != txn.BankApproved {\n\t\tif v.Kind == txn.GaveUp {\n\t\t\tt.cfg.Bank.Reverse(ctx, txn.Order{Attempt: a}, 1)\n\t\t}\n"}}, shell},
	{"rule 7: a reversal is repeated until it is answered", []edit{{stepFile,
		"\t\ta.Tries++\n\t\teffects :=", "\t\tif a.Tries++; a.Tries > TellAfterTries {\n\t\t\ta.State = Reversed\n\t\t}\n\t\teffects :="}}, shell},
	{"rule 7: only 00, 25, 12 and 22 end a reversal", []edit{{stepFile,
		`case "00", "25", "12", "22":`, `case "00", "25", "12", "22", "96":`}}, anywhere},
	{"rule 7: an answer with a wrong MAC ends no reversal", []edit{{wireFile,
		`if !c.trusted(got) || !c.cfg.Profile.Agrees(request, got.message) {`, `if !c.cfg.Profile.Agrees(request, got.message) {`}}, line},
	{"rule 8: a request is sent once", []edit{{payFile,
		"\tverdict := t.cfg.Bank.Request(ctx, txn.Order{Attempt: a, Card: p.Card})\n",
		"\tverdict := t.cfg.Bank.Request(ctx, txn.Order{Attempt: a, Card: p.Card})\n\tif verdict.Kind == txn.GaveUp {\n\t\tverdict = t.cfg.Bank.Request(ctx, txn.Order{Attempt: a, Card: p.Card})\n\t}\n"}}, shell},
	{"rule 8: the wire carries a request once", []edit{{wireFile,
		"\tc.counts.sent.Add(1)\n", "\tl.send(c.cfg.Profile.Frame(body, nil), c.cfg.Timeout)\n\tc.counts.sent.Add(1)\n"}}, line},
	{"rule 9: an attempt's STAN is not given again", []edit{{keepFile,
		"\t\tj.stan = max(j.stan, r.Attempt.ID.STAN())\n", ""}}, memory},
	{"rule 9: a sign-in's STAN is not given again", []edit{{keepFile,
		"\t\tj.stan = max(j.stan, r.ID.STAN())\n", ""}}, memory},
	{"rule 9: STANs are remembered over a restart", []edit{{"txn/journal/read.go",
		"max(j.stan, last-low)", "max(low-low, last-last)"}}, memory},
	{"rule 9: tidying takes no number that was given out", []edit{{"txn/till/settle.go",
		"\tt.write.Lock()\n\tdefer t.write.Unlock()\n\tif err := t.cfg.Journal.Idle", "\tif err := t.cfg.Journal.Idle"}}, shell},
	{"rule 10: a start makes a synced commit before anything is acted on", []edit{{"txn/journal/open.go",
		"\tif err := j.Commit(ctx, txn.Synced, records...); err != nil {\n\t\treturn err\n\t}\n\tj.mu.Lock()\n\tdefer j.mu.Unlock()\n\treturn j.checkpoint(ctx)\n",
		"\treturn j.Commit(ctx, txn.Lazy, records...)\n"}}, memory},
	{"rule 11: the bank's book is written before it answers", []edit{{"txn/hostsim/ledger.go",
		"\tif l.file != nil {\n\t\tvar b", "\tif l.file == nil {\n\t\tvar b"}}, shell},
	{"rule 11: the bank's book is synced before it answers", []edit{{"txn/hostsim/ledger.go",
		"\t\tif err := l.file.Sync(); err != nil {\n\t\t\treturn err\n\t\t}\n", ""}}, []string{"./txn/hostsim", "./txn/till"}},
	{"rule 12: a reversal that comes before its original is remembered", []edit{{bookFile,
		"\t\trow.State = Reversed\n\t\treturn \"25\", h.ledger.write(row)\n", "\t\treturn \"25\", nil\n"}}, shell},

	{"owed reversals go before the next attempt", []edit{{payFile, "\tif left > 0 {\n", "\tif left > 1000 {\n"}}, shell},
	{"a pending attempt is reversed by a start", []edit{{stepFile,
		"\t\treturn giveUp(a, CutByRestart), nil\n", "\t\treturn Decision{a, Lazy, []Effect{TellPerson}}, nil\n"}}, shell},
	{"paper only for money that is there", []edit{{stepFile, "\ttaken := a.State == Approved\n", "\ttaken := a.State == Approved || a.State == Reversing\n"}}, pure},
	{"a void of what is not approved is refused", []edit{{stepFile,
		`if a.State != Approved || a.Kind != Sale || e.By == 0 {`, `if a.Kind != Sale || e.By == 0 {`}}, pure},
	{"a void is noted on its sale as it is by then", []edit{{payFile,
		"\toriginal, err := t.cfg.Journal.Attempt(ctx, id)\n\tif err != nil {\n\t\treturn original, nil, err\n\t}\n\tafter, _, records, err",
		"\toriginal, err := t.cfg.Journal.Attempt(ctx, id)\n\tif err != nil {\n\t\treturn original, nil, err\n\t}\n\toriginal.Prints = original.Prints[:1]\n\tafter, _, records, err"}}, shell},
	{"what is voided is marked with its void, in the same commit", []edit{{payFile,
		"original, records = voided, append(records, moved...)\n\t}\n\tif !ready {", "original, records = voided, records\n\t\t_ = moved\n\t}\n\tif !ready {"}}, shell},
	{"an answer with a wrong MAC is not believed", []edit{{judgeFile, "case !c.trusted(got):", "case !c.trusted(got) && c == nil:"}}, line},
	{"an answer with a wrong amount is not believed", []edit{
		{"txn/iso8583/iso87.go", "MustMatch: []int{4, 41}", "MustMatch: []int{41}"},
		{"txn/iso8583/unionpay.go", "MustMatch: []int{4, 41, 60}", "MustMatch: []int{41, 60}"}}, line},
	{"an answer to another terminal is not believed", []edit{
		{"txn/iso8583/iso87.go", "MustMatch: []int{4, 41}", "MustMatch: []int{4}"},
		{"txn/iso8583/unionpay.go", "MustMatch: []int{4, 41, 60}", "MustMatch: []int{4, 60}"},
		{judgeFile, `!isAnswer(m.MTI) || terminal != "" && trim(terminal) != trim(c.cfg.Terminal)`, `!isAnswer(m.MTI) || terminal == "\x00"`}}, line},
	{"an answer to another STAN is not believed", []edit{
		{wireFile, `k := key{m.MTI[1], m.Get(11)}`, `k := key{m.MTI[1], ""}`},
		{judgeFile, `k := key{m.MTI[1], m.Get(11)}`, `k := key{m.MTI[1], ""}`}}, line},
	{"an approval without an amount is not believed", []edit{{judgeFile,
		"case !c.cfg.Profile.Matches(request, got.message):", "case c == nil:"}}, line},
	{"a partial approval is no approval", []edit{{judgeFile,
		"\tcase a.ResponseCode == \"10\":\n\t\treturn txn.Verdict{Kind: txn.GaveUp, Reason: txn.PartialAmount, Answer: a}\n", ""},
		{stepFile, `case "00", "11", "A2", "A4", "A5", "A6":`, `case "00", "10", "11", "A2", "A4", "A5", "A6":`}}, line},
	{"\"seen before\" is no refusal", []edit{{judgeFile, `case a.ResponseCode == "94":`, `case a.ResponseCode == "\x00":`}}, line},
	{"the card number is kept while a reversal may need it", []edit{{payFile, "\tif len(pan) > 0 {\n", "\tif len(pan) > 1000 {\n"}}, shell},
	{"the card number is sealed, never in the clear", []edit{{payFile,
		`opened.Sealed, err = t.cfg.Vault.Seal(d.After.ID, pan)`, `opened.Sealed, err = pan, error(nil)`}}, shell},
	{"the card number is destroyed when the attempt is approved or reversed", []edit{{keepFile,
		"body = ?, sealed = NULL WHERE id = ?`\n\tsqlMoveSettled", "body = ? WHERE id = ?`\n\tsqlMoveSettled"},
		{keepFile, "sealed = NULL, owed = 0 WHERE", "owed = 0 WHERE"}}, memory},
	{"the key of sealed numbers is thrown away when nothing is open", []edit{{"txn/till/till.go",
		"\t\treturn t.cfg.Vault.Rotate()\n", "\t\treturn nil\n"}}, append([]string{"./txn/vault"}, shell...)},
	{"after a failed commit nothing is committed any more", []edit{{keepFile,
		"\tif j.failed != nil {\n\t\treturn j.failed\n\t}\n\t// A caller", "\t// A caller"}}, memory},
	{"a start after a failed sync does not believe the old file", []edit{{"txn/journal/generation.go",
		"\tif err != nil || !doubtful {\n", "\tif err != nil || doubtful || !doubtful {\n"}}, memory},
	{"a new file whose first commit failed is not believed either", []edit{{keepFile,
		"\t\t\tj.doubt()\n", "\t\t\t_ = j.doubt\n"}}, memory},
	{"a failed sync is survived in a new file", []edit{{keepFile,
		"\t\terr = j.survive(ctx, err, records)\n", ""}}, memory},
	{"a row that was changed breaks the chain", []edit{{keepFile, "\tsum.Write(body)\n", ""}}, memory},
	{"a foreign file is refused", []edit{{"txn/journal/inspect.go", "id != applicationID {", "id == 1 {"}}, memory},
	{"a journal of a newer program is refused", []edit{{"txn/journal/inspect.go", "v > newest {", "v < -newest {"},
		{"txn/journal/migrate.go", "version > len(all) {", "version < -len(all) {"}, {"txn/journal/migrate.go", "range all[version:] {", "range all[min(version, len(all)):] {"}}, memory},
	{"amounts of two currencies are not added", []edit{{"txn/money/money.go",
		"func (a Amount) Add(b Amount) (Amount, error) {\n\tif a.Currency != b.Currency {", "func (a Amount) Add(b Amount) (Amount, error) {\n\tif a.Currency == \"\" {"}}, []string{"./txn/money"}},
	{"a sum that is too large is an error", []edit{{"txn/money/money.go",
		"if (sum > a) != (b > 0) && b != 0 {", "if sum > a && sum < a {"}}, []string{"./txn/money"}},
}
