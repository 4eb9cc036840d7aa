package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"veratill/app/casework"
	"veratill/app/finding"
	"veratill/app/present"
	"veratill/app/print"
	"veratill/app/shop"
	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/journal"
	"veratill/txn/messages"
	"veratill/txn/slips"
	"veratill/txn/vault"
)

// disputing are the flags of the command case.
type disputing struct {
	place
	attempt        int64
	says, language string
	out, as, who   string
	keys           string
	move           txn.CaseMoved
	asJSON         bool
	words          *present.Words
}

const caseUse = "say verdict, open, list, pack N, sent N, close N, check FILE, messages, or slip"

// disputeCase answers what a customer says of a payment, and leads a dispute with a bank.
func disputeCase(ctx context.Context, c *call) int {
	d := disputing{place: place{looking: true}}
	d.folder(c)
	f := c.flags
	f.Int64Var(&d.attempt, "attempt", 0, "the till's own `number` of the payment (see veratill find)")
	f.StringVar(&d.says, "says", "", "what the customer `says`: slip (a slip, and no debit), failed (a failure, and a debit), or nothing (a debit, and no slip)")
	f.StringVar((*string)(&d.move.Claim), "claim", "", "what the customer says to the `bank`: "+joined(txn.Claims)+" (default: by the code)")
	f.StringVar(&d.move.Scheme, "scheme", txn.UnionPay, "whose reason `code` it is: unionpay, visa, mastercard, stripe, square, or another name")
	f.StringVar(&d.move.Code, "code", "", "the bank's reason `code`, such as 4502")
	f.StringVar(&d.move.Reference, "reference", "", "the bank's `number` of the case")
	f.StringVar(&d.move.Due, "due", "", "until which `date` the bank takes an answer: 2026-12-31")
	f.StringVar(&d.move.Note, "note", "", "what is to be remembered, in `words`")
	f.StringVar(&d.as, "as", "", "how the case ended: `won`, lost or accepted")
	f.StringVar(&d.out, "out", "", "`folder` for the pages, which is made where it is missing, or file for the slip (.png or .txt)")
	f.StringVar(&d.keys, "keys", "", "`file` of public keys for check: what receipt keys gives (default: the data folder's)")
	f.StringVar(&d.who, "who", "", "`name` of who does it (default: the settings' cashier)")
	f.StringVar(&d.language, "lang", "", "`language` of answers and pages: zh or en (default: the settings')")
	f.BoolVar(&d.asJSON, "json", false, "answer in JSON")
	words, code, done := c.parseAround()
	if done {
		return code
	}
	var err error
	d.language = d.speaks(d.language)
	if d.words, err = present.NewWords(d.language); err != nil {
		return c.misused("%v", err)
	}
	if len(words) == 0 {
		return c.misused(caseUse)
	}
	switch what, rest := words[0], words[1:]; {
	case what == "verdict" && len(rest) == 0:
		return d.verdict(ctx, c)
	case what == "list" && len(rest) == 0:
		return d.list(ctx, c)
	case what == "slip" && len(rest) == 0:
		return d.slip(ctx, c)
	case what == "messages" && len(rest) == 0:
		return d.messages(ctx, c)
	case what == "check" && len(rest) == 1:
		return d.checks(c, rest[0])
	case what == "open" && len(rest) == 0:
		return d.opens(ctx, c)
	case len(rest) == 1 && (what == "pack" || what == "sent" || what == "close"):
		if d.move.Case, err = strconv.ParseInt(rest[0], 10, 64); err != nil || d.move.Case < 1 {
			return c.misused("%q is no number of a case: veratill case list shows them", rest[0])
		}
		return d.goesOn(ctx, c, what)
	}
	return c.misused(caseUse)
}

// opens opens a case of a payment.
func (d *disputing) opens(ctx context.Context, c *call) int {
	m := d.move
	m.To, m.Attempt = txn.CaseReceived, txn.ID(d.attempt)
	if reason, known := txn.ReasonCodeOf(m.Scheme, m.Code); known && m.Claim == "" {
		m.Claim = reason.Claim
	}
	if m.Code == "" {
		m.Scheme = ""
	}
	if m.Attempt < 1 || m.Claim == "" {
		return c.misused("say open -attempt N, and -claim or a -code that is known: what the customer says is one of %s", joined(txn.Claims))
	}
	return d.moves(ctx, c, m)
}

// goesOn says of a case how far it has come.
func (d *disputing) goesOn(ctx context.Context, c *call, what string) int {
	m := txn.CaseMoved{Case: d.move.Case, Due: d.move.Due, Note: d.move.Note}
	switch what {
	case "pack":
		return d.packs(ctx, c, m)
	case "sent":
		m.To = txn.CaseSent
	case "close":
		m.To = txn.CaseState(d.as)
		if m.To != txn.CaseWon && m.To != txn.CaseLost && m.To != txn.CaseAccepted {
			return c.misused("say how it ended: -as won, lost or accepted")
		}
	}
	return d.moves(ctx, c, m)
}

func (d *disputing) moves(ctx context.Context, c *call, m txn.CaseMoved) int {
	return d.acts(ctx, c, func(opened *shop.Shop, o shop.Options) error {
		after, err := opened.Till.MoveCase(ctx, actor(d.who, o), m)
		if err == nil {
			d.tell(c, []txn.Case{after})
		}
		return err
	})
}

// packs makes the pages of a case, and keeps their hash.
func (d *disputing) packs(ctx context.Context, c *call, m txn.CaseMoved) int {
	if d.out == "" {
		return c.misused("say where the pages go: -out FOLDER")
	}
	return d.acts(ctx, c, func(opened *shop.Shop, o shop.Options) error {
		sign, err := caseSigner(o, opened.Journal.Identity().Books)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(d.out, 0o700); err != nil {
			return fmt.Errorf("the folder of -out can't be made: %w. No pages were made: name another one", err)
		}
		disputes := opened.Reconciler.Cases(finding.CaseGround{Books: opened.Journal, Keeper: opened.Till, Shop: o.Settings.Merchant.Name, Sign: sign})
		pages, err := disputes.Pack(ctx, actor(d.who, o), m, d.words, d.out)
		if err == nil {
			fmt.Fprintln(c.out, pages)
		}
		return err
	})
}

// acts opens the books to write into them.
func (d *disputing) acts(ctx context.Context, c *call, do func(*shop.Shop, shop.Options) error) int {
	opened, err := d.openToKeep(ctx, c)
	if err != nil {
		return c.fail(err)
	}
	defer opened.Stop()
	o, err := d.options()
	if err == nil {
		err = do(opened, o)
	}
	if err != nil {
		return c.fail(err)
	}
	return exitOK
}

// caseSigner signs facts by the key of receipts; nil where the till signs none.
func caseSigner(o shop.Options, books string) (casework.Signs, error) {
	if !o.Settings.Receipt.Signed {
		return nil, nil
	}
	signer, err := vault.OpenSigner(o.Dir, shop.SignerOptions(o, books))
	if err != nil {
		return nil, err
	}
	return signer.SignFacts, nil
}

// checks judges the file beside the pages of a case, and the pages where they lie beside it.
func (d *disputing) checks(c *call, path string) int {
	r := checking{place: d.place, keys: d.keys}
	ring, err := r.ring()
	if err != nil {
		return c.fail(err)
	}
	facts, err := files.Read(path, mostTextBytes)
	if err != nil {
		return c.fail(err)
	}
	beside := strings.TrimSuffix(path, filepath.Ext(path)) + ".pdf"
	pages, err := files.Read(beside, mostTextBytes)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return c.fail(err)
	}
	if err := casework.Check(facts, pages, ring); err != nil {
		return c.fail(fmt.Errorf("%s: %w", path, err))
	}
	if pages == nil {
		fmt.Fprintf(c.out, "%s: as the till made it. The pages were not checked: %s is not beside it\n", path, beside)
		return exitOK
	}
	fmt.Fprintf(c.out, "%s and %s: as the till made them\n", beside, path)
	return exitOK
}

// list shows the cases.
func (d *disputing) list(ctx context.Context, c *call) int {
	cases, err := look(ctx, c, &d.place, "cases", func(seen journal.Seen) ([]txn.Case, error) { return seen.Books.Cases, nil })
	code, answered := c.partly(err)
	if !answered {
		return code
	}
	return max(code, d.tell(c, cases))
}

func (d *disputing) tell(c *call, cases []txn.Case) int {
	if d.asJSON {
		if cases == nil {
			cases = []txn.Case{}
		}
		return c.print(cases)
	}
	for _, one := range cases {
		fmt.Fprintf(c.out, "case %d, attempt %d: %s %s, %s%s\n", one.Number, one.Attempt, d.words.Claim(one.Claim), strings.TrimSpace(one.Scheme+" "+one.Code), d.words.CaseState(one.State), due(one))
	}
	return exitOK
}

func due(of txn.Case) string {
	if of.Due == "" || !of.Open() {
		return ""
	}
	return ", due " + of.Due
}

// messages shows what was sent and received about a payment, as it is kept.
func (d *disputing) messages(ctx context.Context, c *call) int {
	if d.attempt < 1 {
		return c.misused("say messages -attempt N (see veratill find)")
	}
	kept, err := peeked(ctx, c, &d.place, "messages?attempt="+strconv.FormatInt(d.attempt, 10), func(o shop.Options, j *journal.Journal) (messages.Kept, error) {
		return casework.Disputes{Books: j, Exchanges: messages.New(disk.System{}, o.Dir), Now: time.Now}.Messages(ctx, txn.ID(d.attempt))
	})
	if err != nil {
		return c.fail(err)
	}
	if kept.Altered > 0 {
		fmt.Fprintf(c.errOut, "%s: %d of them are not as they were kept, and are left out\n", c.name(), kept.Altered)
	}
	if d.asJSON {
		return c.print(kept)
	}
	if len(kept.Messages) == 0 {
		fmt.Fprintf(c.errOut, "%s: no message of attempt %d is kept: it had none, the disk was full, or they were removed after %d months\n", c.name(), d.attempt, messages.Months)
	}
	for _, m := range kept.Messages {
		fmt.Fprintln(c.out, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", time.UnixMilli(m.AtMs).Format("2006-01-02 15:04:05.000"), m.Way, m.Kind, m.Verdict)), " "))
		for _, f := range d.words.MessageFields(m) {
			fmt.Fprintf(c.out, "  %s: %s\n", f.Label, f.Value)
		}
	}
	return exitOK
}

var errNoSlip = errors.New("no slip of this payment was printed by a program that keeps them")

// slip shows the merchant's slip of a payment as it was first printed.
func (d *disputing) slip(ctx context.Context, c *call) int {
	if d.attempt < 1 {
		return c.misused("say slip -attempt N -out slip.png")
	}
	s, err := peeked(ctx, c, &d.place, "slip?attempt="+strconv.FormatInt(d.attempt, 10), func(o shop.Options, j *journal.Journal) (casework.Slip, error) {
		return casework.SlipOfAttempt(ctx, j, slips.New(disk.System{}, o.Dir), txn.ID(d.attempt))
	})
	switch {
	case err != nil:
		return c.fail(err)
	case s.Lost:
		return c.fail(fmt.Errorf("the slip %s was printed at %s, and its copy is missing or was altered. A reprint is no original", s.Kept.SHA256, time.UnixMilli(s.Kept.AtMs).Format(time.DateTime)))
	case s.Bytes == nil:
		return c.fail(errNoSlip)
	}
	page, err := print.ReadSlip(s.Bytes)
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(c.errOut, "%s: original, electronic. SHA-256 %s, print %d\n", c.name(), s.Kept.SHA256, s.Kept.Print)
	if d.out == "" || strings.EqualFold(filepath.Ext(d.out), ".txt") {
		return d.slipText(c, page.Text())
	}
	if err := writePicture(d.out, page); err != nil {
		return c.fail(err)
	}
	return exitOK
}

func (d *disputing) slipText(c *call, text string) int {
	if d.out == "" {
		fmt.Fprint(c.out, text)
		return exitOK
	}
	if err := newOnly(files.WriteNew(d.out, []byte(text), 0o600), d.out); err != nil {
		return c.fail(err)
	}
	return exitOK
}
