package casework_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"veratill/app/casework"
	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/messages"
	"veratill/txn/money"
	"veratill/txn/receipt"
	"veratill/txn/sale"
)

var at = time.Date(2026, 11, 29, 11, 0, 0, 0, time.Local)

// payment is a card payment as the bank left it.
func payment(state txn.State) txn.Attempt {
	a := txn.Attempt{ID: 42, SaleID: 9, Kind: txn.Sale, Tender: txn.Card, State: state, Paper: txn.NoPaper, Amount: money.Amount{Minor: 7700, Currency: money.CNY}, Batch: 3, Terminal: "T0000001",
		Merchant: "M00000000000001", Cashier: "01", OpenedMs: at.UnixMilli(), EndedMs: at.UnixMilli() + 900, Card: txn.CardFacts{Masked: "622202*********1234", Scheme: "UnionPay", EntryMode: "022"}}
	switch state {
	case txn.Approved, txn.Voided:
		a.Answer = txn.Answer{RRN: "000000000042", ApprovalCode: "401376", ResponseCode: "00"}
	case txn.Declined:
		a.Answer = txn.Answer{ResponseCode: "05"}
	}
	return a
}

func factsOf(a txn.Attempt, claim txn.Claim) casework.Facts {
	b := txn.Bill{SaleID: 9, Total: a.Amount, State: txn.BillPaid, Paper: txn.NoPaper, PaidMs: a.EndedMs,
		Parts: []txn.Part{{ID: a.ID, Kind: a.Kind, Tender: a.Tender, State: a.State, AmountMinor: a.Amount.Minor, Paid: true}}}
	return casework.Facts{Case: txn.Case{Number: 5, Attempt: a.ID, Claim: claim, Scheme: txn.UnionPay, Code: "4502", State: txn.CaseReceived, Due: "2026-12-31"},
		Attempt: a, Bill: b, Parts: []txn.Attempt{a}, MadeMs: at.UnixMilli(), Seq: 99, Head: strings.Repeat("f", 64), SaleHead: strings.Repeat("a", 64),
		Sale:     sale.Sale{ID: 9, Currency: money.CNY, TotalMinor: 7700, Lines: []sale.Line{{Name: map[string]string{"zh": "龙井茶", "en": "Tea"}, Unit: sale.Piece, QuantityE5: sale.OneE5, AmountMinor: 7700, UnitPriceMinor: 7700}}},
		Identity: txn.Identity{Books: strings.Repeat("b", 32)}}
}

func words(t *testing.T, language string) *present.Words {
	t.Helper()
	w, err := present.NewWords(language)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// texts is what another reader finds in pages.
func texts(t *testing.T, p casework.Pages) string {
	t.Helper()
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("VERATILL_JUDGES") == "required" {
			t.Fatal("pdftotext is missing: apt-get install poppler-utils")
		}
		t.Skip("SKIPPED JUDGE: pdftotext is missing: apt-get install poppler-utils")
	}
	cmd := exec.Command(path, "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(p.PDF)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// Every claim about every state, in both languages: the first page says what the books say, and what names the payment.
func TestEachClaimsPagesSayWhatTheBooksSay(t *testing.T) {
	stances := map[txn.State]present.Stance{txn.Approved: present.StanceEvidence, txn.Declined: present.StanceRight, txn.Reversed: present.StanceRight, txn.Reversing: present.StanceAsk, txn.Unresolved: present.StanceAsk,
		txn.Kept: present.StanceRight, txn.Voided: present.StanceEvidence}
	for _, language := range []string{"zh", "en"} {
		w := words(t, language)
		for _, claim := range txn.Claims {
			for state, want := range stances {
				if claim == txn.ClaimNotMe && want == present.StanceEvidence {
					want = present.StanceWeak
				}
				f := factsOf(payment(state), claim)
				if got := present.StanceOf(claim, f.Affair()); got != want {
					t.Errorf("%s of a payment that is %s: %s, and not %s", claim, state, got, want)
				}
				pages, err := casework.Make(f, w, "真账便利店", nil)
				if err != nil {
					t.Fatal(err)
				}
				if claim != txn.ClaimDebited && state != txn.Approved { // the rest is read for one claim of each state, and one state of each claim
					continue
				}
				first := texts(t, pages)
				for _, piece := range []string{w.Claim(claim), "622202*********1234", "2026-11-29 11:00:00", "77.00", "4502", "2026-12-31", "M00000000000001", f.Identity.Books} {
					if !strings.Contains(strings.ReplaceAll(first, " ", ""), strings.ReplaceAll(piece, " ", "")) {
						t.Errorf("%s, %s, %s: the pages lack %q", language, claim, state, piece)
					}
				}
				stance := w.Text("case.stance."+string(want), "due", "2026-12-31")
				if !strings.Contains(strings.ReplaceAll(first, " ", ""), strings.ReplaceAll(stance, " ", "")) {
					t.Errorf("%s, %s, %s: the pages do not say %q", language, claim, state, stance)
				}
			}
		}
	}
}

// Pages that would be more than a bank takes have the first rows of each list, and say how many are left out: nobody is left without pages.
func TestPagesAreNoMoreThanABankTakes(t *testing.T) {
	for claim, want := range map[txn.Claim]string{txn.ClaimTwice: "360 more rows stand in the file of the facts", txn.ClaimDebited: "392 more rows stand in the file of the facts"} {
		f := factsOf(payment(txn.Approved), claim)
		for i := range 400 {
			id := f.Attempt.ID + txn.ID(i+1)
			o := payment(txn.Approved)
			o.ID = id
			f.Others = append(f.Others, casework.Other{Attempt: o})
			f.Messages.Messages = append(f.Messages.Messages, messages.Message{Way: messages.Sent, Kind: "0800"})
			if claim == txn.ClaimDebited {
				f.Filed.Items = append(f.Filed.Items, present.FiledItem{Item: clearing.Item{Attempt: id, Kind: txn.Refund, Class: clearing.Timing}, Name: strings.Repeat("bill-", 48) + ".csv"})
				f.Bill.Parts = append(f.Bill.Parts, txn.Part{ID: id, Kind: txn.Refund, Tender: txn.Card, State: txn.Declined, Original: f.Attempt.ID, AmountMinor: 100})
			}
		}
		pages, err := casework.Make(f, words(t, "en"), "shop", nil)
		if err != nil || pages.Pages > 8 {
			t.Fatalf("%s: %d pages, %v", claim, pages.Pages, err)
		}
		if said := texts(t, pages); !strings.Contains(said, want) {
			t.Errorf("%s: it is not said that rows are left out: %.2000s", claim, said)
		}
		if n := strings.Count(string(pages.JSON), `"622202*********1234"`); n < 401 {
			t.Errorf("%s: the facts have %d cards", claim, n)
		}
	}
}

// A first try that was undone and the second one that paid the same sale are what a customer calls twice: both are on the pages, and no page says that there is no other one.
func TestBothTriesOfASaleAreOnThePages(t *testing.T) {
	first, second := payment(txn.Reversed), payment(txn.Approved)
	second.ID, second.Answer.RRN = 43, "000000000043"
	for language, wants := range map[string][]string{"en": {"Every attempt to pay this sale", "no payment of another sale", "RRN 000000000043"}, "zh": {"这一单的每次付款", "其他单没有同卡同金额的付款", "RRN 000000000043"}} {
		w := words(t, language)
		for _, of := range []txn.Attempt{first, second} {
			f := factsOf(of, txn.ClaimTwice)
			f.Parts = []txn.Attempt{first, second}
			pages, err := casework.Make(f, w, "shop", nil)
			if err != nil {
				t.Fatal(err)
			}
			said := strings.ReplaceAll(texts(t, pages), " ", "")
			reversed, _, _ := strings.Cut(w.Text("state.reversed"), ",") // a cell may break behind it
			for _, want := range append(wants, reversed, w.Text("state.approved")) {
				if !strings.Contains(said, strings.ReplaceAll(want, " ", "")) {
					t.Errorf("%s: the pages of attempt %s lack %q", language, of.ID, want)
				}
			}
		}
	}
}

// Of a payment without a card's number it is said that others can't be looked up, and never that there are none.
func TestWhatCanNotBeLookedUpIsSaid(t *testing.T) {
	for language, wants := range map[string][2]string{"en": {"be looked up", "no payment of another sale"}, "zh": {"无法查找同一位顾客的其他付款", "其他单没有同卡同金额的付款"}} {
		a := payment(txn.Approved)
		a.Tender, a.Card = txn.Code, txn.CardFacts{}
		pages, err := casework.Make(factsOf(a, txn.ClaimTwice), words(t, language), "shop", nil)
		if err != nil {
			t.Fatal(err)
		}
		if said := texts(t, pages); !strings.Contains(said, wants[0]) || strings.Contains(said, wants[1]) {
			t.Errorf("%s: %.1500s", language, said)
		}
	}
}

// The first page shows for each claim what the table of the design asks for.
func TestEachClaimHasWhatItIsDecidedBy(t *testing.T) {
	mac := []messages.Field{{Name: "DE64 MAC", Length: 8}}
	said := func(second int, way messages.Way, kind, verdict, code string) messages.Message {
		return messages.Message{Attempt: 42, AtMs: at.Add(time.Duration(second) * time.Second).UnixMilli(), Way: way, Kind: kind, Verdict: verdict, Fields: append([]messages.Field{{Name: "DE39 response code", Value: code}}, mac...)}
	}
	undone := []messages.Message{said(0, messages.Sent, "0200", "", ""), said(30, messages.Nothing, "", "no answer", ""), said(31, messages.Sent, "0400", "", ""), said(32, messages.Received, "0410", "reversal answered", "00")}
	approved := []messages.Message{said(0, messages.Sent, "0200", "", ""), said(1, messages.Received, "0210", string(txn.BankApproved), "00")}
	unsigned := []messages.Message{{Attempt: 42, Way: messages.Sent, Kind: "0200"}, {Attempt: 42, Way: messages.Received, Kind: "0210", Verdict: string(txn.BankApproved)}}
	row := func(id txn.ID, kind txn.Kind, class clearing.Class) present.Filed {
		return present.Filed{Items: []present.FiledItem{{Item: clearing.Item{Attempt: id, Kind: kind, Class: class, BankMinor: 7700, Rows: []clearing.Row{{At: at.Add(26 * time.Hour), RRN: "000000000099", Currency: "CNY"}}}, Name: "bill.csv"}}}
	}
	w := words(t, "en")
	for _, c := range []struct {
		claim  txn.Claim
		state  txn.State
		change func(*casework.Facts)
		has    []string
		lacks  []string
	}{
		{txn.ClaimDebited, txn.Reversed, func(f *casework.Facts) { f.Messages.Messages = undone }, []string{"2026-11-29 11:00:31.000 sent 0400", "2026-11-29 11:00:32.000 received 0410 00 reversed", "nothing came", "No receipt of this payment was printed"}, nil},
		{txn.ClaimDebited, txn.Reversed, func(f *casework.Facts) { f.Filed = row(42, txn.Sale, clearing.Kept) }, []string{"Charged, and not sold", "bill.csv", "000000000099", "No message of it is kept", "Do not fight it"}, []string{"Undone: the bank gives it back"}},
		{txn.ClaimTwice, txn.Approved, func(f *casework.Facts) { f.Filed = row(42, txn.Sale, clearing.Twice) }, []string{"Charged twice", "Do not fight it"}, nil},
		{txn.ClaimNoRefund, txn.Approved, func(f *casework.Facts) {
			back := payment(txn.Approved)
			back.ID, back.Kind, back.Original, back.Answer.RRN = 44, txn.Refund, 42, "000000000044"
			f.Parts, f.Filed = append(f.Parts, back), row(44, txn.Refund, clearing.Matched)
		}, []string{"RRN 000000000044", "of what went back", "2026-11-30 13:00:00", "000000000099"}, nil},
		{txn.ClaimNoRefund, txn.Approved, nil, []string{"Nothing was given back", "say nothing of it"}, nil},
		{txn.ClaimOtherMeans, txn.Approved, func(f *casework.Facts) {
			cash := payment(txn.Approved)
			cash.ID, cash.Tender, cash.ReceivedMinor, cash.ChangeMinor = 43, txn.Cash, 10_000, 2300
			f.Parts = append(f.Parts, cash)
		}, []string{"Cash sale", "23.00"}, nil},
		{txn.ClaimNotAllowed, txn.Approved, func(f *casework.Facts) { f.Messages.Messages, f.Attempt.Answer.HostTime = approved, "1129110001" }, []string{"401376", "11-29 11:00:01", "received 0210", "carried a MAC (DE64)"}, nil},
		{txn.ClaimNotAllowed, txn.Approved, func(f *casework.Facts) { f.Messages.Messages = unsigned }, []string{"received 0210"}, []string{"MAC"}},
		{txn.ClaimNotMe, txn.Approved, func(f *casework.Facts) { f.Attempt.Card.EntryMode = "051" }, []string{"chip · with a PIN · DE22 051"}, []string{"stripe"}},
		{txn.ClaimNotMe, txn.Approved, nil, []string{"stripe · without a PIN · DE22 022", "usually decided for the customer"}, nil},
		{txn.ClaimLate, txn.Approved, func(f *casework.Facts) {
			f.Settlement = txn.Settlement{Batch: 3, State: txn.SettlementBalanced, OpenedMs: at.Add(12 * time.Hour).UnixMilli(), EndedMs: at.Add(13 * time.Hour).UnixMilli()}
			f.Filed = row(42, txn.Sale, clearing.Matched)
		}, []string{"2026-11-29 23:00:00", "2026-11-30 00:00:00", "balanced", "2026-11-30 13:00:00"}, nil},
		{txn.ClaimLate, txn.Approved, nil, []string{"no settlement of its batch"}, nil},
	} {
		f := factsOf(payment(c.state), c.claim)
		if c.change != nil {
			c.change(&f)
		}
		pages, err := casework.Make(f, w, "shop", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := casework.Make(f, words(t, "zh"), "shop", nil); err != nil {
			t.Fatal(err)
		}
		text := texts(t, pages)
		for _, has := range c.has {
			if !strings.Contains(text, has) {
				t.Errorf("%s: the pages lack %q: %.2500s", c.claim, has, text)
			}
		}
		for _, lacks := range c.lacks {
			if strings.Contains(text, lacks) {
				t.Errorf("%s: the pages have %q: %.2500s", c.claim, lacks, text)
			}
		}
		if strings.Contains(text, "case.") || strings.Contains(text, "entry.") {
			t.Errorf("%s: a word is missing: %.2500s", c.claim, text)
		}
	}
}

// Facts that are newer than a key was in use are not believed under it, whoever has it now.
func TestARetiredKeySignsNoNewFacts(t *testing.T) {
	by := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public, _ := by.Public().(ed25519.PublicKey)
	sign := func(facts []byte) receipt.FactsSignature { return receipt.SignFacts(by, facts) }
	key := receipt.NewKey(public, 1)
	key.LastOrder = 50
	later := func(id txn.ID) txn.Attempt { a := payment(txn.Declined); a.ID = id; return a }
	for name, c := range map[string]struct {
		change func(*casework.Facts)
		holds  bool
	}{
		"made while it was in use": {func(f *casework.Facts) { f.Last = 50 }, true},
		"of a newer payment":       {func(f *casework.Facts) { f.Attempt.ID = 51 }, false},
		"with a newer attempt":     {func(f *casework.Facts) { f.Parts = append(f.Parts, later(51)) }, false},
		"with another payment":     {func(f *casework.Facts) { f.Others = []casework.Other{{Attempt: later(51)}} }, false},
		"made later":               {func(f *casework.Facts) { f.Last = 51 }, false},
	} {
		f := factsOf(payment(txn.Approved), txn.ClaimSlip)
		c.change(&f)
		pages, err := casework.Make(f, words(t, "en"), "shop", sign)
		if err != nil {
			t.Fatal(err)
		}
		err = casework.Check(pages.JSON, pages.PDF, receipt.Ring{{Format: 1, Books: f.Identity.Books, Keys: []receipt.Key{key}}})
		if (err == nil) != c.holds || err != nil && !strings.Contains(err.Error(), string(receipt.KeyRetired)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheFactsBesideThePagesNameThem(t *testing.T) {
	pages, err := casework.Make(factsOf(payment(txn.Approved), txn.ClaimSlip), words(t, "en"), "shop", nil)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Facts struct {
			PDF     string `json:"pdfSha256"`
			Attempt struct {
				Answer struct {
					RRN string `json:"rrn"`
				} `json:"answer"`
			} `json:"attempt"`
		} `json:"facts"`
	}
	if err := json.Unmarshal(pages.JSON, &file); err != nil || file.Facts.PDF != pages.SHA256 || file.Facts.Attempt.Answer.RRN != "000000000042" {
		t.Errorf("%+v, %v", file, err)
	}
	again, err := casework.Make(factsOf(payment(txn.Approved), txn.ClaimSlip), words(t, "en"), "shop", nil)
	if err != nil || again.SHA256 != pages.SHA256 {
		t.Errorf("the same facts make %s and %s, %v", pages.SHA256, again.SHA256, err)
	}
}

// A slip whose copy is gone is said to be: no reprint stands in its place.
func TestALostSlipIsSaid(t *testing.T) {
	f := factsOf(payment(txn.Approved), txn.ClaimSlip)
	f.Slip = casework.Slip{Kept: txn.SlipKept{Print: 3, SHA256: strings.Repeat("c", 64)}, Lost: true}
	pages, err := casework.Make(f, words(t, "en"), "shop", nil)
	if err != nil {
		t.Fatal(err)
	}
	if said := texts(t, pages); !strings.Contains(said, "A reprint is no original") {
		t.Errorf("the pages do not say that the slip is lost: %s", said)
	}
}

// Facts and pages are believed as the till made them, and no other way. A byte of either is altered in turn.
func TestPagesThatWereAlteredAreNotBelieved(t *testing.T) {
	by := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public, _ := by.Public().(ed25519.PublicKey)
	f := factsOf(payment(txn.Approved), txn.ClaimSlip)
	ring := receipt.Ring{{Format: 1, Books: f.Identity.Books, Keys: []receipt.Key{receipt.NewKey(public, 1)}}}
	pages, err := casework.Make(f, words(t, "en"), "shop", func(facts []byte) receipt.FactsSignature { return receipt.SignFacts(by, facts) })
	if err != nil {
		t.Fatal(err)
	}
	if err := casework.Check(pages.JSON, pages.PDF, ring); err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(pages.JSON); at++ {
		altered := bytes.Clone(pages.JSON)
		if altered[at] ^= 0x10; altered[at] == pages.JSON[at] {
			continue
		}
		if err := casework.Check(altered, pages.PDF, ring); !errors.Is(err, casework.ErrFacts) {
			t.Fatalf("byte %d of the facts' file altered: %v", at, err)
		}
	}
	for at := 0; at < len(pages.PDF); at += 97 {
		altered := bytes.Clone(pages.PDF)
		altered[at] ^= 1
		if err := casework.Check(pages.JSON, altered, ring); !errors.Is(err, casework.ErrFacts) {
			t.Fatalf("byte %d of the pages altered: %v", at, err)
		}
	}
	body := strings.TrimPrefix(string(pages.JSON), "{")
	for name, text := range map[string]string{
		"forged facts in front of the genuine ones": `{"facts":{"verdict":"won"},` + body, "facts in other letters": `{"FACTS":{"verdict":"won"},` + body, "behind them": strings.TrimSuffix(string(pages.JSON), "}") + `,"Facts":{}}`,
		"a member that no till writes": `{"verdict":"won",` + body, "a second signature": `{"signature":{},` + body, "a second file behind the first": string(pages.JSON) + `{"facts":{}}`,
	} {
		if err := casework.Check([]byte(text), pages.PDF, ring); !errors.Is(err, casework.ErrFacts) {
			t.Errorf("%s: %v", name, err)
		}
	}
	unsigned, err := casework.Make(f, words(t, "en"), "shop", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := casework.Check(unsigned.JSON, nil, ring); !errors.Is(err, casework.ErrFacts) {
		t.Errorf("facts without a signature are believed: %v", err)
	}
}
