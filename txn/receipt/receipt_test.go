package receipt

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/money"
)

const booksNumber = "0123456789abcdef0123456789abcdef"

// seeded is a key that is the same in every run.
func seeded(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func tillOf(books string, keys ...ed25519.PrivateKey) Till {
	t := Till{Format: keysFormat, Name: "真账便利店", Books: books}
	for _, k := range keys {
		t.Keys = append(t.Keys, NewKey(k.Public().(ed25519.PublicKey), 1))
	}
	return t
}

func paid() Statement {
	return Statement{Books: BooksID{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}, Payment: 42, Sale: 101, Order: 42, Tender: txn.Card, RRN: "000000123456",
		Outcome: Paid, Amount: money.Amount{Minor: 1250, Currency: money.CNY}, AtSeconds: 1_795_000_000}
}

func with(change func(*Statement)) Statement {
	s := paid()
	change(&s)
	if s.Outcome == GivenBack && s.Refunds == 0 {
		s.Refunds = 1
	}
	return s
}

func text(t *testing.T, s Statement, by ed25519.PrivateKey) string {
	t.Helper()
	text, err := s.Sign(by)
	if err != nil {
		t.Fatalf("%+v: %v", s, err)
	}
	return text
}

// The examples of RFC 9285, 4.3 and 4.4, are written and read as there.
func TestBase45IsThatOfTheRFC(t *testing.T) {
	for plain, coded := range map[string]string{"AB": "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "ietf!": "QED8WEX0"} {
		if got := toText([]byte(plain)); got != coded {
			t.Errorf("%q is written %q, want %q", plain, got, coded)
		}
		if got, ok := fromText(coded); !ok || string(got) != plain {
			t.Errorf("%q is read as %q, %v", coded, got, ok)
		}
	}
	for _, wrong := range []string{"GGW", "B", "BB8B", "6U", ":::", "bb8", "BB\x80"} {
		if got, ok := fromText(wrong); ok {
			t.Errorf("%q is read as %q, and no bytes are written so", wrong, got)
		}
	}
}

// random is a statement that a till may make.
func random(r *rand.Rand) Statement {
	number := func() int64 { return 1 + r.Int64N(1<<(1+r.IntN(40))) }
	s := Statement{Payment: txn.ID(number()), Sale: number(), Tender: []txn.Tender{txn.Card, txn.Cash, txn.Code}[r.IntN(3)],
		Outcome: Outcome(1 + r.IntN(4)), Amount: money.Amount{Minor: 1 + r.Int64N(money.MaxMinor), Currency: []money.Currency{money.CNY, money.JPY, money.KWD}[r.IntN(3)]},
		AtSeconds: number(), Demo: r.IntN(2) == 0}
	r.Shuffle(len(s.Books), func(i, _ int) { s.Books[i] = byte(r.Uint32()) })
	for range r.IntN(mostRRN + 1) {
		s.RRN += string(rune('!' + r.IntN('~'-'!')))
	}
	s.Order = s.Payment
	switch s.Outcome {
	case GivenBack:
		s.Order += txn.ID(number())
		s.BackMinor, s.Refunds, s.OtherWay, s.ByWord = 1+r.Int64N(s.Amount.Minor), number(), r.IntN(2) == 0, r.IntN(2) == 0
	case Voided:
		s.Order += txn.ID(number())
		s.BackMinor, s.ByWord = s.Amount.Minor, r.IntN(2) == 0
	}
	return s
}

// Whatever a till signs is read as it was, fits, is written in the signs of a dense code, and holds under its key.
func TestWhatIsSignedIsReadAndHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	key, longest := seeded(1), 0
	for range 3000 {
		s := random(r)
		signed := text(t, s, key)
		longest = max(longest, len(signed))
		if strings.Trim(signed, base45) != "" || strings.HasSuffix(signed, " ") {
			t.Fatalf("%q has a sign that no dense code has, or a blank at its end", signed)
		}
		got, reason := Read(signed)
		if reason != "" || got.Statement != s || len(got.payload)+len(got.signature) > maxBytes {
			t.Fatalf("%+v is read as %+v: %s", s, got.Statement, reason)
		}
		j := Ring{tillOf(fmt.Sprintf("%x", s.Books), key)}.Judge([]string{signed})
		if j.Results[0].Reason != "" || !j.Results[0].Latest || len(j.Payments) != 1 || j.Payments[0].Latest != s {
			t.Fatalf("%+v: %+v", s, j)
		}
	}
	t.Logf("the longest text has %d signs of at most %d", longest, mostText)
}

// A statement of which one sign is another, or that lacks one, has one more, or ends early, is refused, each of them.
func TestWhatIsAlteredIsRefused(t *testing.T) {
	key := seeded(1)
	ring := Ring{tillOf(booksNumber, key)}
	signed := text(t, paid(), key)
	tried := 0
	refused := func(altered string) {
		t.Helper()
		if tried++; altered != signed && ring.one(altered).Reason == "" {
			t.Fatalf("%q holds, and was never signed", altered)
		}
	}
	for i := range len(signed) {
		for _, sign := range []byte(base45) {
			refused(signed[:i] + string(sign) + signed[i+1:])
			refused(signed[:i] + string(sign) + signed[i:])
		}
		refused(signed[:i])
		refused(signed[i+1:])
		refused(signed[:i] + signed[i+1:])
	}
	refused(signed + signed)
	t.Logf("%d were refused", tried)
}

// Each byte of what is signed is looked at: with any bit of it another one, the statement is refused.
func TestEachBitIsSigned(t *testing.T) {
	key := seeded(1)
	ring := Ring{tillOf(booksNumber, key)}
	s, _ := Read(text(t, paid(), key))
	whole := append(bytes.Clone(s.payload), s.signature...)
	for i := range whole {
		for bit := range 8 {
			other := bytes.Clone(whole)
			other[i] ^= 1 << bit
			if got := ring.one(textBegin + toText(other) + textEnd); got.Reason == "" {
				t.Fatalf("byte %d, bit %d: it holds all the same", i, bit)
			}
		}
	}
}

// A payload that is signed and has another form than a till writes is refused, whoever signed it: a second form of one statement would be a second
// statement, and what this program doesn't know must not be taken for what it knows.
func TestOtherFormsAreRefused(t *testing.T) {
	key := seeded(1)
	ring := Ring{tillOf(booksNumber, key)}
	plain := paid().payload(keyID(key.Public().(ed25519.PublicKey)))
	for name, c := range map[string]struct {
		change func(p []byte) []byte
		reason Reason
	}{
		"as it is":                {func(p []byte) []byte { return p }, ""},
		"a byte behind":           {func(p []byte) []byte { return append(p, 0) }, BadForm},
		"an unknown version":      {func(p []byte) []byte { p[0] = 2; return p }, UnknownVersion},
		"version 0":               {func(p []byte) []byte { p[0] = 0; return p }, UnknownVersion},
		"an unknown outcome":      {func(p []byte) []byte { p[1] = 5; return p }, BadForm},
		"no outcome":              {func(p []byte) []byte { p[1] = 0; return p }, BadForm},
		"an unknown tender":       {func(p []byte) []byte { p[2] = 4; return p }, BadForm},
		"an unknown flag":         {func(p []byte) []byte { p[3] = 8; return p }, BadForm},
		"paid in another way":     {func(p []byte) []byte { p[3] = flagOtherWay; return p }, BadForm},
		"paid by word":            {func(p []byte) []byte { p[3] = flagByWord; return p }, BadForm},
		"a number in two bytes":   {func(p []byte) []byte { return append(append(bytes.Clone(p[:16]), 0xAA, 0x00), p[17:]...) }, BadForm},
		"a number without an end": {func(p []byte) []byte { return append(bytes.Clone(p[:16]), bytes.Repeat([]byte{0xFF}, 20)...) }, BadForm},
		"no payment":              {func(p []byte) []byte { p[16] = 0; return p }, BadForm},
		"a currency in small":     {func(p []byte) []byte { return bytes.Replace(p, []byte("CNY"), []byte("cny"), 1) }, BadForm},
		"an unknown currency":     {func(p []byte) []byte { return bytes.Replace(p, []byte("CNY"), []byte("XXX"), 1) }, BadForm},
		"a blank in the RRN":      {func(p []byte) []byte { p[len(p)-1] = ' '; return p }, BadForm},
		"nothing":                 {func(p []byte) []byte { return nil }, UnknownVersion}, // the signature's first byte stands there
		"other books":             {func(p []byte) []byte { p[8]++; return p }, OtherBooks},
		"another key's number":    {func(p []byte) []byte { p[4]++; return p }, UnknownKey},
	} {
		p := c.change(bytes.Clone(plain))
		signed := append(bytes.Clone(p), ed25519.Sign(key, append([]byte(domain), p...))...)
		if got := ring.one(textBegin + toText(signed) + textEnd); got.Reason != c.reason {
			t.Errorf("%s: refused for %q, want %q", name, got.Reason, c.reason)
		}
	}
	long := append(bytes.Clone(plain), bytes.Repeat([]byte("A"), 300)...)
	if got := ring.one(textBegin + toText(long) + textEnd); got.Reason != NoStatement {
		t.Errorf("a text that is too long: %q", got.Reason)
	}
	if got := ring.one(textBegin + toText(ed25519.Sign(key, plain)) + textEnd); got.Reason == "" {
		t.Error("a signature alone is a statement")
	}
}

// A signature of the payload without the words before it, which is how something else may be signed, holds for nothing.
func TestASignatureIsOfAStatement(t *testing.T) {
	key := seeded(1)
	p := paid().payload(keyID(key.Public().(ed25519.PublicKey)))
	got := Ring{tillOf(booksNumber, key)}.one(textBegin + toText(append(p, ed25519.Sign(key, p)...)) + textEnd)
	if got.Reason != BadSignature {
		t.Errorf("%q", got.Reason)
	}
}

// A key holds for its own till's books, for what was signed before it was retired, and whoever has it in two lists is believed by the one that fits.
func TestKeysHoldForTheirOwn(t *testing.T) {
	old, now, stranger := seeded(1), seeded(2), seeded(3)
	till := tillOf(booksNumber, old, now)
	till.Keys[0].LastOrder = 50
	ring := Ring{tillOf("ffffffffffffffffffff", now), till}
	back := func(order txn.ID) Statement {
		return with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, order, 100 })
	}
	for name, c := range map[string]struct {
		text   string
		reason Reason
	}{
		"the old key, before":      {text(t, paid(), old), ""},
		"the old key, at its last": {text(t, back(50), old), ""},
		"the old key, afterwards":  {text(t, back(51), old), KeyRetired},
		"the new key":              {text(t, back(51), now), ""},
		"the new key, of old":      {text(t, paid(), now), ""},
		"a stranger's":             {text(t, paid(), stranger), UnknownKey},
		"of other books":           {text(t, with(func(s *Statement) { s.Books[0]++ }), old), OtherBooks},
	} {
		if got := ring.one(c.text); got.Reason != c.reason {
			t.Errorf("%s: %q, want %q", name, got.Reason, c.reason)
		}
	}
}

// Of what is shown of one payment the latest wins, in whatever order it is shown, and the same one twice is one.
func TestTheLatestWins(t *testing.T) {
	key := seeded(1)
	ring := Ring{tillOf(booksNumber, key)}
	first := paid()
	some := with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 45, 200 })
	more := with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 47, 700 })
	undone := with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = Voided, 43, 1250 })
	reversed := with(func(s *Statement) { s.Outcome = Reversed })
	late := with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor, s.Refunds = GivenBack, 45, 350, 2 })
	undoneAgain := with(func(s *Statement) { s.Outcome, s.AtSeconds = Reversed, s.AtSeconds+60 })
	other := with(func(s *Statement) { s.Payment, s.Order, s.Sale = 60, 60, 120 })
	for name, c := range map[string]struct {
		shown  []Statement
		latest Statement
		count  int
	}{
		"refunds":                           {[]Statement{first, more, some, first}, more, 3},
		"a void":                            {[]Statement{undone, first}, undone, 2},
		"a reversal":                        {[]Statement{reversed, first}, reversed, 2},
		"a refund whose bank answered late": {[]Statement{late, first, some}, late, 3},
		"undone again, after it was approved late": {[]Statement{undoneAgain, reversed}, undoneAgain, 2},
		"twice the same":  {[]Statement{first, first}, first, 1},
		"another payment": {[]Statement{first, other}, first, 1},
	} {
		var texts []string
		for _, s := range c.shown {
			texts = append(texts, text(t, s, key))
		}
		j := ring.Judge(texts)
		if got := j.Payments[0]; got.Latest != c.latest || got.Contradict || got.Count != c.count {
			t.Errorf("%s: %+v", name, got)
		}
		for i, r := range j.Results {
			if want := c.shown[i] == c.latest || c.shown[i] == other; r.Latest != want {
				t.Errorf("%s: the statement %d is the latest: %v", name, i, r.Latest)
			}
		}
	}
}

// Two statements that one till can't both have made make each other worthless: books that were copied, or a key in other hands.
func TestWhatContradictsIsNotBelieved(t *testing.T) {
	key := seeded(1)
	ring := Ring{tillOf(booksNumber, key)}
	undone := with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = Voided, 43, 1250 })
	later := func(change func(*Statement)) Statement {
		return with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 44, 10; change(s) })
	}
	for name, pair := range map[string][2]Statement{
		"a later one of another amount":       {paid(), later(func(s *Statement) { s.Amount.Minor = 99 })},
		"a later one of another sale":         {paid(), later(func(s *Statement) { s.Sale = 7 })},
		"a later one of another tender":       {paid(), later(func(s *Statement) { s.Tender = txn.Cash })},
		"a later one of another number":       {paid(), later(func(s *Statement) { s.RRN = "" })},
		"a later one that is a demonstration": {paid(), later(func(s *Statement) { s.Demo = true })},
		"another amount":                      {paid(), with(func(s *Statement) { s.Amount.Minor = 99 })},
		"another sale":                        {paid(), with(func(s *Statement) { s.Sale = 7 })},
		"another number":                      {paid(), with(func(s *Statement) { s.RRN = "000000123457" })},
		"a demonstration":                     {paid(), with(func(s *Statement) { s.Demo = true })},
		"another time":                        {paid(), with(func(s *Statement) { s.AtSeconds++ })},
		"a refund after a void":               {undone, with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 44, 10 })},
		"less back than before":               {with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 44, 10 }), with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 45, 9 })},
		"a payment after all":                 {with(func(s *Statement) { s.Outcome = Reversed }), undone},
		"fewer refunds than before":           {with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor, s.Refunds = GivenBack, 44, 10, 2 }), with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 45, 20 })},
		"more refunds, and less back":         {with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 44, 10 }), with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor, s.Refunds = GivenBack, 44, 9, 2 })},
		"two refunds of one order":            {with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 44, 10 }), with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 44, 20 })},
	} {
		for _, turned := range []bool{false, true} {
			if turned {
				pair[0], pair[1] = pair[1], pair[0]
			}
			j := ring.Judge([]string{text(t, pair[0], key), text(t, pair[1], key)})
			if !j.Payments[0].Contradict || j.Results[0].Latest || j.Results[1].Latest {
				t.Errorf("%s: both are believed: %+v", name, j.Payments)
			}
		}
	}
}

// A statement that no payment has is not signed.
func TestWhatIsNoStatementIsNotSigned(t *testing.T) {
	for name, s := range map[string]Statement{
		"nothing":             {},
		"no sum":              with(func(s *Statement) { s.Amount.Minor = 0 }),
		"too much back":       with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor = GivenBack, 43, 1251 }),
		"an external payment": with(func(s *Statement) { s.Tender = txn.External }),
		"a long RRN":          with(func(s *Statement) { s.RRN = strings.Repeat("1", mostRRN+1) }),
		"back by no refund":   {Outcome: GivenBack, Order: 43, BackMinor: 10, Payment: 42, Sale: 101, Tender: txn.Card, Amount: paid().Amount, AtSeconds: 1},
		"a void by a refund":  with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor, s.Refunds = Voided, 43, 1250, 1 }),
		"too high a number":   with(func(s *Statement) { s.Sale = most + 1 }),
	} {
		if got, err := s.Sign(seeded(1)); err == nil {
			t.Errorf("%s is signed: %s", name, got)
		}
	}
}

// Keys that were written are read, in a row and from paper, and a list that is wrong is an error that nothing of is believed.
func TestKeysAreReadWhole(t *testing.T) {
	a, b := tillOf(booksNumber, seeded(1)), tillOf("fedcba9876543210fedcba9876543210", seeded(2), seeded(3))
	both := func(t *testing.T) []byte {
		one, err := json.Marshal(a)
		two, err2 := json.MarshalIndent(b, "", " ")
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		return append(append(one, '\n'), two...)
	}(t)
	code, err := b.Text()
	if err != nil {
		t.Fatal(err)
	}
	ring, err := ReadRing(append(both, []byte("\r\n"+code+"\r\n")...))
	if err != nil || len(ring) != 3 || ring[2].Keys[0].Public != b.Keys[1].Public || ring[0].Name != a.Name {
		t.Fatalf("%+v, %v", ring, err)
	}
	weak := a
	weak.Keys = []Key{NewKey(make([]byte, 32), 1)}
	beyond := bytes.Repeat([]byte{0xFF}, 32)
	beyond[31] = 0x7F
	written := tillOf(booksNumber)
	written.Keys = []Key{NewKey(beyond, 1)}
	renamed := tillOf(booksNumber, seeded(1))
	renamed.Keys[0].ID = "00000000"
	for name, till := range map[string]Till{"a weak key": weak, "a key that is written otherwise": written, "a key under another number": renamed,
		"no key": {Format: 1, Books: booksNumber}, "no books": {Format: 1, Books: "12", Keys: a.Keys}, "a newer format": {Format: 2, Books: booksNumber, Keys: a.Keys}} {
		text, err := json.Marshal(till)
		if err != nil {
			t.Fatal(err)
		}
		if ring, err := ReadRing(append(both, text...)); !errors.Is(err, errKeys) || ring != nil {
			t.Errorf("%s is believed: %+v, %v", name, ring, err)
		}
	}
	for _, wrong := range []string{"", " \n", "{", "[]", "VTK:ABC.", "VTK:", code[:len(code)-2] + ".", string(both[:len(both)-3])} {
		if ring, err := ReadRing([]byte(wrong)); !errors.Is(err, errKeys) {
			t.Errorf("%q is believed: %+v, %v", wrong, ring, err)
		}
	}
}
