// Package settings is the shop's settings file: TOML, commented. With a file that can't be used nothing is sold: what
// it was to say is not known, and a guess could sell by a simulated bank.
package settings

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"veratill/assets/files"
	"veratill/txn/clearing"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// FileName is the settings' name in the data folder.
const FileName = "settings.toml"

// Specimen is a whole settings file with a comment on every line, which the README points to.
//
//go:embed specimen.toml
var Specimen string

// Settings of one till. The zero value of each field has the meaning that its comment gives.
type Settings struct {
	Merchant Merchant `toml:"merchant"`
	Till     Till     `toml:"till"`
	Devices  Devices  `toml:"devices"`
	Receipt  Receipt  `toml:"receipt"`
	Window   Window   `toml:"window"`
	Update   Update   `toml:"update"`
	Refunds  Refunds  `toml:"refunds"`
	Wallets  []Wallet `toml:"wallet"` // in the order in which they are tried
	Clearing Clearing `toml:"clearing"`
	Backup   Backup   `toml:"backup"`
	// Complaints say which settings of the file can't be used and what stands in their place. No money hangs on them.
	Complaints []string `toml:"-"`

	invented []string // what is the demonstration's, because the file leaves it out
	nameless bool     // the shop's name is the demonstration's too
}

// Merchant is who sells.
type Merchant struct {
	Name   string `toml:"name"`
	NameEN string `toml:"nameEN"` // on English paper; Name when empty
	Number string `toml:"number"` // DE42, up to 15 characters
}

// Mode is what a till is. It is one of the three because its settings say so, never because an address is missing.
type Mode string

// The closed set. The zero value says nothing, and opens nothing.
const (
	Demonstration Mode = "demonstration" // the bank is simulated, and nothing that happens moves money
	Bank          Mode = "bank"          // cards go to the bank that [devices] names
	CashOnly      Mode = "cash"          // real books, and no card is taken
)

// ErrMode means that a settings file does not say what the till is. Its text says what to put there.
var ErrMode = errors.New(`[till] mode is missing: put mode = "bank" and the bank's address under [devices], or mode = "cash" for a shop that takes no cards, or mode = "demonstration"`)

// Till is this counter.
type Till struct {
	Mode      Mode   `toml:"mode"`     // bank where it is left out and [devices] names one
	Terminal  string `toml:"terminal"` // DE41, up to 8 characters
	Cashier   string `toml:"cashier"`
	Number    int    `toml:"number"`    // of this till among those of the shop, 1–999, on the screen alone; 0 is the only one
	Currency  string `toml:"currency"`  // ISO 4217; CNY when empty
	Catalogue string `toml:"catalogue"` // CSV file, seen from the settings' folder; the demonstration's when empty
	// DayBegins is "HH:MM": what is sold before it belongs to the evening before. 00:00 when empty.
	DayBegins string `toml:"dayBegins"`
	// Vouchers says that the shop takes paper vouchers, by the cashier's word.
	Vouchers bool `toml:"vouchers"`
	// Labels are what the shop's scales print: "21=weight", "22=price"; those two when empty.
	Labels []string `toml:"labels"`
}

// Devices are addresses.
type Devices struct {
	Bank    string `toml:"bank"`    // of mode bank
	Reader  string `toml:"reader"`  // empty or virtual: is the card chooser
	Printer string `toml:"printer"` // empty or virtual: is paper on the screen
	Scanner string `toml:"scanner"` // empty is one that types
	Model   string `toml:"model"`   // of the printer, by its name in the profiles; found out when empty
	Drawer  string `toml:"drawer"`  // what its sensor says when it is open: high or low; empty is learnt by opening it
	// SeparateTerminal says that a card terminal stands beside the till, without a cable to it: the cashier says what
	// it showed.
	SeparateTerminal bool `toml:"separateTerminal"`

	Encoding string `toml:"encoding"` // of the printer: gbk, big5, shift-jis, pc437 …; gbk when empty
	WidthMm  int    `toml:"widthMm"`  // 80 or 58; 80 when 0
}

// Receipt is what goes on paper.
type Receipt struct {
	Languages []string `toml:"languages"` // zh, en or both; zh and en when empty
	Copies    []string `toml:"copies"`    // customer, merchant; customer when empty
	Footer    string   `toml:"footer"`
	// Signed says that receipts carry a signed statement of the payment's outcome, which anybody can check by the till's public key.
	Signed bool `toml:"signed"`
}

// Window is how the screen looks.
type Window struct {
	Language string `toml:"language"` // zh or en
	Theme    string `toml:"theme"`    // light, dark or contrast
}

// Update says whom the till asks for a newer version. An address that can't be used is said when it
// is asked, and is no reason to take a shop's settings for damaged.
type Update struct {
	Manifest string `toml:"manifest"` // https address of the publisher's manifest; empty asks nobody
}

// Backup is where copies of the books go besides the data folder.
type Backup struct {
	Second string `toml:"second"` // a folder on another disk; empty is none
}

// Clearing is what the files say in which others settle.
type Clearing struct {
	// SeparateTerminal is the format of the files that have what a separate terminal takes: allinpay, adyen, stripe, square or table. Without it none is missed there.
	SeparateTerminal string `toml:"separateTerminal"`
	// Fees are what others keep, by the format of their files, in percent: "allinpay=0.55"; with a sum on top of each payment: "stripe=2.9+0.30"; at most a sum: "allinpay=0.5<20.00". Of several of one
	// format a payment has any. A wallet's stands with it.
	Fees []string `toml:"fees"`
}

// Refunds is how much may be given back in cash where it was not paid in cash: sums such as 100.00. What is left out is off.
type Refunds struct {
	CardInCash  string `toml:"cardInCash"`  // of one payment by card
	OtherInCash string `toml:"otherInCash"` // of one payment by code, by voucher or by goods that came back
	NoReceipt   string `toml:"noReceipt"`   // in one day, of goods whose sale nobody knows
}

// MostInCash are these sums in minor units; 0 is off. The error names the setting that is no sum.
func (s Settings) MostInCash() (cardMinor, otherMinor, noReceiptMinor int64, err error) {
	for _, one := range []struct {
		name, text string
		into       *int64
	}{{"cardInCash", s.Refunds.CardInCash, &cardMinor}, {"otherInCash", s.Refunds.OtherInCash, &otherMinor}, {"noReceipt", s.Refunds.NoReceipt, &noReceiptMinor}} {
		if one.text == "" {
			continue
		}
		sum, err := money.Parse(one.text, money.Currency(s.Till.Currency))
		if err != nil {
			return 0, 0, 0, fmt.Errorf("refunds.%s: %w", one.name, err)
		}
		*one.into = sum.Minor
	}
	return cardMinor, otherMinor, noReceiptMinor, nil
}

// Wallet is an account with a provider of payment codes. What each provider needs of it is in packaging/docs/WALLETS.md. All of it is of the
// money: nothing is opened where something is wrong with it.
type Wallet struct {
	Provider string `toml:"provider"` // wechat, alipay, unionpay or upay
	Address  string `toml:"address"`  // https://host; empty is the provider's own
	Proxy    string `toml:"proxy"`    // empty is none
	CA       string `toml:"ca"`       // file of certificates that are believed in place of the system's, seen from the settings' folder, as all files

	App      string `toml:"app"`      // appid
	Merchant string `toml:"merchant"` // mchid, merId
	// SubMerchant is the shop's sub_mchid, where merchant and app are those of a service provider of WeChat Pay.
	SubMerchant string `toml:"subMerchant"`
	Terminal    string `toml:"terminal"` // with the provider
	// Device is the device_id with which the aggregator's terminal was activated. With it the terminal checks in each day, and its key changes.
	Device   string `toml:"device"`
	Store    string `toml:"store"`
	Acquirer string `toml:"acquirer"` // acqCode
	Category string `toml:"category"` // merCatCode
	Serial   string `toml:"serial"`   // of the shop's certificate

	KeyFile         string `toml:"keyFile"`         // the shop's private key, or the aggregator's terminal key
	KeyEnv          string `toml:"keyEnv"`          // the environment variable that holds it, in place of the file
	ProviderKeyFile string `toml:"providerKeyFile"` // the provider's public key or certificate
	ProviderKeyID   string `toml:"providerKeyId"`   // PUB_KEY_ID_… of WeChat Pay
	Version         string `toml:"version"`         // of UnionPay's messages

	Least   string `toml:"least"`   // sums that it takes, in yuan; empty is no bound
	Most    string `toml:"most"`    // the same
	Rate    string `toml:"rate"`    // what the provider keeps, in percent, such as 0.38; for people
	Timeout string `toml:"timeout"` // from paying to giving up, such as 45s
}

// Texts are the shop's own texts on a receipt, under the keys of their words.
func (s Settings) Texts() map[string]string {
	return map[string]string{"no-sign.merchant": s.Merchant.Name + s.Merchant.NameEN, "no-sign.footer": s.Receipt.Footer, "no-sign.cashier": s.Till.Cashier}
}

// Rates are what providers keep, by the format of their files. Several accounts with a provider, and several kinds of cards, may have different ones: a payment has any of them.
func (s Settings) Rates() map[clearing.Format][]clearing.Rate {
	rates := map[clearing.Format][]clearing.Rate{}
	all := slices.Clone(s.Clearing.Fees)
	for _, w := range s.Wallets {
		all = append(all, w.Provider+"="+w.Rate) // one without a rate says nothing
	}
	for _, fee := range all {
		if f, rate, err := s.feeOf(fee); err == nil && !slices.Contains(rates[f], rate) {
			rates[f] = append(rates[f], rate)
		}
	}
	return rates
}

// feeOf reads a format and its rate: in percent, with a sum on top of each payment behind +, and the most behind <.
func (s Settings) feeOf(text string) (f clearing.Format, r clearing.Rate, err error) {
	name, rate, _ := strings.Cut(text, "=")
	if f = clearing.Format(strings.TrimSpace(name)); !slices.Contains(clearing.Formats, f) {
		return f, r, fmt.Errorf("%q is not one of %v", name, clearing.Formats)
	}
	rate, most, bounded := strings.Cut(rate, "<")
	percent, fixed, more := strings.Cut(rate, "+")
	if r.PPM, err = money.ParseFixed(strings.TrimSpace(percent), 4); err != nil {
		return f, r, err
	}
	for _, sum := range []struct {
		there bool
		text  string
		into  *int64
	}{{more, fixed, &r.FixedMinor}, {bounded, most, &r.MostMinor}} {
		if !sum.there {
			continue
		}
		a, err := money.Parse(strings.TrimSpace(sum.text), money.Currency(cmp.Or(s.Till.Currency, string(money.CNY))))
		if err != nil || a.Minor <= 0 {
			return f, r, fmt.Errorf("%q is no sum such as 0.30", sum.text)
		}
		*sum.into = a.Minor
	}
	return f, r, nil
}

// Labels are what the shop's scale prints. The error names the label that is none.
func (s Settings) Labels() (sale.Labels, error) { return sale.ParseLabels(s.Till.Labels) }

// Demo reports whether the bank is simulated: nothing that happens moves money.
func (s Settings) Demo() bool { return s.Till.Mode == Demonstration }

// CashOnly reports whether the shop takes no cards.
func (s Settings) CashOnly() bool { return s.Till.Mode == CashOnly }

// DayBegins is how long after midnight the business day begins; less than a day.
func (s Settings) DayBegins() (time.Duration, error) {
	if s.Till.DayBegins == "" {
		return 0, nil
	}
	at, err := time.Parse("15:04", s.Till.DayBegins)
	if err != nil {
		return 0, fmt.Errorf("till.dayBegins %q is no hour such as 04:00", s.Till.DayBegins)
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, nil
}

// UseBank makes the till one of a bank, whatever the file says: somebody named it on the command line.
func (s *Settings) UseBank(address string) { s.Devices.Bank, s.Till.Mode = address, Bank }

// defaults fills what a file leaves out, with what the demonstration uses.
func (s *Settings) defaults() {
	if s.Till.Mode == "" && s.Devices.Bank != "" {
		s.Till.Mode = Bank
	}
	if s.Merchant == (Merchant{}) {
		s.Merchant.NameEN = "Veratill Store"
	}
	for _, d := range []struct {
		field    *string
		fallback string
	}{
		{&s.Merchant.Name, "真账便利店"}, {&s.Merchant.Number, "898000000000001"},
		{&s.Till.Terminal, "00000001"}, {&s.Till.Cashier, "01"}, {&s.Till.Currency, "CNY"},
		{&s.Devices.Reader, "virtual:"}, {&s.Devices.Printer, "virtual:"}, {&s.Devices.Encoding, "gbk"},
		{&s.Window.Language, "zh"}, {&s.Window.Theme, "light"},
	} {
		if *d.field == "" {
			*d.field = d.fallback
		}
	}
	if s.Devices.WidthMm == 0 {
		s.Devices.WidthMm = 80
	}
	if s.Till.Labels == nil {
		s.Till.Labels = []string{"21=weight", "22=price"}
	}
	if len(s.Receipt.Languages) == 0 {
		s.Receipt.Languages = []string{"zh", "en"}
	}
	if len(s.Receipt.Copies) == 0 {
		s.Receipt.Copies = []string{"customer"}
	}
}

// The settings that an acquirer gives a shop.
const (
	merchantNumber = "merchant.number"
	tillTerminal   = "till.terminal"
)

// leftOut names what the acquirer gives a shop, and the file does not say; nameless is that it does not say the shop's name either.
func (s Settings) leftOut() (names []string, nameless bool) {
	if s.Merchant.Number == "" {
		names = append(names, merchantNumber)
	}
	if s.Till.Terminal == "" {
		names = append(names, tillTerminal)
	}
	return names, s.Merchant.Name == ""
}

// Numbered says which of the shop's numbers are the demonstration's, because the settings leave them out: a bank would take them for
// another shop's.
func (s Settings) Numbered() error {
	if len(s.invented) == 0 {
		return nil
	}
	return fmt.Errorf("the settings leave out %s, which your acquirer has given you: no bank is asked without", strings.Join(s.invented, " and "))
}

// CalledName is the shop's name as a customer may be told it; empty where the settings leave it out, and the name is the demonstration's.
func (s Settings) CalledName() string {
	//mutant:no-shop-has-the-demonstration-s-name
	if s.nameless && !s.Demo() {
		return ""
	}
	return s.Merchant.Name
}

// OwnNumbers are the merchant's and the terminal's number, as the file gives them: empty where it leaves them out, although the demonstration's stand in the settings.
func (s Settings) OwnNumbers() (merchant, terminal string) {
	merchant, terminal = s.Merchant.Number, s.Till.Terminal
	//mutant:an-invented-number-is-nobodys
	for _, name := range s.invented {
		switch name {
		case merchantNumber:
			merchant = ""
		case tillTerminal:
			terminal = ""
		}
	}
	return merchant, terminal
}

// Default is the demonstration's settings.
func Default() Settings {
	var s Settings
	s.Till.Mode = Demonstration
	s.invented, s.nameless = s.leftOut()
	s.defaults()
	return s
}

// limitBytes is more than any settings file needs.
const limitBytes = 1 << 20

// Read reads the settings of a data folder; without a file they are the demonstration's.
// The error is Parse's with the path, or the disk's; a link that leads nowhere is no missing file.
func Read(dir string) (Settings, error) {
	path := filepath.Join(dir, FileName)
	text, err := files.Read(path, limitBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return Default(), nil
	}
	if err != nil {
		return Settings{}, err
	}
	s, err := Parse(string(text))
	if err != nil { // of a file that can't be used nothing is
		return Settings{}, fmt.Errorf("%s can't be used (%w)", path, err)
	}
	if list := s.Till.Catalogue; list != "" && !filepath.IsAbs(list) { // whoever starts the till stands anywhere
		s.Till.Catalogue = filepath.Join(dir, list)
	}
	return s, nil
}

// Notice says what of the file at path can't be used; empty where all of it can.
func (s Settings) Notice(path string) string {
	if len(s.Complaints) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %s. The till goes on", path, strings.Join(s.Complaints, "; "))
}
