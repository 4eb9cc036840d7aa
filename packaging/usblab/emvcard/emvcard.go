// Package emvcard is a scripted chip card with one EMV application, for the reader models and for
// the reader that QEMU plays: SELECT of the payment directory and of the application, GET
// PROCESSING OPTIONS, READ RECORD with tag 57. It holds a test number and no key.
package emvcard

import (
	"bytes"
	"encoding/hex"
)

// TestPAN and TestExpiry (YYMM) are the number on the card.
const (
	TestPAN    = "6200000000000005"
	TestExpiry = "4912"
)

// The card's names: the payment directory of EMV Book 1, 12.2, and UnionPay's debit application.
var (
	Directory   = []byte("1PAY.SYS.DDF01")
	Application = []byte{0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01}
)

// ATR is a plain T=0 card's answer to reset.
var ATR = []byte{0x3B, 0x65, 0x00, 0x00, 0x20, 0x63, 0xCB, 0x68, 0x00}

// The status words that the card gives: ISO 7816-4, 5.1.3.
var (
	fine       = []byte{0x90, 0x00}
	notFound   = []byte{0x6A, 0x82}
	noRecord   = []byte{0x6A, 0x83}
	conditions = []byte{0x69, 0x85}
	unknown    = []byte{0x6D, 0x00}
)

// Card is one card in a reader. It is not for several goroutines at once.
type Card struct {
	selected []byte // what SELECT has chosen
	started  bool   // GET PROCESSING OPTIONS was given
}

// Reset is what happens when the card gets its power: nothing is selected.
func (c *Card) Reset() { *c = Card{} }

// Answer works off one command and gives the data with the status word at their end.
func (c *Card) Answer(apdu []byte) []byte {
	if len(apdu) < 4 {
		return []byte{0x67, 0x00} // wrong length
	}
	switch [2]byte{apdu[0], apdu[1]} {
	case [2]byte{0x00, 0xA4}:
		return c.choose(body(apdu))
	case [2]byte{0x00, 0xB2}:
		return c.record(apdu[2], apdu[3]>>3)
	case [2]byte{0x80, 0xA8}:
		if !bytes.Equal(c.selected, Application) {
			return conditions
		}
		c.started = true
		// No offline authentication (AIP 0000); file 1, record 1, none of it for authentication.
		return with(fine, tlv(0x77, tlv(0x82, []byte{0, 0}), tlv(0x94, []byte{1 << 3, 1, 1, 0})))
	}
	return unknown
}

// body is the data field of a short command.
func body(apdu []byte) []byte {
	if len(apdu) < 5 || len(apdu) < 5+int(apdu[4]) {
		return nil
	}
	return apdu[5 : 5+int(apdu[4])]
}

// choose is SELECT by name; a part of the application's name is enough, as EMV Book 1, 12.3.5 has it.
func (c *Card) choose(name []byte) []byte {
	c.started = false
	switch {
	case bytes.Equal(name, Directory):
		c.selected = Directory
		return with(fine, tlv(0x6F, tlv(0x84, Directory), tlv(0xA5, tlv(0x88, []byte{1}))))
	case len(name) >= 5 && bytes.HasPrefix(Application, name):
		c.selected = Application
		return with(fine, tlv(0x6F, tlv(0x84, Application), tlv(0xA5, tlv(0x50, []byte("UNIONPAY DEBIT")))))
	}
	c.selected = nil
	return notFound
}

// record is READ RECORD.
func (c *Card) record(number, file byte) []byte {
	switch {
	case file != 1 || number != 1:
		return noRecord
	case bytes.Equal(c.selected, Directory):
		return with(fine, tlv(0x70, tlv(0x61, tlv(0x4F, Application), tlv(0x50, []byte("UNIONPAY DEBIT")), tlv(0x87, []byte{1}))))
	case c.started:
		return with(fine, tlv(0x70, tlv(0x57, Track2()), tlv(0x5A, packed(TestPAN)), tlv(0x5F24, packed(TestExpiry+"31"))))
	}
	return conditions
}

// Track2 is the value of tag 57: the number, its separator, the expiry, service code 201 and a
// filler to whole bytes.
func Track2() []byte { return packed(TestPAN + "D" + TestExpiry + "2010000000000F") }

// packed makes two digits a byte.
func packed(digits string) []byte {
	if len(digits)%2 == 1 {
		digits += "F"
	}
	b, err := hex.DecodeString(digits)
	if err != nil {
		panic("emvcard: " + err.Error()) // of constants of this file
	}
	return b
}

// tlv is one object of EMV Book 3, annex B.
func tlv(tag uint16, value ...[]byte) []byte {
	v := bytes.Join(value, nil)
	var b []byte
	if tag > 0xFF {
		b = append(b, byte(tag>>8))
	}
	b = append(b, byte(tag))
	if len(v) > 0x7F {
		b = append(b, 0x81)
	}
	return append(append(b, byte(len(v))), v...)
}

func with(status, answer []byte) []byte { return append(answer[:len(answer):len(answer)], status...) }
