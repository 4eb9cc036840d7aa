package wallet

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"veratill/txn"
)

// What a provider's signatures cost a payment: one is made before it leaves, and one judged before it is believed.
func BenchmarkSignatures(b *testing.B) {
	key := testKey().key
	for p, speaks := range map[Provider]provider{
		WeChat:   &weChat{app: "wx1", merchant: "1900000109", serial: "S", key: key, verify: &key.PublicKey, platform: "K"},
		Alipay:   &aliPay{app: "1", key: key, verify: &key.PublicKey},
		UnionPay: &unionPay{key: key, verify: &key.PublicKey, version: unionPaySHA256},
		Upay:     &upay{terminal: "1", key: &terminalKey{key: txn.Secret("k")}},
	} {
		b.Run(fmt.Sprintf("%s/asks", p), func(b *testing.B) {
			for b.Loop() {
				in := inquiry{question: toPay, number: fuzzed, amountMinor: 1234, opened: time.Now(), subject: "shop", code: txn.Secret(strings.Repeat("1", 18))}
				if _, err := speaks.message(in, time.Now()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%s/believes", p), func(b *testing.B) {
			in := inquiry{question: toPay, number: fuzzed, amountMinor: 1234}
			ours := answers(fuzzed, 1234)[p]
			for b.Loop() {
				if s := speaks.judge(in, ours, time.Now()); s.state != paid && p != WeChat { // who hears each answer once
					b.Fatalf("%+v", s)
				}
			}
		})
	}
}
