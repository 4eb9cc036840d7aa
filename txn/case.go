package txn

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// CaseState is how far a dispute with a bank has come.
type CaseState string

// The closed set of states of a case.
const (
	CaseReceived CaseState = "received" // the bank asks, and says until when
	CaseChosen   CaseState = "chosen"   // evidence is chosen: its pages are made
	CaseSent     CaseState = "sent"     // they went to the bank
	CaseWon      CaseState = "won"
	CaseLost     CaseState = "lost"
	CaseAccepted CaseState = "accepted" // the shop lets the customer have it
)

// caseNext are the states that may follow each. What has an end is opened again by a new case of the bank alone.
var caseNext = map[CaseState][]CaseState{
	"":           {CaseReceived},
	CaseReceived: {CaseChosen, CaseAccepted},
	CaseChosen:   {CaseChosen, CaseSent, CaseAccepted},
	CaseSent:     {CaseChosen, CaseWon, CaseLost, CaseAccepted}, // a bank may ask for more
}

// Claim is what a customer says to their bank.
type Claim string

// The closed set of claims.
const (
	ClaimDebited    Claim = "debited"      // it was declined here, and the money is gone
	ClaimTwice      Claim = "twice"        // it was charged twice
	ClaimOtherMeans Claim = "other-means"  // it was paid in cash, or by another card
	ClaimNoRefund   Claim = "no-refund"    // the refund never came
	ClaimAmount     Claim = "amount"       // the amount is wrong
	ClaimNotAllowed Claim = "unauthorised" // the bank had not authorised it
	ClaimNotMe      Claim = "not-me"       // the customer did not pay it
	ClaimLate       Claim = "late"         // it was presented late
	ClaimSlip       Claim = "slip"         // the bank asks for the slip alone (调单)
)

// Claims lists the closed set.
var Claims = []Claim{ClaimDebited, ClaimTwice, ClaimOtherMeans, ClaimNoRefund, ClaimAmount, ClaimNotAllowed, ClaimNotMe, ClaimLate, ClaimSlip}

// CaseMoved opens a case of a payment, or says how far it has come. It moves no money.
type CaseMoved struct {
	Case       int64     `json:"case"` // 1, 2, 3 …
	To         CaseState `json:"to"`
	Attempt    ID        `json:"attempt,omitempty"`   // of the first one: the payment
	Claim      Claim     `json:"claim,omitempty"`     // of the first one
	Scheme     string    `json:"scheme,omitempty"`    // of the first one: whose code it is, see ReasonCodes
	Code       string    `json:"code,omitempty"`      // the bank's reason code, as it wrote it
	Reference  string    `json:"reference,omitempty"` // the bank's number of the case
	Due        string    `json:"due,omitempty"`       // YYYY-MM-DD: until when the bank takes an answer
	Note       string    `json:"note,omitempty"`
	PackSHA256 string    `json:"pack,omitempty"` // hex, of the pages that were made
	AtMs       int64     `json:"atMs"`
}

// Word implements Record.
func (CaseMoved) Word() string { return "case" }

// Case is a dispute with a bank about a payment.
type Case struct {
	Number     int64       `json:"number"`
	Attempt    ID          `json:"attempt"`
	Claim      Claim       `json:"claim"`
	Scheme     string      `json:"scheme,omitempty"`
	Code       string      `json:"code,omitempty"`
	Reference  string      `json:"reference,omitempty"`
	Due        string      `json:"due,omitempty"`
	State      CaseState   `json:"state"`
	PackSHA256 string      `json:"pack,omitempty"` // of the newest pages
	SentSHA256 string      `json:"sent,omitempty"` // of those that went to the bank
	Moves      []CaseMoved `json:"moves"`
}

// Open reports whether something is left to do for it.
func (c Case) Open() bool { return len(caseNext[c.State]) > 0 }

// Next lists the states that may follow.
func (c Case) Next() []CaseState { return slices.Clone(caseNext[c.State]) }

// ErrCase says why a case is not as somebody wants it; nothing was kept.
var ErrCase = errors.New("the case was not changed")

// StepCase decides a move of a case; the zero case is one that is to be opened. The error is an ErrCase.
func StepCase(c Case, m CaseMoved) (Case, error) {
	//mutant:a-case-goes-its-way
	if !slices.Contains(caseNext[c.State], m.To) {
		return c, fmt.Errorf("%w: it is %s, and can't become %q", ErrCase, or(string(c.State), "not open"), m.To)
	}
	if m.Due != "" {
		if _, err := time.Parse(time.DateOnly, m.Due); err != nil {
			return c, fmt.Errorf("%w: %q is no date: write 2026-12-31", ErrCase, m.Due)
		}
	}
	switch {
	case m.To == CaseReceived:
		if m.Case < 1 || m.Attempt < 1 || !slices.Contains(Claims, m.Claim) {
			return c, fmt.Errorf("%w: it is opened with its number, its payment and what the customer says", ErrCase)
		}
		c = Case{Number: m.Case, Attempt: m.Attempt, Claim: m.Claim, Scheme: m.Scheme, Code: m.Code, Reference: m.Reference}
	case m.Case != c.Number || m.Attempt != 0 || m.Claim != "":
		return c, fmt.Errorf("%w: its payment and what the customer says stay as they are", ErrCase)
	//mutant:evidence-has-its-hash
	case m.To == CaseChosen && len(m.PackSHA256) != 64:
		return c, fmt.Errorf("%w: evidence is chosen with the hash of its pages", ErrCase)
	}
	c.State = m.To
	c.Due = or(m.Due, c.Due)
	c.PackSHA256 = or(m.PackSHA256, c.PackSHA256)
	//mutant:what-was-sent-is-kept
	if m.To == CaseSent {
		c.SentSHA256 = c.PackSHA256
	}
	c.Moves = append(slices.Clone(c.Moves), m)
	return c, nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// TakeCase takes a move into the cases of books, which stand in the order of their numbers. The error is an ErrCase.
func TakeCase(cases []Case, m CaseMoved) ([]Case, error) {
	if m.Case < 1 || m.Case > int64(len(cases))+1 {
		return cases, fmt.Errorf("%w: there is no case %d", ErrCase, m.Case)
	}
	var before Case
	if m.Case <= int64(len(cases)) {
		before = cases[m.Case-1]
	}
	after, err := StepCase(before, m)
	if err != nil {
		return cases, err
	}
	if before.Number == 0 {
		return append(cases, after), nil
	}
	cases[m.Case-1] = after
	return cases, nil
}

// ReasonCode is what a scheme's code means for the evidence. None of them was held against the scheme's own book: they are from public notes of processors, and a
// page that goes by one says so.
type ReasonCode struct {
	Scheme string
	Code   string // as the bank writes it; a last dot stands for any number behind it
	Name   string // the scheme's own, where it is known
	Claim  Claim
	// Checked reports whether it was read in the scheme's own rules.
	Checked bool
}

// Schemes whose codes are known.
const (
	UnionPay   = "unionpay"
	Visa       = "visa"
	Mastercard = "mastercard"
	Stripe     = "stripe"
	Square     = "square"
)

// ReasonCodes is the table of codes, from design notes of public sources.
var ReasonCodes = []ReasonCode{
	{UnionPay, "4502", "交易未成功，已扣账", ClaimDebited, false}, {Visa, "12.6.1", "", ClaimDebited, false}, {Mastercard, "4834", "", ClaimDebited, false},
	{UnionPay, "4512", "重复提交清算", ClaimTwice, false}, {Stripe, "duplicate", "", ClaimTwice, false}, {Square, "DUPLICATE", "", ClaimTwice, false},
	{Visa, "12.6.2", "", ClaimOtherMeans, false}, {Square, "PAID_BY_OTHER_MEANS", "", ClaimOtherMeans, false},
	{UnionPay, "9722", "退货失误", ClaimNoRefund, false}, {Visa, "13.6", "", ClaimNoRefund, false}, {Mastercard, "4853", "", ClaimNoRefund, false}, {Stripe, "credit_not_processed", "", ClaimNoRefund, false},
	{Visa, "12.5", "", ClaimAmount, false}, {Square, "AMOUNT_DIFFERS", "", ClaimAmount, false},
	{UnionPay, "4522", "交易未被批准", ClaimNotAllowed, false}, {Visa, "11.3", "", ClaimNotAllowed, false}, {Mastercard, "4808", "", ClaimNotAllowed, false},
	{UnionPay, "4562", "", ClaimNotMe, false}, {Visa, "10.", "", ClaimNotMe, false}, {Mastercard, "4837", "", ClaimNotMe, false}, {Stripe, "fraudulent", "", ClaimNotMe, false},
	{UnionPay, "4536", "逾期提交结算", ClaimLate, false}, {Visa, "12.1", "", ClaimLate, false}, {Mastercard, "4842", "", ClaimLate, false},
}

// ReasonCodeOf finds a scheme's code.
func ReasonCodeOf(scheme, code string) (ReasonCode, bool) {
	for _, r := range ReasonCodes {
		fits := r.Code == code
		if strings.HasSuffix(r.Code, ".") {
			fits = len(code) > len(r.Code) && strings.HasPrefix(code, r.Code)
		}
		if r.Scheme == scheme && fits {
			return r, true
		}
	}
	return ReasonCode{}, false
}
