package scanner

import (
	"bytes"
	"errors"

	"veratill/devices/hid"
)

// Faults of a scanner's report. The code can be scanned again.
var (
	ErrReport  = errors.New("the report is not one of a scanner's")
	ErrTooLong = errors.New("the code goes on without an end")
)

// Usages of the Point of Sale usage tables 1.02 (USB-IF, 2001), 3: bar code scanners.
const (
	pageScanner    = 0x8C
	usageSymbology = 0xFB // and FC, FD: the three characters of the AIM identifier
	usageData      = 0xFE
	usageContinued = 0xFF
)

// mostBytes is the longest code that is put together; the largest QR code holds 7,089 digits.
const mostBytes = 7168

// assembler puts the reports of a code together. The layout of 64 bytes (ID 2, length, AIM
// identifier, 56 bytes of data, three of little use, and whether more follows) is what scanners
// share: Access-IS, ATR110 Product Manual (2015), appendix A, for one. Where the descriptor names
// the fields, they are taken from where it puts them.
type assembler struct {
	shape hid.Shape
	code  []byte
	aim   string
}

// take takes a report. done says that a code is complete; it is valid until the next call.
func (a *assembler) take(report []byte) (code []byte, aim string, done bool, err error) {
	id, body := a.shape.Body(report)
	data, is := a.shape.Find(pageScanner, usageData)
	if !is || data.ID != id {
		return nil, "", false, nil // another of its reports, such as a status
	}
	room := data.Bytes(body)
	if len(body) == 0 || room == nil || int(body[0]) > len(room) {
		a.forget()
		return nil, "", false, ErrReport
	}
	if len(a.code) == 0 {
		a.aim = a.identifier(body)
	}
	a.code = append(a.code, room[:body[0]]...)
	if len(a.code) > mostBytes {
		a.forget()
		return nil, "", false, ErrTooLong
	}
	if more, is := a.shape.Find(pageScanner, usageContinued); is && more.Flag(body) {
		return nil, "", false, nil
	}
	code, aim = bytes.Clone(a.code), a.aim
	a.forget()
	return code, aim, true, nil
}

func (a *assembler) forget() { a.code, a.aim = a.code[:0], "" }

// identifier is the AIM identifier (ISO/IEC 15424), empty where the report has none.
func (a *assembler) identifier(body []byte) string {
	var id []byte
	for usage := uint16(usageSymbology); usage < usageData; usage++ {
		f, is := a.shape.Find(pageScanner, usage)
		if !is {
			return ""
		}
		id = append(id, f.Bytes(body)...)
	}
	if len(id) != 3 || id[0] != ']' || id[1] < '!' || id[1] > '~' || id[2] < '!' || id[2] > '~' {
		return ""
	}
	return string(id)
}
