package acquirer

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/iso8583"
	"veratill/txn/money"
)

// anyAnswer draws an answer of the profile: some of its fields, each with any value of its whole
// space. Property tests and fuzz targets draw theirs here, the simulated banks by the same Field.Value.
func anyAnswer(p *iso8583.Profile, draw iso8583.Draw) iso8583.Message {
	m := iso8583.NewMessage("0210")
	for _, f := range p.Fields {
		if draw(2) == 1 {
			m.Set(f.Number, f.Value(draw))
		}
	}
	return m
}

// Whatever the bank says in an answer that can be unpacked, every later message that says it
// back can be packed: a void, a refund, its reversal, the reversal of the sale, and each repeat.
func TestEveryAnswerCanBeSaidBack(t *testing.T) {
	for _, p := range iso8583.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			c := signedIn(p)
			rapid.Check(t, func(r *rapid.T) {
				answer := anyAnswer(p, func(n int) int { return rapid.IntRange(0, n-1).Draw(r, "draw") }).Set(39, "00")
				body, err := p.Pack(answer)
				if err != nil {
					r.Fatalf("what was drawn does not fit: %v", err)
				}
				m, err := p.Unpack(body)
				if err != nil {
					r.Fatalf("what was drawn is not read: %v", err)
				}
				said := answerOf(m)
				if said.RRN != answer.Get(37) || said.ApprovalCode != answer.Get(38) {
					r.Fatalf("RRN %q and approval code %q are kept as %q and %q", answer.Get(37), answer.Get(38), said.RRN, said.ApprovalCode)
				}
				sayBack(r, c, said)
			})
		})
	}
}

// signedIn is a client that has its keys, without a line.
func signedIn(p *iso8583.Profile) *Client {
	c := New(Config{Profile: p, Terminal: "T1", Merchant: "M1"})
	c.keys.MAK = []byte("0123456789ABCDEF")
	return c
}

type failer interface {
	Fatalf(format string, args ...any)
}

func transactionOf(t failer, c *Client, o txn.Order) iso8583.Transaction {
	made, err := c.transaction(o)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return made
}

// sayBack packs every message that is composed from an answer.
func sayBack(t failer, c *Client, said txn.Answer) {
	sale := txn.Attempt{ID: 1, Reference: "000001/000001", Terminal: c.cfg.Terminal, Merchant: c.cfg.Merchant, Kind: txn.Sale, Amount: money.Amount{Minor: 100, Currency: money.CNY},
		Card: txn.CardFacts{EntryMode: "022"}, Answer: said, Late: said}
	void := sale
	void.ID, void.Kind, void.Original = 2, txn.Void, sale.ID
	void.Reference = "000001/000002"
	refund := void
	refund.Kind, refund.Card = txn.Refund, txn.CardFacts{EntryMode: "022", Scheme: "UnionPay"}
	p := c.cfg.Profile
	for name, m := range map[string]iso8583.Message{
		"void":                         p.Financial(transactionOf(t, c, txn.Order{Attempt: void, Original: &sale})),
		"refund":                       p.Refund(transactionOf(t, c, txn.Order{Attempt: refund, Original: &sale}), false),
		"repeat of the refund":         p.Refund(transactionOf(t, c, txn.Order{Attempt: refund, Original: &sale}), true),
		"reversal of the sale":         p.Reversal(transactionOf(t, c, txn.Order{Attempt: sale}), "98", 1),
		"repeat of it":                 p.Reversal(transactionOf(t, c, txn.Order{Attempt: sale}), "98", 2),
		"reversal of the void":         p.Reversal(transactionOf(t, c, txn.Order{Attempt: void, Original: &sale}), "06", 1),
		"repeat of the void's undoing": p.Reversal(transactionOf(t, c, txn.Order{Attempt: void, Original: &sale}), "06", 2),
	} {
		if _, err := c.pack(m); err != nil {
			t.Fatalf("%s after the answer %q: %v", name, said, err)
		}
	}
}

// An approval code that is shorter than its field, from books or a bank of another profile, is
// filled with blanks; blanks that the bank sent are sent back where they were.
func TestShortAndBlankValuesAreSaidBack(t *testing.T) {
	for _, p := range iso8583.Profiles() {
		for _, said := range []txn.Answer{
			{RRN: "12", ApprovalCode: "A1"}, {RRN: " 1 2 3      ", ApprovalCode: "  A 1 "}, {RRN: "            ", ApprovalCode: "      "}, {},
		} {
			c := signedIn(p)
			sayBack(t, c, said)
			sale := txn.Attempt{ID: 1, Reference: "000001/000001", Terminal: c.cfg.Terminal, Merchant: c.cfg.Merchant, Amount: money.Amount{Minor: 100, Currency: money.CNY}, Answer: said}
			m := p.Financial(transactionOf(t, c, txn.Order{Attempt: sale, Original: &sale}))
			if got := m.Get(37); !strings.HasPrefix(got, said.RRN) || len(said.RRN) == 12 && got != said.RRN {
				t.Errorf("%s: RRN %q is said back as %q", p.Name, said.RRN, got)
			}
		}
	}
}

// A message that does not fit the profile is never taken for silence: its verdict says that
// nothing left, and names the field.
func TestUnpackableIsNotSilence(t *testing.T) {
	b := newBench(t, "iso87", "", nil)
	ctx := context.Background()
	if err := b.client.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	b.client.cfg.Terminal = "NINE-CHAR"
	o := b.order()
	if v := b.client.Request(ctx, o); v.Kind != txn.NotSent || v.Reason != txn.CannotPack || !strings.Contains(v.Detail, "DE41") {
		t.Errorf("a request that cannot be packed gives %+v", v)
	}
	if v := b.client.Resolve(ctx, o, 1); v.Kind != txn.ReversalNotSent || !strings.Contains(v.Detail, "DE41") {
		t.Errorf("a reversal that cannot be packed gives %+v", v)
	}
	if n := b.count("cannot pack"); n != 2 {
		t.Errorf("%d messages are counted as unpackable, want 2", n)
	}
	if lines := b.host.Rows(); len(lines) != 0 {
		t.Errorf("the bank heard of it: %+v", lines)
	}
	b.client.needSignIn()
	if err := b.client.Ready(ctx); !errors.Is(err, errCannotPack) {
		t.Errorf("a sign-in that cannot be packed gives %v", err)
	}
}
