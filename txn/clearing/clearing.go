// Package clearing reads the files in which banks, acquirers and wallets settle, and holds them against the till's books. It is pure: what a
// file and the books amount to can be worked out again at any time, and nothing of either is changed by it.
//
// A format is data: names of columns with their synonyms, words for what a row is, and the file's own sums. Columns are found by name, because
// the providers keep the right to put them in another order.
package clearing

import (
	"time"

	"veratill/txn/money"
)

// Format is whose file it is.
type Format string

// The formats. Where their columns and words come from stands with each layout.
const (
	weChat Format = "wechat"   // WeChat Pay's trade bill
	alipay Format = "alipay"   // Alipay's business details
	ByCard Format = "allinpay" // the shape of a card acquirer's file in China: batch, voucher, RRN
	adyen  Format = "adyen"    // settlement details
	stripe Format = "stripe"   // payout reconciliation, itemized
	square Format = "square"   // transactions
	Named  Format = "table"    // any other one, by names of columns that a person may give
)

// Formats lists the closed set.
var Formats = []Format{weChat, alipay, ByCard, adyen, stripe, square, Named}

// Kind is what a row does with money.
type Kind string

// The kinds of row. What is neither is counted by its own word (File.Others).
const (
	payment Kind = "payment"
	refund  Kind = "refund" // money that went back: a refund, a revocation, a void
	failed  Kind = "failed" // the clearing refused it: a payment or a refund that moved nothing
)

// Row is one movement as a file says it.
type Row struct {
	Line   int       `json:"line"` // in the file, from 1
	Kind   Kind      `json:"kind"`
	Failed bool      `json:"failed,omitempty"` // the file says that it moved nothing
	Undone bool      `json:"undone,omitempty"` // of a refund: the whole payment was revoked
	Waits  bool      `json:"waits,omitempty"`  // the file says that it is under way: it may still fail
	At     time.Time `json:"at,omitzero"`      // by the file's clock

	AmountMinor int64          `json:"amountMinor"`        // 0 and above
	OffMinor    int64          `json:"offMinor,omitempty"` // of it: what the shop does not get, because its own coupon paid it
	Currency    money.Currency `json:"currency"`
	FeeE3       int64          `json:"feeE3,omitempty"` // what it costs the shop, in thousandths of a minor unit; below zero where the provider gives some back
	HasFee      bool           `json:"-"`
	Arrives     string         `json:"arrives,omitempty"` // YYYY-MM-DD, where the file says when the money comes

	Order          string `json:"order,omitempty"`          // the shop's number of the payment
	RefundOrder    string `json:"refundOrder,omitempty"`    // the shop's number of the refund
	Provider       string `json:"provider,omitempty"`       // the provider's number of the payment
	ProviderRefund string `json:"providerRefund,omitempty"` // the provider's number of the refund
	RRN            string `json:"rrn,omitempty"`
	Terminal       string `json:"terminal,omitempty"`
	Merchant       string `json:"merchant,omitempty"`
	Batch          int64  `json:"batch,omitempty"`
	STAN           int64  `json:"stan,omitempty"` // or the voucher's number
	LastFour       string `json:"lastFour,omitempty"`
	Code           string `json:"code,omitempty"`    // the issuer's approval code
	Receipt        int64  `json:"receipt,omitempty"` // of a card terminal that numbers its payments itself
}

// Sum is a count and a sum in minor units.
type Sum struct {
	Count       int64 `json:"count"`
	AmountMinor int64 `json:"amountMinor"`
}

func (s *Sum) add(minor int64) { s.Count, s.AmountMinor = s.Count+1, s.AmountMinor+minor }

// File is what a file says, once its own sums hold.
type File struct {
	Format   Format           `json:"format"`
	Currency money.Currency   `json:"currency"`
	Rows     []Row            `json:"-"`
	Paid     Sum              `json:"paid"`
	Back     Sum              `json:"back"`
	Failed   int64            `json:"failed"`           // rows that moved nothing
	Others   map[string]int64 `json:"others,omitempty"` // rows that are no payments, by the file's own word
	FeeMinor int64            `json:"feeMinor"`         // what the provider keeps in all, rounded half away from zero
	OffMinor int64            `json:"offMinor"`         // of what was paid, less what went back: what coupons of the shop's own paid
	// BesideMinor is what rows that are no payments bring, below zero what they cost: disputes, fees, refunds that came back. What was paid out is not in it.
	BesideMinor int64  `json:"besideMinor"`
	From        string `json:"from"`    // YYYY-MM-DD of the earliest row
	To          string `json:"to"`      // of the latest
	OwnSums     int    `json:"ownSums"` // sums that the file gives of itself and that hold; 0 where it gives none
	Twice       []Row  `json:"-"`       // rows that stand in the file a second time
}

// NetMinor is what the file brings: paid, less what went back, less fees and coupons of the shop's own, with what its other rows bring or cost.
func (f File) NetMinor() int64 {
	//mutant:net-is-what-comes
	return f.Paid.AmountMinor - f.Back.AmountMinor - f.FeeMinor - f.OffMinor + f.BesideMinor
}

// Trouble is why a file is not taken. Nothing of it counts then.
type Trouble string

// The closed set of troubles.
const (
	FileEmpty      Trouble = "empty"
	FileUnknown    Trouble = "unknown"   // no format that this program knows: Detail may name what it looks like
	ColumnMissing  Trouble = "no column" // Column names it
	ColumnTwice    Trouble = "column twice"
	RowCut         Trouble = "row cut"     // it has fewer cells than the header
	EndMissing     Trouble = "end missing" // the line that ends the file is not there
	FileTwice      Trouble = "two files"   // a second header in the middle
	CellUnreadable Trouble = "cell"        // a figure or a time that is none
	FigureTwoWays  Trouble = "two ways"    // a figure whose comma or point may stand before the cents or before three more digits
	DateTwoWays    Trouble = "two dates"   // a date whose day and month may stand either way round
	WordsUnknown   Trouble = "no payments" // it calls its rows by words of which none is a payment's: Detail has them
	SumDiffers     Trouble = "sum differs" // what the file says of itself is not what its rows amount to
	TooMany        Trouble = "too many"
)

// RefusedError is why a file is not taken. It repeats no cell but a column's own name.
type RefusedError struct {
	Trouble Trouble
	Format  Format
	Line    int    // from 1; 0 where it is about the whole file
	Column  string // as the file, or else the format, names it
	Detail  string // what the file says and what was counted, of a sum
}

// Error implements error.
func (e *RefusedError) Error() string {
	switch e.Trouble {
	case FileEmpty:
		return "the file is empty: download it again"
	case FileUnknown:
		return "this is no file of wechat, alipay, allinpay, adyen, stripe or square, and no table with columns for an amount, a time and a number: download the bill as CSV or XLSX, or name its columns with -map"
	case ColumnMissing:
		return "a file of " + string(e.Format) + " has the column " + e.Column + ", and this one has not: download it again with all columns"
	case ColumnTwice:
		return "the column " + e.Column + " stands there twice: nobody knows which one counts; download the file again"
	case RowCut:
		return at(e.Line) + " has not as many cells as the header: the file was cut off or changed; download it again"
	case EndMissing:
		return "the file ends before its last line: it was cut off; download it again"
	case FileTwice:
		return at(e.Line) + " is a second header: two files were joined; take one after the other"
	case CellUnreadable:
		return at(e.Line) + ", column " + e.Column + ": what stands there is no figure or no time that this program can read; download the file again, and open it in no spreadsheet before"
	case FigureTwoWays:
		return at(e.Line) + ", column " + e.Column + ": the figure can be read in two ways, as 1,234 can be 1.234 or 1234, and the other figures of the file don't say which: download it as a workbook (.xlsx) or with a point before the cents and a comma for thousands"
	case DateTwoWays:
		return at(e.Line) + ", column " + e.Column + ": the date can be read in two ways, as 05/11/26 can be in May or in November, and the other dates of the file don't say which: download it as a workbook (.xlsx), or say with -map dates=" + dayFirst + " that the day comes first, and with -map dates=" + monthFirst + " that the month does"
	case WordsUnknown:
		return "no row of the file is a payment that this program knows: it calls them " + e.Detail + "; name the column of that word with -map kind=NAME, and the sign of its amount says what each row is"
	case SumDiffers:
		return "the file says " + e.Detail + ": rows are missing, or were changed; download it again"
	case TooMany:
		return "the file has more than a million rows: take shorter periods"
	}
	return string(e.Trouble)
}
