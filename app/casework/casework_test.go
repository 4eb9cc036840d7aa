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
				if got := present.StanceOf(claim, f.Matter()); got != want {
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

func TestPagesThatABankWouldNotTakeAreNotMade(t *testing.T) {
	f := factsOf(payment(txn.Approved), txn.ClaimTwice)
	for i := range 400 {
		o := payment(txn.Approved)
		o.ID += txn.ID(i)
		f.Others = append(f.Others, o)
	}
	if pages, err := casework.Make(f, words(t, "en"), "shop", nil); err == nil {
		t.Errorf("%d pages were made", pages.Pages)
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
