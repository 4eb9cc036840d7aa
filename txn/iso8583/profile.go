// Package iso8583 is the wire: profiles as data, messages to bytes and back,
// frames, the MAC, the keys of a sign-in, and a redactor. It is the only importer
// of moov-io/iso8583. The till's client and the simulated bank both stand on it.
package iso8583

import (
	"fmt"
	"strings"

	moov "github.com/moov-io/iso8583"
)

// Type is an ISO 8583 attribute.
type Type string

// The attributes in use.
const (
	N   Type = "n"   // digits
	AN  Type = "an"  // letters and digits
	ANS Type = "ans" // any printable character
	Z   Type = "z"   // track data: digits and '='
	B   Type = "b"   // bytes
)

// Encoding is how a field's value lies on the wire.
type Encoding string

// The encodings in use.
const (
	ASCII    Encoding = "ASCII"
	BCDLeft  Encoding = "BCD, left-aligned, padded with 0"
	BCDRight Encoding = "BCD, right-aligned, padded with 0"
	TrackBCD Encoding = "BCD, left-aligned, '=' as D"
	Binary   Encoding = "binary"
	HexASCII Encoding = "hex in ASCII"
)

// Field is one row of a profile's table.
type Field struct {
	Number     int
	Name       string
	Type       Type
	Length     int // digits, characters or bytes; the most where Variable > 0
	Variable   int // digits of the length before the value: 0 fixed, 2 LL, 3 LLL
	Encoding   Encoding
	PrivateUse string // what the profile puts there, where the standard leaves it open
}

// LengthHeader is what stands before every frame.
type LengthHeader string

// The length headers. Both count the bytes after themselves.
const (
	TwoBytes   LengthHeader = "2 bytes, big-endian"
	FourDigits LengthHeader = "4 ASCII digits"
)

// Style is which private fields and messages an acquirer uses.
type Style int

// The styles that messages are written in.
const (
	UnionPayPOS Style = iota
	Plain1987
)

// Naming is how DE61 names an original.
type Naming string

// The namings in use.
const (
	ByNumberAndDate Naming = "batch n6, STAN n6, date n4 (MMDD)"
	ByNumber        Naming = "batch n6, STAN n6"
	ByDate          Naming = "twelve zeros, date n4 (MMDD)"
)

// Profile is one acquirer's dialect. An acquirer's own specification wins: a new one is data.
type Profile struct {
	Name         string
	Style        Style
	LengthHeader LengthHeader
	TPDU         []byte // 5 bytes or none; source and destination change places in an answer
	Header       []byte // 6 bytes or none
	LengthDigits Encoding
	MTI          Encoding
	Bitmap       Encoding
	Bits         int  // 64, or 128 when a second bitmap may follow
	MAC          bool // DE64 on every message about money, keys from the sign-in
	RepeatMTI    string
	EchoMTI      string
	VoidNames    Naming // how DE61 of a void names its original
	RefundNames  Naming // the same of a refund
	// RefundRepeats says that the host knows a refund again that comes twice under one number, so that one without an answer may be sent once
	// more. Where it does not, the second would give the money back twice.
	RefundRepeats bool
	// EndsBalanced says that the bank wants to be told of the end of a batch also where its sums are the till's.
	EndsBalanced bool
	Codes        []Code
	MustMatch    []int // fields that an approval has to bring back as they were sent
	Fields       []Field

	spec   *moov.MessageSpec
	passed []Field           // of answers: what the profile does not use, and passes over
	blind  *moov.MessageSpec // reads the same, and masks the fields of a card
}

// ProfileByName finds a built-in profile: "unionpay" or "iso87".
func ProfileByName(name string) (*Profile, error) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
	}
	return nil, fmt.Errorf("profile %q is not known: use unionpay or iso87", name)
}

// Profiles lists the built-in profiles.
func Profiles() []*Profile { return []*Profile{unionpay, iso87} }

// Field finds a row of the table by its number.
func (p *Profile) Field(number int) (Field, bool) {
	for _, f := range p.Fields {
		if f.Number == number {
			return f, true
		}
	}
	return Field{}, false
}

// format is the usual short form, such as "an..25 LL".
func (f Field) format() string {
	if f.Variable == 0 {
		return fmt.Sprintf("%s%d", f.Type, f.Length)
	}
	return fmt.Sprintf("%s..%d %s", f.Type, f.Length, strings.Repeat("L", f.Variable))
}

// Document is a profile as a Markdown section, from which an outside host can be configured.
func (p *Profile) Document() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### `%s`\n\n", p.Name)
	fmt.Fprintf(&b, "- Frame: length header (%s)", p.LengthHeader)
	if len(p.TPDU) > 0 {
		fmt.Fprintf(&b, ", TPDU `%X` (an answer exchanges its last two pairs of bytes), header `%X`", p.TPDU, p.Header)
	}
	fmt.Fprintf(&b, ", then the message. At most %d bytes after the length header.\n", MaxFrameBytes)
	fmt.Fprintf(&b, "- MTI: n4, %s. Bitmap: %d bits, %s; in an answer 64 or 128.\n", p.MTI, p.Bits, p.Bitmap)
	b.WriteString("- An answer may bring fields that are not in the table: those of ISO 8583:1987's lengths are passed over, and what can't be read is named " +
		"in the log, on the bank's page and by `veratill doctor`.\n")
	fmt.Fprintf(&b, "- Lengths of variable fields: LL or LLL digits in %s, counting digits, characters or bytes of the value.\n", p.LengthDigits)
	if p.MAC {
		b.WriteString("- MAC: DE64 on 0200, 0210, 0220, 0230, 0400 and 0410, over everything from the MTI to the byte before DE64, ECB variant: " +
			"XOR of all 8-byte blocks (the last padded with zeros), as 16 upper-case hex characters; DES of the first 8, XOR with the last 8, DES; " +
			"the first 8 hex characters of that are DE64. With a double-length key DES is 3DES.\n")
		b.WriteString("- Keys: DE62 of the 0810 carries 24 (PIK 8, check 4, MAK 8, check 4), 40 (PIK 16, check 4, MAK 16, check 4) or 60 bytes " +
			"(and TDK 16, check 4), each key encrypted by the terminal master key (3DES ECB); a MAK whose second 8 bytes are zero is single-length. " +
			"Check value: the first 4 bytes of 8 zero bytes encrypted by the key.\n")
	}
	b.WriteString("- ASCII fields of fixed length are padded with blanks on the right; an answer is compared without them.\n")
	b.WriteString("- The batch in DE60 is the till's own. One that an 0810 brings there is not taken over.\n")
	fmt.Fprintf(&b, "- An approval has to bring back %s as they were sent; the MTI's class and DE11 as well. DE39 says what became of it.\n", numbers(p.MustMatch))
	fmt.Fprintf(&b, "- Repeat of a reversal: MTI %s. Echo test: MTI %s.\n", p.RepeatMTI, p.EchoMTI)
	fmt.Fprintf(&b, "- DE61 names the original of a void as %s, of a refund as %s.\n", p.VoidNames, p.RefundNames)
	b.WriteString("- A refund (0220) is never reversed. One without an answer is not known, and " + map[bool]string{
		true: "is sent again as 0221 under its own number, because the host knows it again", false: "is not sent again; " +
			"`repeats=refunds` in the bank's address says that the host knows it again, and then it is, as 0221 under its own number"}[p.RefundRepeats] + ".\n")
	b.WriteString("- Settlement: the 0500 says the sums of a batch; DE39 95, or an 0510 " + map[bool]string{
		true: "that says other sums or another DE66 than 1, is a difference; one without DE66 balances where it says all sums and they are the till's, and one without either has compared " +
			"nothing, which a person is told",
		false: "that does not say that it balances, is a difference"}[p.Style == Plain1987] + ". Where it differs, the till tells of each payment and refund " +
		"that it holds as kept, first the payments, then the refunds, each by number (0320; DE11 is the payment's own), and at last that the batch ends (0320 with DE48)" +
		map[bool]string{true: "; a batch that balances is ended too", false: ""}[p.EndsBalanced] + ". No message of it has a card number or a MAC. What is not answered is sent again " +
		"with the same numbers" + map[bool]string{true: " as 0501 and 0321", false: ""}[p.Style == Plain1987] + ", and may not be counted twice.\n\n")
	b.WriteString("| DE | name | format | encoding | use |\n| ---: | --- | --- | --- | --- |\n")
	for _, f := range p.Fields {
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s |\n", f.Number, f.Name, f.format(), f.Encoding, f.PrivateUse)
	}
	b.WriteString("\n" + p.documentCodes() + "\n")
	b.WriteString(p.documentMessages())
	return b.String()
}

func (p *Profile) documentMessages() string {
	var b strings.Builder
	settlement, err := p.Settle(specimenBatch)
	if err != nil {
		panic(err) // it is a constant
	}
	b.WriteString("| message | MTI | fields |\n| --- | --- | --- |\n")
	for _, m := range []struct {
		name, mti string
		fields    []int
	}{
		{"sign-in", "0800", p.numbersOf(p.SignIn(specimenTerminal, 1))},
		{"echo", p.EchoMTI, p.numbersOf(p.Echo(specimenTerminal, 1))},
		{"sale", "0200", p.numbersOf(p.Financial(specimenSale))},
		{"void", "0200", p.numbersOf(p.Financial(specimenVoid))},
		{"refund", "0220", p.numbersOf(p.Refund(specimenRefund, false))},
		{"reversal", "0400", p.numbersOf(p.Reversal(specimenSale, "98", 1))},
		{"reversal of a void", "0400", p.numbersOf(p.Reversal(specimenVoid, "98", 1))},
		{"settlement", "0500", p.numbersOf(settlement)},
		{"upload of a payment", "0320", p.numbersOf(p.Upload(specimenSale, "000000000001", false, false))},
		{"end of a batch", "0320", p.numbersOf(p.EndBatch(specimenBatch, 1, false))},
	} {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", m.name, m.mti, numbers(m.fields))
	}
	return b.String()
}

func (p *Profile) numbersOf(m Message) []int {
	if p.MAC && m.aboutMoney() {
		m.Set(64, "00000000")
	}
	return m.numbers()
}

func numbers(all []int) string {
	words := make([]string, len(all))
	for i, n := range all {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, ", ")
}
