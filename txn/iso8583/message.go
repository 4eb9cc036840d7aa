package iso8583

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	moov "github.com/moov-io/iso8583"
	moovErrors "github.com/moov-io/iso8583/errors"
)

// ErrUnreadable means that bytes are no message of the profile. Its text never holds what they were.
var ErrUnreadable = errors.New("message can't be read")

// Message is an MTI and its fields by number. Text and digits are as they are
// printed; binary fields are their bytes. It holds card data: print only Redacted.
type Message struct {
	MTI    string
	fields map[int]string
	hidden map[int][]byte // fields whose value belongs to somebody who wipes it
}

// NewMessage makes an empty message.
func NewMessage(mti string) Message {
	return Message{MTI: mti, fields: map[int]string{}, hidden: map[int][]byte{}}
}

// Hide sets a field to a value that stays its owner's, who wipes it once the message has left; an empty one leaves it out.
func (m Message) Hide(number int, value []byte) Message {
	if len(value) == 0 {
		delete(m.hidden, number)
	} else {
		m.hidden[number] = value
	}
	return m
}

// Set puts a field; an empty value leaves it out.
func (m Message) Set(number int, value string) Message {
	if value == "" {
		delete(m.fields, number)
	} else {
		m.fields[number] = value
	}
	return m
}

// Get is a field's value, empty when it is not there. One that is hidden is told by nobody but Pack.
func (m Message) Get(number int) string { return m.fields[number] }

// Has reports whether a field is there.
func (m Message) Has(number int) bool { return m.length(number) > 0 }

// length is how many characters or bytes a field has.
func (m Message) length(number int) int { return max(len(m.fields[number]), len(m.hidden[number])) }

// fits checks a field's value against its type and length.
func (m Message) fits(f Field) bool {
	if secret, is := m.hidden[f.Number]; is {
		return fits(f, secret)
	}
	return fits(f, m.fields[f.Number])
}

// Copy keeps the fields of other that are listed and there.
func (m Message) Copy(other Message, numbers ...int) Message {
	for _, n := range numbers {
		m.Set(n, other.Get(n))
	}
	return m
}

func (m Message) numbers() []int {
	all := make([]int, 0, len(m.fields)+len(m.hidden))
	for n := range m.fields {
		all = append(all, n)
	}
	for n := range m.hidden {
		if _, twice := m.fields[n]; !twice {
			all = append(all, n)
		}
	}
	sort.Ints(all)
	return all
}

// aboutMoney reports whether the message carries a MAC where the profile has one. The
// class alone decides: an MTI of another version must not be a way round the MAC.
func (m Message) aboutMoney() bool {
	return len(m.MTI) < 2 || m.MTI[1] == '2' || m.MTI[1] == '4'
}

// version is the first digit of every MTI of the profiles: ISO 8583:1987.
const version = '0'

// String keeps card data out of %v.
func (m Message) String() string { return m.Redacted() }

// GoString keeps card data out of %#v.
func (m Message) GoString() string { return m.Redacted() }

// MarshalJSON keeps card data out of JSON.
func (m Message) MarshalJSON() ([]byte, error) { return []byte(fmt.Sprintf("%q", m.Redacted())), nil }

// Redacted is the message for people: the PAN as 6+4, tracks and private card data
// only as present, PIN, chip data and MAC only by their length.
func (m Message) Redacted() string {
	var b strings.Builder
	b.WriteString("MTI " + clean(m.MTI))
	for _, n := range m.numbers() {
		if secret, is := m.hidden[n]; is {
			fmt.Fprintf(&b, "\nDE%d %s", n, redactHidden(n, secret))
			continue
		}
		fmt.Fprintf(&b, "\nDE%d %s", n, redactField(n, m.fields[n]))
	}
	return b.String()
}

// redactHidden is redactField for a value of which no copy may be left.
func redactHidden(number int, value []byte) string {
	if number != 2 {
		return "present"
	}
	shown := bytes.Clone(value)
	mask(shown)
	return string(shown)
}

// isOpen reports whether a field holds nothing that names a card, a person or a key.
func isOpen(number int) bool {
	switch number {
	case 3, 4, 7, 11, 12, 13, 15, 22, 23, 25, 37, 38, 39, 41, 42, 49, 70, 90:
		return true
	}
	return false
}

func redactField(number int, value string) string {
	switch number {
	case 2:
		return Mask(value)
	case 14, 35, 36, 45:
		return "present"
	case 52, 55, 62, 64, 65, 128:
		return fmt.Sprintf("%d bytes", len(value))
	case 60, 61:
		return maskRuns(clean(value))
	}
	if isOpen(number) {
		return clean(value)
	}
	// Free text can hold anything, a card number too.
	return fmt.Sprintf("%d characters", len(value))
}

// Part is a field of a message as it may be kept. Of one whose value is withheld Value is empty.
type Part struct {
	Number int
	Name   string
	Value  string
	Length int // in characters, or bytes where the field is binary
}

// mostOpen is how long an open field is at most that somebody else may fill: too short for a card number.
const mostOpen = 12

// Parts are the fields of a message as they may be kept, by a closed list of what is harmless. asked is the till's own message where this one is the answer to it: what an answer says of
// fields that are long enough for a card number is shown only where it says the till's own value back.
func (p *Profile) Parts(m, asked Message) (all []Part) {
	for _, n := range m.numbers() {
		f, _ := p.Field(n)
		part := Part{Number: n, Name: f.Name, Length: m.length(n)}
		_, hidden := m.hidden[n]
		value := m.fields[n]
		switch own := asked.MTI == "" || value == asked.Get(n); {
		case n == 2 && hidden:
			//mutant:a-card-number-in-a-message-is-masked
			part.Value = redactHidden(n, m.hidden[n])
		case n == 2:
			//mutant:a-card-number-in-a-message-is-masked/answer
			part.Value = Mask(value)
		case hidden:
		//mutant:a-message-is-kept-by-a-list
		case isOpen(n) && (own || len(value) <= mostOpen), (n == 60 || n == 61) && own && maskRuns(value) == value:
			part.Value = clean(value)
		}
		all = append(all, part)
	}
	return all
}

// maskRuns hides runs of 17 digits and more, which no batch and STAN need. 61 is 16 digits.
func maskRuns(text string) string {
	if len(text) > 17 {
		return fmt.Sprintf("%d characters", len(text))
	}
	return text
}

func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '.'
		}
		return r
	}, text)
}

// hiddenLeast is how many digits of a masked PAN are hidden at least: as many as of one of 16 digits.
const hiddenLeast = 6

// Mask keeps the first six and the last four digits of a PAN, of one of less than 16 digits fewer of its first, and of one of less
// than ten none.
func Mask(pan string) string {
	b := []byte(pan)
	mask(b)
	return string(b)
}

// mask is Mask where the number stands.
func mask(pan []byte) {
	first, last := 0, len(pan)
	if len(pan) >= 4+hiddenLeast {
		first, last = min(6, len(pan)-4-hiddenLeast), len(pan)-4
	}
	for i := first; i < last; i++ {
		pan[i] = '*'
	}
}

// Unpack reads a whole message. Bytes left over, a field of a length that nobody knows, or a value outside
// its type make it unreadable; a field that the profile does not use is passed over.
func (p *Profile) Unpack(body []byte) (Message, error) { return p.unpack(p.spec, body) }

func (p *Profile) unpack(spec *moov.MessageSpec, body []byte) (m Message, err error) {
	defer func() {
		if recover() != nil { // a parser's panic on hostile bytes must not stop a till
			m, err = Message{}, fmt.Errorf("%w: it breaks the parser", ErrUnreadable)
		}
	}()
	packed := moov.NewMessage(spec)
	if err := packed.Unpack(body); err != nil {
		var at *moovErrors.UnpackError
		if errors.As(err, &at) {
			return Message{}, fmt.Errorf("%w: DE%s", ErrUnreadable, at.FieldID)
		}
		return Message{}, ErrUnreadable
	}
	mti, err := packed.GetMTI()
	if err != nil || !fits(Field{Type: N, Length: 4}, mti) || mti[0] != version {
		return Message{}, fmt.Errorf("%w: MTI", ErrUnreadable)
	}
	m = NewMessage(mti)
	if len(packed.GetFields()) <= 2 {
		return Message{}, fmt.Errorf("%w: it has no field", ErrUnreadable)
	}
	total := bytesOf(p.MTI, 4) + bytesOf(p.Bitmap, 8)
	if p.secondBitmap(body) {
		total += bytesOf(p.Bitmap, 8)
	}
	for n := range packed.GetFields() {
		if n < 2 {
			continue
		}
		f, used := p.Field(n)
		if at := slices.IndexFunc(p.passed, func(f Field) bool { return f.Number == n }); !used && at >= 0 {
			f = p.passed[at]
		}
		value, err := fieldValue(packed, f)
		total += bytesOf(f.Encoding, len(value)) + bytesOf(p.LengthDigits, f.Variable)
		if !used && err == nil { // its length is known, and nobody asks what it says
			continue
		}
		if err != nil || !p.isBlind(spec, f) && !fits(f, value) || len(value) > f.Length || value == "" {
			return Message{}, fmt.Errorf("%w: DE%d", ErrUnreadable, n)
		}
		m.fields[n] = value
	}
	if left := len(body) - total; left != 0 {
		return Message{}, fmt.Errorf("%w: %d bytes do not belong to it", ErrUnreadable, left)
	}
	return m, nil
}

// size is how many bytes a message takes, by the table: a parser that leaves bytes over
// at the end of a message does not say so.
func (p *Profile) size(m Message) int {
	total := bytesOf(p.MTI, 4) + bytesOf(p.Bitmap, 8)
	numbers := m.numbers()
	if n := len(numbers); n > 0 && numbers[n-1] > 64 {
		total += bytesOf(p.Bitmap, 8)
	}
	for _, n := range numbers {
		f, _ := p.Field(n)
		total += bytesOf(f.Encoding, m.length(n)) + bytesOf(p.LengthDigits, f.Variable)
	}
	return total
}

// bytesOf is how many bytes so many characters take in an encoding.
func bytesOf(e Encoding, characters int) int {
	switch e {
	case BCDLeft, BCDRight, TrackBCD:
		return (characters + 1) / 2
	case HexASCII:
		return 2 * characters
	}
	return characters
}

func fieldValue(m *moov.Message, f Field) (string, error) {
	if f.Type == B {
		b, err := m.GetBytes(f.Number)
		return string(b), err
	}
	return m.GetString(f.Number)
}

// fits checks a value against its field's type and length.
func fits[T string | []byte](f Field, value T) bool {
	if f.Variable == 0 && len(value) != f.Length || len(value) > f.Length || len(value) == 0 {
		return false
	}
	for i := range len(value) {
		if !allowed(f.Type, value[i]) {
			return false
		}
	}
	return true
}

func allowed(t Type, c byte) bool {
	digit := c >= '0' && c <= '9'
	switch t {
	case N:
		return digit
	case AN:
		return digit || c == ' ' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
	case Z:
		return digit || c == '=' || c == 'D'
	case ANS:
		return c >= ' ' && c != 0x7F // GBK text is above
	}
	return true
}
