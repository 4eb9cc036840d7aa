package txn

import "errors"

// SlipKept says which merchant's slips went with the first print of a receipt, or of a void's or a refund's slip: the hash of what was printed. It stands in the entry that
// began the print, and the bytes lie beside the journal (txn/slips).
type SlipKept struct {
	Print   int64  `json:"print"`
	SaleID  int64  `json:"sale"`
	Attempt ID     `json:"attempt,omitempty"` // of a void or a refund; 0 where it is the sale's receipt
	SHA256  string `json:"sha256"`            // hex, of the bytes as they went to the printer
	AtMs    int64  `json:"atMs"`
}

// Word implements Record.
func (SlipKept) Word() string { return "slip" }

// Complete says what is missing of a kept slip.
func (s SlipKept) Complete() error {
	if s.Print < 1 || s.SaleID < 1 || len(s.SHA256) != 64 {
		return errors.New("a slip is kept with its print, its sale and its hash")
	}
	return nil
}
