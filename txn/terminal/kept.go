package terminal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/messages"
	"veratill/txn/zvt"
	"veratill/txn/zvt/wire"
)

// commands are the terminal's and the till's, in words.
var commands = map[zvt.Code]string{
	zvt.Registration: "registration", zvt.Authorisation: "authorisation", zvt.Completion: "completion", zvt.Aborted: "aborted", zvt.RepeatReceipt: "repeat receipt", zvt.Reversal: "reversal",
	zvt.Refund: "refund", zvt.EndOfDay: "end of day", zvt.Diagnosis: "diagnosis", zvt.Initialise: "initialisation", zvt.Abort: "abort", zvt.PrintLine: "print line", zvt.PrintBlock: "print block",
	zvt.StatusInfo: "status information", zvt.StatusEnquiry: "status enquiry", zvt.Positive: "positive", zvt.PositiveToo: "positive", zvt.Negative: "processing error", zvt.Again: "say it again",
	zvt.NotPossible: "not possible",
}

// withPassword are the commands of which the till's password is the beginning.
var withPassword = []zvt.Code{zvt.Registration, zvt.RepeatReceipt, zvt.Reversal, zvt.Refund, zvt.EndOfDay, zvt.Initialise}

// passwordBytes is how long a password is, packed.
const passwordBytes = 3

// harmless are the bitmaps whose digits name no card and no person, with their names.
var harmless = map[byte]string{
	zvt.FieldTimeout: "time-out", zvt.FieldAmount: "amount", zvt.FieldTrace: "trace", zvt.FieldTime: "time", zvt.FieldDate: "date", zvt.FieldStatus: "status", zvt.FieldResult: "result",
	zvt.FieldTID: "terminal", zvt.FieldCurrency: "currency", zvt.FieldReceipt: "receipt", zvt.FieldTurnover: "turnover record", zvt.FieldCardType: "card type", zvt.FieldService: "service",
}

// told is a message as it may be kept. Bitmaps that are on no list, containers, texts and what is no bitmap have their length alone.
func told(a zvt.APDU) (all []messages.Field) {
	data := a.Data
	if slices.Contains(withPassword, a.Code) && len(data) >= passwordBytes {
		all, data = append(all, messages.Field{Name: "password", Length: passwordBytes}), data[passwordBytes:]
	}
	switch a.Code {
	case zvt.Aborted:
		if len(data) > 0 {
			all, data = append(all, messages.Field{Name: "result", Value: fmt.Sprintf("%02X", data[0])}), data[1:]
		}
	case zvt.Authorisation, zvt.StatusInfo, zvt.Completion, zvt.Reversal, zvt.Refund, zvt.RepeatReceipt:
	default:
		return rest(all, data)
	}
	fields, err := zvt.Fields(data)
	for _, f := range fields {
		all = append(all, bitmap(f))
	}
	if err != nil {
		all = append(all, messages.Field{Name: "not readable"})
	}
	return all
}

func rest(all []messages.Field, data []byte) []messages.Field {
	if len(data) > 0 {
		all = append(all, messages.Field{Name: "data", Length: len(data)})
	}
	return all
}

func bitmap(f zvt.Field) messages.Field {
	name, open := harmless[f.Tag]
	switch {
	case f.Tag == zvt.FieldPAN:
		return messages.Field{Name: "22 card", Value: masked(zvt.Digits(f.Value)), Length: len(f.Value)}
	//mutant:a-bitmap-is-kept-by-a-list
	case !open:
		return messages.Field{Name: fmt.Sprintf("%02X", f.Tag), Length: len(f.Value)}
	}
	return messages.Field{Name: fmt.Sprintf("%02X %s", f.Tag, name), Value: fmt.Sprintf("%X", f.Value)}
}

// send sends a message of the conversation. left is false only where no byte of it left.
func (c *conversation) send(a zvt.APDU) (left bool, err error) {
	left, err = c.wire.Send(a, c.line.cfg.T3)
	if left {
		c.keep(messages.Sent, kindOf(a), "", told(a))
	}
	return left, err
}

// receive waits for the terminal's next message.
func (c *conversation) receive(ctx context.Context, within time.Duration) (zvt.APDU, error) {
	a, err := c.wire.Receive(ctx, within)
	switch {
	case errors.Is(err, wire.ErrSilent):
		c.keep(messages.Nothing, "", string(txn.NoAnswer), nil)
	case err != nil:
		c.keep(messages.Nothing, "", string(txn.LinkLost), nil)
	case a.Code != zvt.Intermediate: // what it shows meanwhile says nothing of the money, and comes each second
		c.keep(messages.Received, kindOf(a), "", told(a))
	}
	return a, err
}

// keep tells of a message about an attempt.
func (c *conversation) keep(way messages.Way, kind, verdict string, fields []messages.Field) {
	if l := c.line; l.cfg.Messages != nil && c.about != 0 {
		l.cfg.Messages(messages.Message{Attempt: c.about, AtMs: l.cfg.Now().UnixMilli(), Line: l.Name(), Way: way, Kind: kind, Verdict: verdict, Fields: fields})
	}
}

func kindOf(a zvt.APDU) string { return strings.TrimSpace(a.Code.String() + " " + commands[a.Code]) }
