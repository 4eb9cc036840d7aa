package print

import (
	"bytes"
	"crypto/ed25519"
	"log/slog"
	"strings"
	"testing"

	"veratill/devices/printer"
	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/receipt"
	"veratill/txn/till"
)

// key signs receipts as a till's does, and counts how often.
type key struct {
	private ed25519.PrivateKey
	signed  int
}

func newKey() *key {
	return &key{private: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize))}
}

func (k *key) ring() receipt.Ring {
	return receipt.Ring{{Format: 1, Books: options(zh).Books, Keys: []receipt.Key{receipt.NewKey(k.private.Public().(ed25519.PublicKey), 1)}}}
}

func (k *key) Sign(s receipt.Statement) string {
	k.signed++
	text, err := s.Sign(k.private)
	if err != nil {
		return ""
	}
	return text
}

func (k *key) KeyText() string { text, _ := k.ring()[0].Text(); return text }

// codesOf are the codes of a sheet's paper, as whoever scans them reads them.
func codesOf(t *testing.T, s till.Sheet, k *key) (codes []string) {
	t.Helper()
	o := options(both)
	o.Signer = k
	doc, err := Document(s, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range doc.Blocks {
		if qr, ok := b.(escpos.QR); ok {
			codes = append(codes, qr.Data)
		}
	}
	return codes
}

// ended is a sheet whose payments ended at a known time.
func ended(s till.Sheet) till.Sheet {
	for _, a := range []*txn.Attempt{&s.Attempt, &s.Original} {
		a.EndedMs = 1773451613000
	}
	for i := range s.Parts {
		s.Parts[i].EndedMs, s.Parts[i].SaleID = 1773451613000, 5
	}
	s.Attempt.SaleID, s.Original.SaleID = 5, 5
	return s
}

// A receipt has the statement of each payment of which the books are certain, and a copy has the same ones: whoever holds both holds one statement twice.
func TestReceiptsCarryTheirStatement(t *testing.T) {
	k := newKey()
	first := codesOf(t, ended(card(txn.Approved, txn.PrintOriginal)), k)
	again := codesOf(t, ended(card(txn.Approved, txn.PrintRepeat)), k)
	j := k.ring().Judge(append(first, again...))
	if len(first) != 1 || len(again) != 1 || first[0] != again[0] || len(j.Payments) != 1 || j.Payments[0].Count != 1 {
		t.Fatalf("%q and %q: %+v", first, again, j)
	}
	if got := j.Payments[0].Latest; got.Outcome != receipt.Paid || got.Payment != 124 || got.Amount.Minor != card(txn.Approved, txn.PrintOriginal).Bill.Total.Minor {
		t.Errorf("%+v", got)
	}
	parts := codesOf(t, ended(split()), k)
	if j := k.ring().Judge(parts); len(parts) != 2 || len(j.Payments) != 2 || j.Payments[0].Latest.Tender != txn.Card || j.Payments[1].Latest.Tender != txn.Cash {
		t.Errorf("a sale in parts, one of them by a terminal's word: %q, %+v", parts, j.Payments)
	}
	if slip := codesOf(t, ended(partSlip()), k); len(slip) != 1 || k.ring().Judge(slip).Payments == nil {
		t.Errorf("the slip of a part: %q", slip)
	}
}

// What nobody here can prove is not signed, and its paper has the code that names it.
func TestWhatIsByWordIsNotSigned(t *testing.T) {
	k := newKey()
	s := ended(card(txn.Claimed, txn.PrintOriginal))
	s.Parts[0].Tender = txn.External
	if codes := codesOf(t, s, k); len(codes) != 1 || !strings.HasPrefix(codes[0], "VERATILL ") || k.signed > 0 {
		t.Errorf("%q, signed %d times", codes, k.signed)
	}
}

// A void's slip says that the payment is voided, and a note of one that was undone that it was reversed.
func TestSlipsCarryTheLaterStatement(t *testing.T) {
	k := newKey()
	paid := codesOf(t, ended(card(txn.Approved, txn.PrintOriginal)), k)
	s := ended(payment(txn.Approved, txn.PrintOriginal))
	s.Original, s.Parts = s.Attempt, nil
	s.Original.State, s.Original.VoidedBy = txn.Voided, 130
	s.Attempt.ID, s.Attempt.Kind, s.Attempt.Original = 130, txn.Void, s.Original.ID
	voided := codesOf(t, s, k)
	if j := k.ring().Judge(append(voided, paid...)); len(voided) != 1 || len(j.Payments) != 1 || j.Payments[0].Latest.Outcome != receipt.Voided {
		t.Errorf("%q: %+v", voided, j.Payments)
	}
	note := ended(payment(txn.Reversed, txn.PrintSlip))
	if codes := codesOf(t, note, k); len(codes) != 1 || k.ring().Judge(codes).Payments[0].Latest.Outcome != receipt.Reversed {
		t.Errorf("the note: %q", codes)
	}
	for _, state := range []txn.State{txn.Pending, txn.Reversing, txn.Unresolved, txn.Declined, txn.Kept} {
		if codes := codesOf(t, ended(payment(state, txn.PrintSlip)), k); len(codes) > 0 {
			t.Errorf("the note of a payment that is %s: %q", state, codes)
		}
	}
}

// A receipt that is laid out while its intent is being made durable is not signed before it is: Begin comes afterwards.
func TestNothingIsSignedBeforeItIsDurable(t *testing.T) {
	k := newKey()
	encoder, err := escpos.NewEncoder(escpos.Profile{Paper: escpos.Paper80})
	if err != nil {
		t.Fatal(err)
	}
	p := &Press{Log: slog.New(slog.DiscardHandler), Options: func() Options { o := options(both); o.Signer = k; return o }}
	unit := printer.OpenVirtual(printer.NewEmulator(printer.Traits{}), printer.Config{})
	defer unit.Close()
	p.Use(unit, encoder)
	s := ended(card(txn.Approved, txn.PrintOriginal))
	p.Prepare(s)
	if k.signed > 0 {
		t.Fatal("it was signed when it was prepared")
	}
	p.Begin(t.Context(), s)()
	if k.signed != 1 {
		t.Errorf("signed %d times", k.signed)
	}
}

// A code of a statement fits narrow paper in modules of half a millimetre, as dense as its signs let it be.
func TestSignedCodesFitNarrowPaper(t *testing.T) {
	k := newKey()
	s := ended(card(txn.Approved, txn.PrintOriginal))
	s.Parts[0].Answer.RRN = strings.Repeat("8", 40)
	o := options(both)
	o.Signer = k
	doc, err := Document(s, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, paper := range []escpos.Paper{escpos.Paper58, escpos.Paper80} {
		encoder, err := escpos.NewEncoder(escpos.Profile{Paper: paper})
		if err != nil {
			t.Fatal(err)
		}
		b, err := encoder.Append(nil, doc)
		if err != nil {
			t.Errorf("%v: %v", paper, err)
		}
		if !bytes.Contains(b, []byte("VT:")) {
			t.Errorf("%v: %s", paper, "no code is there")
		}
	}
}

// A Z has the public key, by which whoever has the paper checks receipts; an X and the papers of a till that signs nothing have none.
func TestTheZHasThePublicKey(t *testing.T) {
	k := newKey()
	for kind, want := range map[txn.PrintKind]int{txn.PrintZ: 1, txn.PrintX: 0} {
		s := till.Sheet{Print: txn.Print{ID: 9, Kind: kind, AtMs: 1773451613000}, Totals: []byte(`{"currency":"CNY"}`)}
		codes := codesOf(t, s, k)
		if len(codes) != want {
			t.Errorf("%s: %q", kind, codes)
		}
		for _, code := range codes {
			if ring, err := receipt.ReadRing([]byte(code)); err != nil || ring[0].Keys[0].Public != k.ring()[0].Keys[0].Public {
				t.Errorf("%s: the key is read as %+v, %v", kind, ring, err)
			}
		}
	}
}
