package main

import (
	"time"

	"veratill/escpos"
)

// encodeFor is how long receipts are encoded for the figure.
const encodeFor = 2 * time.Second

// measureReceipts encodes the specimen: 20 Chinese lines, a QR code and a cut, on one core.
func measureReceipts() error {
	e, err := escpos.NewEncoder(escpos.Profile{Paper: escpos.Paper80})
	if err != nil {
		return err
	}
	doc := escpos.SpecimenReceipt()
	var b []byte
	n := 0
	begun := time.Now()
	for time.Since(begun) < encodeFor {
		for range 1000 {
			if b, err = e.Append(b[:0], doc); err != nil {
				return err
			}
		}
		n += 1000
	}
	say("receipts_per_s", float64(n)/time.Since(begun).Seconds(), 0)
	say("receipt_bytes", float64(len(b)), 0)
	return nil
}
