package zvt

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Status is what a Status-Information says of a transaction (04 0F, PA00P015 3.1). What it leaves out is empty, and -1 of numbers.
type Status struct {
	Result      int   // of chapter 10; -1 where it is not said
	AmountMinor int64 // -1 where it is not said
	Currency    string
	Receipt     int // 1–9999; -1 where it is not said
	Trace       string
	Time        string // hhmmss
	Date        string // MMDD
	TID         string
	Contract    string
	AID         string // the approval code
	PAN         string // as far as the terminal shows it
	CardName    string
	Text        string
	PaymentType int
	HasTotals   bool
	Totals      Total // bitmap 60, of all kinds of card together: of an end of the day
	Mirror      int   // tag 1F1F: the receipt number to say back; -1 where it is not said
}

// Total is what a terminal's day came to.
type Total struct{ Count, AmountMinor int64 }

// readTotals reads bitmap 60: first and last receipt number (2 bytes each), then a count of 1 byte and an amount of 6 BCD bytes for each kind of card (PA00P015).
func readTotals(value []byte) (t Total, ok bool) {
	const numbers, one = 4, 7
	if len(value) < numbers+one || (len(value)-numbers)%one != 0 {
		return t, false
	}
	for value = value[numbers:]; len(value) > 0; value = value[one:] {
		minor, isNumber := Number(value[1:one])
		if !isNumber {
			return t, false
		}
		t.Count, t.AmountMinor = t.Count+int64(value[0]), t.AmountMinor+minor
	}
	return t, true
}

// ReadStatus reads a Status-Information. A bitmap that comes twice with two values, one that is not known and one that can't be read are errors:
// nothing is believed of such a message.
func ReadStatus(data []byte, c Charset) (Status, error) {
	s := Status{Result: -1, AmountMinor: -1, Receipt: -1, PaymentType: -1, Mirror: -1}
	fields, err := Fields(data)
	if err != nil {
		return s, err
	}
	seen := map[byte][]byte{}
	for _, f := range fields {
		if before, twice := seen[f.Tag]; twice && !bytes.Equal(before, f.Value) {
			return s, fmt.Errorf("%w: bitmap %02X", errTwice, f.Tag)
		}
		seen[f.Tag] = f.Value
		if err := s.take(f, c); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *Status) take(f Field, c Charset) error {
	number, isNumber := Number(f.Value)
	switch f.Tag {
	//mutant:a-currency-is-a-number
	case FieldAmount, FieldReceipt, FieldCurrency:
		if !isNumber {
			return fmt.Errorf("%w: bitmap %02X is no number", errField, f.Tag)
		}
	}
	switch f.Tag {
	case FieldResult:
		s.Result = int(f.Value[0])
	case FieldAmount:
		s.AmountMinor = number
	case FieldCurrency:
		s.Currency = Digits(f.Value)[1:]
	case FieldReceipt:
		s.Receipt = int(number)
	case FieldTrace:
		s.Trace = Digits(f.Value)
	case FieldTime:
		s.Time = Digits(f.Value)
	case FieldDate:
		s.Date = Digits(f.Value)
	case FieldTID:
		s.TID = Digits(f.Value)
	case FieldContract:
		s.Contract = strings.TrimSpace(c.Decode(f.Value))
	case FieldAID:
		s.AID = strings.TrimSpace(c.Decode(f.Value))
	case FieldPAN:
		s.PAN = Digits(f.Value)
	case FieldCardName:
		s.CardName = strings.TrimSpace(c.Decode(f.Value))
	case FieldText:
		s.Text = strings.TrimSpace(c.Decode(f.Value))
	case FieldStatus:
		s.PaymentType = int(f.Value[0])
	case FieldTotals:
		s.Totals, s.HasTotals = readTotals(f.Value)
		if !s.HasTotals {
			return fmt.Errorf("%w: bitmap %02X is no totals", errField, f.Tag)
		}
	case FieldTLV:
		return s.takeTLV(f.Value)
	}
	return nil
}

func (s *Status) takeTLV(value []byte) error {
	objects, err := Container(value)
	if err != nil {
		return nil // nothing of the money stands in it but 1F1F, which is then not known
	}
	if o, ok := Find(objects, TagMirror); ok && len(o.Value) > 0 && len(o.Value) <= 4 {
		s.Mirror = 0
		for _, x := range o.Value {
			s.Mirror = s.Mirror<<8 | int(x)
		}
	}
	return nil
}

// Fields are those of the status, for a Status-Information.
func (s Status) Fields(c Charset) (all []Field) {
	add := func(tag byte, value []byte) { all = append(all, Field{tag, value}) }
	packed := func(tag byte, digits string, n int) {
		if digits != "" {
			add(tag, Pack(digits, n))
		}
	}
	if s.Result >= 0 {
		add(FieldResult, []byte{byte(s.Result)})
	}
	if s.AmountMinor >= 0 {
		value, _ := BCD(s.AmountMinor, 6)
		add(FieldAmount, value)
	}
	if s.Currency != "" {
		packed(FieldCurrency, "0"+s.Currency, 2)
	}
	packed(FieldTrace, s.Trace, 3)
	packed(FieldTime, s.Time, 3)
	packed(FieldDate, s.Date, 2)
	if s.PAN != "" {
		add(FieldPAN, Pack(s.PAN, (len(s.PAN)+1)/2))
	}
	packed(FieldTID, s.TID, 4)
	if s.Contract != "" {
		add(FieldContract, fit(c.Encode(s.Contract), 15))
	}
	if s.AID != "" {
		add(FieldAID, fit(c.Encode(s.AID), 8))
	}
	if s.Text != "" {
		add(FieldText, c.Encode(s.Text))
	}
	if s.Receipt >= 0 {
		value, _ := BCD(int64(s.Receipt), 2)
		add(FieldReceipt, value)
	}
	if s.CardName != "" {
		add(FieldCardName, append(c.Encode(s.CardName), 0))
	}
	if s.Mirror >= 0 {
		add(FieldTLV, AppendObjects(nil, Mirrored(s.Mirror)))
	}
	return all
}

// Mirrored is tag 1F1F with a receipt number; below 0 is none, which has no length: a 0 would be one (4.2).
func Mirrored(receipt int) Object {
	o := Object{Tag: TagMirror}
	if receipt >= 0 {
		o.Value = []byte{byte(receipt >> 8), byte(receipt)}
	}
	return o
}

// Pack packs digits into n bytes: an asterisk is E, and what is missing at the end is F where a digit is, or the front is zeros.
func Pack(digits string, n int) []byte {
	nibbles := make([]byte, 0, 2*n)
	for _, d := range digits {
		switch {
		case d >= '0' && d <= '9':
			nibbles = append(nibbles, byte(d-'0'))
		default:
			nibbles = append(nibbles, 0x0E)
		}
	}
	if len(nibbles) == 2*n-1 {
		nibbles = append(nibbles, 0x0F)
	}
	b := make([]byte, n)
	for i := range b {
		if 2*i+1 < len(nibbles) {
			b[i] = nibbles[2*i]<<4 | nibbles[2*i+1]
		}
	}
	return b
}

func fit(b []byte, n int) []byte {
	return append(b[:min(len(b), n):min(len(b), n)], bytes.Repeat([]byte{' '}, n-min(len(b), n))...)
}

// Progress is what a terminal says while a command runs (04 FF, PA00P015 3.7).
type Progress struct {
	State   int      // of table 17; -1 where it is not said
	Minutes int      // for how long the terminal asks to be waited for; 0 where it does not say
	Lines   []string // for the cashier's screen; nil where the state alone says it
}

// ReadProgress reads an intermediate status. What can't be read of it says nothing.
func ReadProgress(data []byte, c Charset) Progress {
	p := Progress{State: -1}
	if len(data) == 0 {
		return p
	}
	p.State = int(data[0])
	if len(data) == 1 {
		return p
	}
	if n, ok := Number(data[1:2]); ok {
		p.Minutes = int(n)
	}
	fields, _ := Fields(data[2:])
	for _, f := range fields {
		if f.Tag != FieldTLV {
			continue
		}
		objects, _ := Container(f.Value)
		texts, _ := Find(objects, TagTexts)
		for _, o := range texts.Inside {
			if o.Tag == TagTextLine {
				p.Lines = append(p.Lines, splitLines(c.Decode(o.Value))...)
			}
		}
	}
	return p
}

func splitLines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
}

// Print is what a terminal wants printed (06 D1, 06 D3).
type Print struct {
	Lines []string
	For   Copy
	Last  bool // of its receipt
}

// Copy is whose paper it is (tag 1F07).
type Copy int

// Whose paper it is.
const (
	ForAnybody  Copy = 0 // not said
	ForMerchant Copy = 1
	ForCustomer Copy = 2
	ForShop     Copy = 3 // of the terminal's administration
)

// ReadPrint reads a command that prints.
func ReadPrint(a APDU, c Charset) (p Print) {
	switch {
	case a.Code == PrintLine && len(a.Data) > 0:
		attribute, text := a.Data[0], a.Data[1:]
		p.Last = lastLine(attribute)
		text, container := textAndContainer(text)
		p.block(container, c)
		switch {
		case attribute == 0xFF && len(text) == 1:
			p.Lines = make([]string, min(int(text[0]), 20))
		default:
			p.Lines = []string{strings.TrimRight(c.Decode(text), " \n")}
		}
	case a.Code == PrintBlock:
		fields, _ := Fields(a.Data)
		for _, f := range fields {
			if f.Tag == FieldTLV {
				p.block(f.Value, c)
			}
		}
	}
	return p
}

// textAndContainer splits a line from the container that some terminals send behind it, with whose paper it is for. No text has the
// container's tag in it: it is a control character.
func textAndContainer(b []byte) (text, container []byte) {
	for i, x := range b {
		if x != FieldTLV {
			continue
		}
		//mutant:a-line-says-whose-it-is
		if fields, err := Fields(b[i:]); err == nil && len(fields) == 1 {
			return b[:i], fields[0].Value
		}
	}
	return b, nil
}

func lastLine(attribute byte) bool {
	return attribute&0x80 != 0 && attribute != 0x80 && attribute != 0xFF
}

func (p *Print) block(value []byte, c Charset) {
	objects, _ := Container(value)
	if o, ok := Find(objects, TagReceipt); ok && len(o.Value) > 0 {
		p.For = Copy(o.Value[len(o.Value)-1])
	}
	texts, _ := Find(objects, TagPrintTexts)
	for _, o := range texts.Inside {
		switch {
		case o.Tag == TagTextLine:
			p.Lines = append(p.Lines, strings.TrimRight(c.Decode(o.Value), " \n"))
		case o.Tag == TagAttribute && len(o.Value) == 1 && lastLine(o.Value[0]):
			p.Last = true
		}
	}
}

// Registered is what a terminal says at the end of a registration (06 0F, PA00P015 2.1).
type Registered struct {
	TID      string
	Currency string
	Initialise,
	Diagnose,
	Personalise bool // what it needs first
	Charset Charset // tag 14; empty where it is not said
}

// ReadRegistered reads the completion of a registration. A currency that is no number is an error: terminals fill with F.
func ReadRegistered(data []byte) (r Registered, err error) {
	fields, err := Fields(data)
	for _, f := range fields {
		switch f.Tag {
		case FieldStatus:
			r.Initialise, r.Diagnose, r.Personalise = f.Value[0]&1 != 0, f.Value[0]&2 != 0, f.Value[0]&4 != 0
		case FieldTID:
			r.TID = Digits(f.Value)
		case FieldCurrency:
			//mutant:a-currency-is-a-number/registered
			if _, isNumber := Number(f.Value); !isNumber {
				return r, fmt.Errorf("%w: bitmap %02X is no number", errField, f.Tag)
			}
			r.Currency = Digits(f.Value)[1:]
		}
	}
	return r, err
}

// The bits of a registration's config byte (PA00P015 table 1).
const (
	TillPrintsPayments byte = 0x02
	TillPrintsOther    byte = 0x04
	TellProgress       byte = 0x08
	NoAmountThere      byte = 0x10 // payments are begun by the till alone
	SendsLines         byte = 0x80 // as print lines; else the till writes receipts of its own
)

// TerminalState reads the status that a Status-Enquiry ends with (06 0F, PA00P015 2.56.5), and the version of its software; -1 where it is not said.
func TerminalState(data []byte) (state int, version string) {
	if len(data) == 0 {
		return -1, ""
	}
	if data[0]&0xF0 == 0xF0 && len(data) > 3 { // LLLVAR: the version stands in front
		if text, rest, ok := cut(data, lll); ok {
			version, data = strings.TrimSpace(CP437.Decode(text)), rest
		}
	}
	if len(data) == 0 {
		return -1, version
	}
	if fields, err := Fields(data); err == nil && fields[0].Tag == FieldStatus && len(data) > 1 { // as some terminals write it
		return int(fields[0].Value[0]), version
	}
	return int(data[0]), version
}

// FirstByte is the result code of an abort or of a negative answer; -1 where it is not said.
func FirstByte(data []byte) int {
	if len(data) == 0 {
		return -1
	}
	return int(data[0])
}
