package wallet_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"veratill/txn"
	"veratill/txn/messages"
	"veratill/txn/wallet"
)

// Of each provider a payment's questions and answers are told as they were exchanged: its numbers, sums and states are there, and neither the payment code nor a key, a signature or a
// person is, whole or but for an end.
func TestEachQuestionAboutAPaymentIsTold(t *testing.T) {
	for _, p := range wallet.Providers {
		t.Run(string(p), func(t *testing.T) {
			simulated(t, func(t *testing.T) {
				d := newDesk(t)
				var mu sync.Mutex
				var all []messages.Message
				c := d.config(p)
				c.Messages = func(m messages.Message) {
					mu.Lock()
					defer mu.Unlock()
					all = append(all, m)
				}
				l, err := wallet.New(c)
				if err != nil {
					t.Fatal(err)
				}
				if err := l.Ready(t.Context()); err != nil {
					t.Fatal(err)
				}
				if len(all) != 0 {
					t.Errorf("%s: a question about nobody's number is told of a payment", p)
				}
				o := d.payment(l, p, 1000)
				if v := d.request(l, o); v.Kind != txn.BankApproved {
					t.Fatalf("%s: %+v", p, v)
				}
				raw, err := json.Marshal(all)
				if err != nil {
					t.Fatal(err)
				}
				text := string(raw)
				if len(all) < 2 || all[0].Way != messages.Sent || all[0].Kind != "pay" || all[1].Way != messages.Received || !strings.Contains(text, o.Attempt.Reference) {
					t.Errorf("%s: told are\n%s", p, text)
				}
				withheld := 0
				for _, m := range all {
					for _, f := range m.Fields {
						switch f.Name[strings.LastIndexByte(f.Name, '.')+1:] {
						case "auth_code", "dynamic_id", "qrNo", "openid", "buyer_user_id", "buyer_logon_id", "subject", "description", "merName", "sign", "signature", "certId", "operator":
							if withheld++; f.Value != "" {
								t.Errorf("%s: %s is kept as %q", p, f.Name, f.Value)
							}
						}
					}
				}
				if withheld == 0 {
					t.Errorf("%s: nothing was withheld of\n%s", p, text)
				}
				code := codes[p]
				for _, secret := range []string{code, code[:len(code)-4], code[4:], "SHA256"} {
					if strings.Contains(text, secret) {
						t.Errorf("%s: what is told has %q:\n%s", p, secret, text)
					}
				}
			})
		})
	}
}
