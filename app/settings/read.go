package settings

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"veratill/txn/clearing"
	"veratill/txn/money"
)

// setting is one line of a settings file. Those of the money have to be right, or nothing is opened; any other that can't be used
// is told, and the till goes on without it.
type setting struct {
	table, key string
	into       any
	money      bool
}

// all are the settings that there are.
func (s *Settings) all() []setting {
	const ofMoney = true
	return []setting{
		{"merchant", "name", &s.Merchant.Name, ofMoney}, {"merchant", "nameEN", &s.Merchant.NameEN, ofMoney}, {"merchant", "number", &s.Merchant.Number, ofMoney},
		{"till", "mode", &s.Till.Mode, ofMoney}, {"till", "terminal", &s.Till.Terminal, ofMoney}, {"till", "cashier", &s.Till.Cashier, ofMoney},
		{"till", "currency", &s.Till.Currency, ofMoney}, {"till", "dayBegins", &s.Till.DayBegins, ofMoney}, {"till", "vouchers", &s.Till.Vouchers, ofMoney},
		{"till", "number", &s.Till.Number, false}, {"till", "catalogue", &s.Till.Catalogue, false}, {"till", "labels", &s.Till.Labels, false},
		{"devices", "bank", &s.Devices.Bank, ofMoney}, {"devices", "separateTerminal", &s.Devices.SeparateTerminal, ofMoney},
		{"devices", "reader", &s.Devices.Reader, false}, {"devices", "printer", &s.Devices.Printer, false}, {"devices", "scanner", &s.Devices.Scanner, false},
		{"devices", "model", &s.Devices.Model, false}, {"devices", "drawer", &s.Devices.Drawer, false}, {"devices", "encoding", &s.Devices.Encoding, false},
		{"devices", "widthMm", &s.Devices.WidthMm, false},
		{"refunds", "cardInCash", &s.Refunds.CardInCash, ofMoney}, {"refunds", "otherInCash", &s.Refunds.OtherInCash, ofMoney}, {"refunds", "noReceipt", &s.Refunds.NoReceipt, ofMoney},
		{"receipt", "languages", &s.Receipt.Languages, false}, {"receipt", "copies", &s.Receipt.Copies, false}, {"receipt", "footer", &s.Receipt.Footer, false},
		{"receipt", "signed", &s.Receipt.Signed, false},
		{"window", "language", &s.Window.Language, false}, {"window", "theme", &s.Window.Theme, false},
		{"update", "manifest", &s.Update.Manifest, false},
		{"backup", "second", &s.Backup.Second, false},
		{"clearing", "separateTerminal", &s.Clearing.SeparateTerminal, false}, {"clearing", "fees", &s.Clearing.Fees, false},
	}
}

// known are the settings and their tables, as a file has to write them.
func (s *Settings) known() map[string]bool {
	names := map[string]bool{}
	for _, one := range s.all() {
		names[one.table], names[one.table+"."+one.key] = true, true
	}
	names[walletTable] = true
	for i := range reflect.TypeFor[Wallet]().NumField() {
		names[walletTable+"."+reflect.TypeFor[Wallet]().Field(i).Tag.Get("toml")] = true
	}
	return names
}

// walletTable is the name of the tables of accounts with providers of payment codes.
const walletTable = "wallet"

// moneyTables are those that have to be tables, or nothing is opened.
var moneyTables = []string{"merchant", "till", "devices", "refunds"}

// Parse reads a settings file's text. A setting of the money that can't be used, and a name that is none, are errors that name them:
// a misspelt bank must not become a simulated one. Any other that can't be used is left out, and stands among the complaints.
func Parse(text string) (Settings, error) {
	var s Settings
	var tables map[string]toml.Primitive
	meta, err := toml.Decode(text, &tables)
	if err != nil {
		return s, err
	}
	known := s.known()
	for _, key := range meta.Keys() {
		//mutant:settings-are-spelt-right
		if !known[key.String()] {
			return s, fmt.Errorf("%q is not a setting", key.String())
		}
	}
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		if table == walletTable {
			if err := meta.PrimitiveDecode(tables[table], &s.Wallets); err != nil {
				return s, fmt.Errorf("[[wallet]]: %w: each account with a provider is a table [[wallet]] of its own, and its values are texts", err)
			}
			continue
		}
		if err := s.readTable(meta, table, tables[table]); err != nil {
			return s, err
		}
	}
	s.leaveOut()
	s.invented, s.nameless = s.leftOut()
	s.defaults()
	return s, s.check()
}

func (s *Settings) readTable(meta toml.MetaData, table string, of toml.Primitive) error {
	var whole any
	var lines map[string]toml.Primitive
	err := meta.PrimitiveDecode(of, &whole)
	if _, isTable := whole.(map[string]any); err == nil && !isTable {
		err = errors.New("it is no table")
	}
	if err = errors.Join(err, meta.PrimitiveDecode(of, &lines)); err != nil {
		return s.complain(slices.Contains(moneyTables, table), fmt.Errorf("[%s]: %w", table, err))
	}
	for _, one := range s.all() {
		value, written := lines[one.key]
		if one.table != table || !written {
			continue
		}
		if err := s.readLine(meta, one, value); err != nil {
			return err
		}
	}
	return nil
}

// readLine reads one setting. A text that is written as something else, which no money hangs on, is that something's text: it names no
// device and no file, so that none is taken in its place.
func (s *Settings) readLine(meta toml.MetaData, one setting, value toml.Primitive) error {
	err := meta.PrimitiveDecode(value, one.into)
	if err == nil {
		return nil
	}
	var written any
	if into, text := one.into.(*string); text && !one.money && slices.Contains(moneyTables, one.table) && meta.PrimitiveDecode(value, &written) == nil {
		*into = fmt.Sprint(written)
	}
	//mutant:labels-are-read-whole
	if into, many := one.into.(*[]string); many && one.table == "till" { // half of the labels would be other prices
		*into = []string{}
	}
	//mutant:a-setting-of-the-money-is-right
	return s.complain(one.money, fmt.Errorf("%s.%s: %w", one.table, one.key, err))
}

// complain keeps what was wrong where no money hangs on it; else it is the error.
func (s *Settings) complain(ofMoney bool, err error) error {
	if ofMoney {
		return err
	}
	s.Complaints = append(s.Complaints, err.Error())
	return nil
}

// leaveOut takes out what has no meaning and is not of the money, so that the usual takes its place. Labels have none: another
// meaning of their digits would be another price.
func (s *Settings) leaveOut() {
	out := func(why string, values ...any) {
		s.Complaints = append(s.Complaints, fmt.Sprintf(why, values...))
	}
	language := func(l string) bool { return l != "zh" && l != "en" }
	if l := s.Window.Language; l != "" && language(l) {
		out("window.language %q is not zh or en: zh is shown", l)
		s.Window.Language = ""
	}
	if i := slices.IndexFunc(s.Receipt.Languages, language); i >= 0 {
		out("receipt.languages: %q is not zh or en: receipts are in both", s.Receipt.Languages[i])
		s.Receipt.Languages = nil
	}
	if i := slices.IndexFunc(s.Receipt.Copies, func(c string) bool { return c != "customer" && c != "merchant" }); i >= 0 {
		out("receipt.copies: %q is not customer or merchant: the customer's is printed", s.Receipt.Copies[i])
		s.Receipt.Copies = nil
	}
	if t := s.Window.Theme; t != "" && t != "light" && t != "dark" && t != "contrast" {
		out("window.theme %q is not light, dark or contrast: light is shown", t)
		s.Window.Theme = ""
	}
	if d := s.Devices.Drawer; d != "" && d != "high" && d != "low" {
		out("devices.drawer %q is not high or low: it is learnt anew", d)
		s.Devices.Drawer = ""
	}
	if mm := s.Devices.WidthMm; mm != 0 && mm != 80 && mm != 58 {
		out("devices.widthMm %d is not 80 or 58: 80 is printed", mm)
		s.Devices.WidthMm = 0
	}
	if n := s.Till.Number; n < 0 || n > 999 {
		out("till.number %d is not between 1 and 999: the screen shows none", n)
		s.Till.Number = 0
	}
	if f := s.Clearing.SeparateTerminal; f != "" && !slices.Contains(clearing.Formats, clearing.Format(f)) {
		out("clearing.separateTerminal %q is not one of %v: no payment of the separate terminal is missed in a file", f, clearing.Formats)
		s.Clearing.SeparateTerminal = ""
	}
	if i := slices.IndexFunc(s.Clearing.Fees, func(f string) bool { _, _, err := s.feeOf(f); return err != nil }); i >= 0 {
		out("clearing.fees: %q is not a format and a rate in percent, such as allinpay=0.55, stripe=2.9+0.30 or allinpay=0.5<20.00: no fee of a file is compared", s.Clearing.Fees[i])
		s.Clearing.Fees = nil
	}
	if _, err := s.Labels(); err != nil {
		out("till.labels: %v. No label of a scale is read", err)
		s.Till.Labels = []string{}
	}
}

func (s Settings) check() error {
	if err := s.checkMode(); err != nil {
		return err
	}
	if _, err := money.ParseCurrency(s.Till.Currency); err != nil {
		return fmt.Errorf("till.currency: %w", err)
	}
	for _, c := range []struct {
		name, value string
		limit       int
	}{{"merchant.number", s.Merchant.Number, 15}, {"till.terminal", s.Till.Terminal, 8}, {"till.cashier", s.Till.Cashier, 20}} {
		if len(c.value) > c.limit || strings.ContainsFunc(c.value, func(r rune) bool { return r < ' ' || r == 0x7F }) {
			return fmt.Errorf("%s has more than %d characters, or one that can't be printed", c.name, c.limit)
		}
	}
	if len(s.Wallets) > 0 && s.Till.Currency != string(money.CNY) {
		return fmt.Errorf("till.currency is %s, and a [[wallet]] takes CNY alone", s.Till.Currency)
	}
	if _, _, _, err := s.MostInCash(); err != nil {
		return err
	}
	_, err := s.DayBegins()
	return err
}

func (s Settings) checkMode() error {
	if s.Till.Mode == Demonstration && len(s.Wallets) > 0 {
		return errors.New("till.mode is demonstration, and a [[wallet]] names a provider: take one of them out")
	}
	switch bank := s.Devices.Bank != ""; s.Till.Mode {
	case "", Bank, Demonstration, CashOnly:
		if s.Till.Mode == Bank && !bank {
			return errors.New("till.mode is bank, and [devices] names none: put its address there as bank = \"tls://…\"")
		}
		if s.Till.Mode != Bank && bank {
			return fmt.Errorf("till.mode is %s, and [devices] names a bank: take one of them out", s.Till.Mode)
		}
		return nil
	}
	return fmt.Errorf("till.mode %q is not bank, cash or demonstration", s.Till.Mode)
}
