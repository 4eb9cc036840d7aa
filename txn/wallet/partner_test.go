package wallet_test

import (
	"context"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/wallet"
	"veratill/txn/walletsim"
)

// A shop whose account a service provider of WeChat Pay holds pays, is asked about, undone and given back by the provider's questions; another shop's number
// is another line, and is refused.
func TestAServiceProvidersShop(t *testing.T) {
	d := newDesk(t)
	of := func(sub string) *wallet.Line {
		c := d.config(wallet.WeChat)
		c.SubMerchant = sub
		l, err := wallet.New(c)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	l, other := of(walletsim.WeChatSub), of("1900009999")
	if l.Name() == other.Name() || l.Succeeds(other.Name()) || !strings.Contains(l.Name(), walletsim.WeChatSub) {
		t.Errorf("%q and %q", l.Name(), other.Name())
	}
	o := d.payment(l, wallet.WeChat, 1200)
	if v := d.request(l, o); v.Kind != txn.BankApproved {
		t.Fatalf("%+v", v)
	}
	back := o
	back.Attempt.Kind, back.Attempt.Original, back.Attempt.Amount.Minor = txn.Refund, o.Attempt.ID, 500
	back.Attempt.ID++
	back.Attempt.Reference = l.Reference(back.Attempt.ID, 1)
	back.Original = &o.Attempt
	if v := d.request(l, back); v.Kind != txn.BankApproved {
		t.Errorf("giving back: %+v", v)
	}
	again := d.payment(l, wallet.WeChat, 1272) // the customer never types the password
	if v := l.Resolve(context.Background(), again, 1); v.Kind != txn.ReversalRepeated && v.Kind != txn.ReversalAnswered {
		t.Errorf("undoing: %+v", v)
	}
	if v := d.request(other, d.payment(other, wallet.WeChat, 1200)); v.Kind == txn.BankApproved {
		t.Errorf("another shop's number: %+v", v)
	}
	c := configOf(t, wallet.Alipay, "http://127.0.0.1:1")
	c.SubMerchant = "1"
	if _, err := wallet.New(c); err == nil {
		t.Error("Alipay has no such setting")
	}
}
