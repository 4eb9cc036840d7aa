package bank

import (
	"errors"
	"fmt"
	"strings"

	"veratill/txn/iso8583"
)

// errIncomplete means that a request about money lacks its STAN, amount or terminal.
var errIncomplete = errors.New("a request without STAN, amount or terminal")

// Read reads a request about money. A request that lacks its STAN, amount or terminal is an error.
func Read(p *iso8583.Profile, m iso8583.Message) (Request, error) {
	r := Request{Row: Row{Key: Key{Terminal: strings.TrimSpace(m.Get(41)), Batch: p.Batch(m)}, Kind: Sale}, Reversal: m.MTI[1] == '4'}
	if _, err := fmt.Sscanf(m.Get(11)+" "+m.Get(4), "%d %d", &r.STAN, &r.AmountMinor); err != nil || r.Terminal == "" {
		return r, errIncomplete
	}
	if r.Sent = m.Get(7); len(r.Sent) == 10 { // what it undoes is named by the same clock
		r.Date = r.Sent[:4]
	}
	if elements := m.Get(90); len(elements) >= 20 {
		r.NamesDate, r.NamesSent = elements[10:14], elements[10:20]
	}
	if batch, stan, void := p.IsVoid(m); void {
		r.Kind, r.OriginalBatch, r.Original = Void, batch, stan
		r.NamesRRN, r.NamesCode = m.Get(37), m.Get(38)
	}
	if batch, stan, refund := p.IsRefund(m); refund {
		r.Kind, r.OriginalBatch, r.Original, r.NamesRRN = Refund, batch, stan, m.Get(37)
	}
	return r, nil
}

// Fields of an answer: those that it brings back as the request had them, those that the bank
// chooses in an answer about money, and in any other.
var (
	broughtBack = []int{3, 4, 7, 11, 25, 32, 41, 42, 49, 60, 61, 70}
	chosen      = []int{12, 13, 15, 18, 23, 32, 43, 44, 48, 53, 54, 55, 62, 63}
	clock       = []int{12, 13}
)

// Answer composes the answer to a request: what it brings back, DE39, and what the source says.
func Answer(p *iso8583.Profile, request iso8583.Message, code string, s Source) iso8583.Message {
	mti := []byte(request.MTI)
	mti[2]++
	if mti[3] == '1' { // the answer to a repeat is that of the original (ISO 8583:1987)
		mti[3] = '0'
	}
	m := iso8583.NewMessage(string(mti)).Copy(request, broughtBack...).Set(39, code)
	own := clock
	if mti[1] == '2' || mti[1] == '4' {
		own = chosen
	} else if p.Style != iso8583.UnionPayPOS { // plain ISO 8583 tells no time in an 0810
		own = nil
	}
	for _, n := range own {
		if value := s.value(p, n); value != "" {
			m.Set(n, value)
		}
	}
	return m
}

// Answer composes the answer that a decision gives.
func (d Decision) Answer(p *iso8583.Profile, request iso8583.Message, s Source) iso8583.Message {
	m := Answer(p, request, d.Code, s)
	switch {
	case request.MTI[1] != '2':
	case d.Again.State != "": // as it was said, of whatever it was said
		m.Set(37, d.Again.RRN).Set(38, d.Again.ApprovalCode).Set(4, fmt.Sprintf("%012d", d.Again.AmountMinor))
	case len(d.Rows) > 0:
		m.Set(37, d.Rows[0].RRN).Set(38, d.Rows[0].ApprovalCode)
	}
	return m
}
