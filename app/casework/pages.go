package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"veratill/app/pdf"
	"veratill/app/present"
	"veratill/app/print"
	"veratill/assets"
	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/fold"
	"veratill/txn/receipt"
)

// Pages are what goes to the bank.
type Pages struct {
	PDF    []byte
	JSON   []byte // the facts behind the pages, for a program
	SHA256 string // hex, of the PDF
	Pages  int
}

// Bounds of what banks and processors take.
const (
	mostPages = 8
	mostBytes = 2 << 20
)

// writer writes the pages of a case.
type writer struct {
	words *present.Words
	facts Facts
	doc   *pdf.Document
	most  int // rows of a list; what is behind them stands in the facts' file alone
}

// fixedFacts is how many facts of a payment there are beside the parts of its sale.
const fixedFacts = 24

// Rows of a list: on pages that are whole, and where those would be more than a bank takes.
const (
	mostRows  = 40
	fewerRows = 8
)

// Make makes the pages of a case, in one language. shop is the merchant's name as a bank knows it; sign may be nil. The same facts make the same bytes. Where the whole
// would be more than a bank takes, lists are cut to what comes first, and the pages say so.
func Make(f Facts, words *present.Words, shop string, sign Signs) (p Pages, err error) {
	//mutant:pages-that-are-too-many-are-cut
	for _, most := range []int{mostRows, fewerRows} {
		if p, err = made(f, words, shop, most); err != nil {
			return Pages{}, err
		}
		if p.fit() {
			break
		}
	}
	if !p.fit() {
		return Pages{}, fmt.Errorf("the pages are %d with %d bytes, and a bank takes %d with %d: the slip is too large. No pages were made. Send what veratill case slip -attempt %s -out slip.png gives, with the numbers on the case's page",
			p.Pages, len(p.PDF), mostPages, mostBytes, f.Attempt.ID)
	}
	p.JSON, err = factsFile(f, p.SHA256, sign)
	return p, err
}

// fit reports whether a bank takes so many pages.
func (p Pages) fit() bool { return p.Pages <= mostPages && len(p.PDF) <= mostBytes }

// made writes the pages with so many rows of a list at most.
func made(f Facts, words *present.Words, shop string, most int) (Pages, error) {
	number := fmt.Sprint(f.Case.Number)
	w := writer{words: words, facts: f, most: most}
	w.doc = pdf.New(words.Text("case.title", "n", number, "claim", words.Claim(f.Case.Claim)), words.Text("case.footer", "n", number, "shop", shop), time.UnixMilli(f.MadeMs))
	w.answer()
	w.claimed()
	w.payment(shop)
	w.life()
	w.goods()
	if err := w.slip(); err != nil {
		return Pages{}, err
	}
	w.books()
	document, err := w.doc.Bytes()
	if err != nil {
		return Pages{}, err
	}
	sum := sha256.Sum256(document)
	return Pages{PDF: document, SHA256: hex.EncodeToString(sum[:]), Pages: w.doc.Pages()}, nil
}

// signedFacts is the file beside the pages. Facts are signed as they stand in it, byte by byte.
type signedFacts struct {
	Facts     json.RawMessage         `json:"facts"`
	Signature *receipt.FactsSignature `json:"signature,omitempty"` // none where the till signs nothing
}

// named is what of the facts says whose they are, and of which pages.
type named struct {
	Identity txn.Identity `json:"identity"`
	PDF      string       `json:"pdfSha256"`
	Last     txn.ID       `json:"last"`
	Attempt  numbered     `json:"attempt"`
	Parts    []numbered   `json:"parts"`
	Others   []numbered   `json:"others"`
}

type numbered struct {
	ID txn.ID `json:"id"`
}

// newest is the highest number of an attempt that facts speak of, or that was used up when they were made.
func (n named) newest() txn.ID {
	id := max(n.Last, n.Attempt.ID)
	for _, a := range slices.Concat(n.Parts, n.Others) {
		id = max(id, a.ID)
	}
	return id
}

func factsFile(f Facts, pdfSHA256 string, sign Signs) ([]byte, error) {
	raw, err := json.Marshal(struct {
		Facts
		PDF string `json:"pdfSha256"`
	}{f, pdfSHA256})
	if err != nil {
		return nil, err
	}
	file := signedFacts{Facts: raw}
	if sign != nil {
		signature := sign(raw)
		file.Signature = &signature
	}
	return json.Marshal(file)
}

// Signs signs facts.
type Signs func(facts []byte) receipt.FactsSignature

// ErrFacts says why the file beside the pages of a dispute is not believed.
var ErrFacts = errors.New("the facts are not believed")

// Check judges the file beside the pages, and the pages where they are given, by the keys of tills that are believed. The error is an ErrFacts.
func Check(file, document []byte, ring receipt.Ring) error {
	var s signedFacts
	var of named
	//mutant:facts-are-told-once
	if err := fold.ReadJSON(file, &s); err != nil { // a second "facts" would be read by some and not by others
		return fmt.Errorf("%w: %w", ErrFacts, err)
	}
	if err := json.Unmarshal(s.Facts, &of); err != nil {
		return fmt.Errorf("%w: %w", ErrFacts, err)
	}
	if s.Signature == nil {
		return fmt.Errorf("%w: they have no signature: the till that made them signs nothing", ErrFacts)
	}
	if reason := ring.CheckFacts(of.Identity.Books, of.newest(), s.Facts, *s.Signature); reason != "" {
		return fmt.Errorf("%w: %s", ErrFacts, reason)
	}
	sum := sha256.Sum256(document)
	//mutant:pages-are-those-of-their-facts
	if document != nil && hex.EncodeToString(sum[:]) != of.PDF {
		return fmt.Errorf("%w: the pages are other ones", ErrFacts)
	}
	return nil
}

func (w writer) heading(key string) { w.doc.Heading(w.words.Text(key)) }

func (w writer) fields(facts []present.Fact) {
	fields := make([]pdf.Field, len(facts))
	for i, f := range facts {
		fields[i] = pdf.Field(f)
	}
	w.doc.Fields(fields)
}

// answer is what a reader of the first page has to know: who is right. What that is decided by comes behind it.
func (w writer) answer() {
	f := w.facts
	w.heading("case.answer")
	w.doc.Boxed(w.words.Stance(f.Case, f.Affair()))
	w.doc.Text(w.words.Verdict(saysOf(f.Case.Claim), f.Affair()).What)
	w.fields(w.words.CaseFacts(f.Case))
}

// payment is what names the payment at the bank.
func (w writer) payment(shop string) {
	f := w.facts
	w.heading("case.payment")
	all := append([]present.Fact{{Label: w.words.Text("case.merchant"), Value: shop + " " + f.Attempt.Merchant}, {Label: w.words.Text("case.day"), Value: time.UnixMilli(f.Attempt.OpenedMs).Format(time.DateTime)},
		{Label: w.words.Text("case.amount"), Value: present.Money(f.Attempt.Amount.Minor, f.Attempt.Amount.Currency)},
		{Label: w.words.Text("case.entry"), Value: w.words.EntryMode(f.Attempt.Card.EntryMode)}}, w.words.Facts(f.Matter())...)
	shown := all[:min(len(all), fixedFacts+w.most)]
	w.fields(shown)
	w.cut(len(all) - len(shown))
}

// saysOf is the dispute at the counter that comes nearest to a claim at the bank.
func saysOf(c txn.Claim) present.Says {
	if c == txn.ClaimDebited {
		return present.AllSays[1]
	}
	return present.AllSays[0]
}

// mostLines of goods are shown: a bank reads what was bought, and no stock list.
const mostLines = 40

func (w writer) goods() {
	lines := w.facts.Sale.Lines
	if len(lines) == 0 {
		return
	}
	w.heading("case.goods")
	var rows [][]string
	for _, l := range lines[:min(len(lines), mostLines, w.most)] {
		rows = append(rows, []string{w.words.Name(l.ShownName()), w.words.Quantity(l.QuantityE5, l.Unit), present.Money(l.AmountMinor, w.facts.Sale.Currency)})
	}
	w.doc.Table([]pdf.Column{{}, {Mm: 30, Right: true}, {Mm: 34, Right: true}}, rows)
	w.cut(len(lines) - len(rows))
}

// slip shows the merchant's slip as a picture of the paper.
func (w writer) slip() error {
	s := w.facts.Slip
	if s.Bytes != nil { // the picture and its heading stay together
		w.doc.Page()
	}
	w.heading("case.slip")
	switch {
	case s.Lost:
		w.doc.Boxed(w.words.Text("case.slip.lost"))
		return nil
	case s.Bytes == nil:
		w.doc.Text(w.words.Text("case.slip.none"))
		return nil
	}
	page, err := print.ReadSlip(s.Bytes)
	if err != nil {
		return err
	}
	glyphs, err := escpos.NewFontGlyphs(assets.PaperFonts()...)
	if err != nil {
		return err
	}
	const paperMm = 72
	w.doc.Picture(page.Picture(glyphs), paperMm, w.words.Text("case.slip.words", "sha", "SHA-256 "+s.Kept.SHA256, "print", fmt.Sprint(s.Kept.Print)))
	return nil
}

// books say by what somebody else can hold the pages against the till.
func (w writer) books() {
	f := w.facts
	w.heading("case.books")
	w.fields([]present.Fact{{Label: w.words.Text("case.books.identity"), Value: f.Identity.Books},
		{Label: w.words.Text("case.books.sale"), Value: fmt.Sprintf("%d %s", f.Attempt.SaleID, f.SaleHead)},
		{Label: w.words.Text("case.books.head"), Value: fmt.Sprintf("%d %s", f.Seq, f.Head)},
		{Label: w.words.Text("case.books.made"), Value: time.UnixMilli(f.MadeMs).Format(time.RFC3339)}})
}
