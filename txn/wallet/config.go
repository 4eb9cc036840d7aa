package wallet

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/messages"
)

// Config is a line to a provider. Key texts are those of files; they are in no error.
type Config struct {
	Name     string // of the line; empty is what it is, see Line.Name
	Provider Provider
	Address  string // https://host; empty is the provider's own
	Proxy    string // empty connects at once
	CA       []byte // certificates in PEM that are believed in place of the system's; empty believes those

	App      string // appid of WeChat Pay and Alipay
	Merchant string // mchid of WeChat Pay, merId of UnionPay
	// SubMerchant is the shop's sub_mchid, where Merchant is a service provider's sp_mchid and App its sp_appid (服务商模式). Empty is an account of the
	// shop's own.
	SubMerchant string
	Terminal    string // of the provider: terminal_sn of the aggregator, termId of UnionPay, terminal_id of Alipay
	Store       string // the shop's name with the provider; may be empty
	Acquirer    string // acqCode of UnionPay
	Category    string // merCatCode of UnionPay, four digits
	Shop        string // what the customer reads of the payment, and merName of UnionPay

	Serial   string // of the shop's certificate: WeChat Pay in hex, UnionPay in decimal (certId)
	Platform string // serial, or PUB_KEY_ID_…, of the key with which WeChat Pay signs; empty where Public is its certificate
	Private  []byte // the shop's private key
	Public   []byte // the provider's public key, or its certificate
	Key      txn.Secret
	// Device is the device_id with which the aggregator's terminal was activated: with it the terminal checks in each day, and is given a new key.
	// KeyGiven is when Key was given so, zero where an installer wrote it, and KeepKey makes a new one durable.
	Device   string
	KeyGiven time.Time
	KeepKey  func(key txn.Secret, at time.Time) error
	Version  string // of UnionPay's messages: 1.0.0 (SHA-1) or 5.1.0 (SHA-256); empty is 5.1.0

	LeastMinor, MostMinor int64         // sums that the line takes, in fen; 0 is no bound
	Timeout               time.Duration // from pay to giving up; 0 is 45 s. How long a code lives does not depend on it, but for OnlyHere
	OnlyHere              bool          // a demonstration: no address but this computer's

	Now func() time.Time
	// Dial connects instead of the network, for a till whose world is simulated.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	Log  *slog.Logger // told one line a question, without secrets
	// Messages is told what is asked and answered about a payment, as it may be kept. Nil is nobody.
	Messages messages.Tap
	// Tell is told, from any goroutine, what a payment waits for: typing while the customer types the password, else the provider's answer.
	Tell func(id txn.ID, typing bool)
}

// errConfig says that a line can't be made of its settings; the text names the setting.
var errConfig = errors.New("wallet")

// ErrKeys says that a key or a certificate of a line can't be used: the settings are as they should be, and a file that they name is not.
var ErrKeys = errors.New("a key can't be used")

const (
	usualTimeout = 45 * time.Second
	leastTimeout = 500 * time.Millisecond
	mostTimeout  = 90 * time.Second
)

// needed are the settings that a provider can't do without, by their names in the settings file.
func (c Config) needed() map[string]string {
	switch c.Provider {
	case WeChat:
		return map[string]string{"app": c.App, "merchant": c.Merchant, "serial": c.Serial, "keyFile": string(c.Private), "providerKeyFile": string(c.Public)}
	case Alipay:
		return map[string]string{"app": c.App, "keyFile": string(c.Private), "providerKeyFile": string(c.Public)}
	case UnionPay:
		return map[string]string{"merchant": c.Merchant, "terminal": c.Terminal, "acquirer": c.Acquirer, "category": c.Category, "serial": c.Serial, "keyFile": string(c.Private), "providerKeyFile": string(c.Public)}
	}
	return map[string]string{"terminal": c.Terminal, "keyFile": strings.Repeat("*", len(c.Key))}
}

func (c Config) check() error {
	if !slices.Contains(Providers, c.Provider) {
		return fmt.Errorf("%w: provider %.20q is none of %v", errConfig, c.Provider, Providers)
	}
	var missing []string
	for name, value := range c.needed() {
		if value == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Errorf("%w: %s needs %s", errConfig, c.Provider, strings.Join(missing, ", "))
	}
	if c.Timeout != 0 && (c.Timeout < leastTimeout || c.Timeout > mostTimeout) {
		return fmt.Errorf("%w: timeout %v is not between %v and %v", errConfig, c.Timeout, leastTimeout, mostTimeout)
	}
	if c.SubMerchant != "" && c.Provider != WeChat {
		return fmt.Errorf("%w: subMerchant is of WeChat Pay's service providers alone", errConfig)
	}
	if c.Device != "" && (c.Provider != Upay || c.KeepKey == nil) {
		return fmt.Errorf("%w: device is of the aggregator's terminal alone, and its key has to be kept", errConfig)
	}
	if c.LeastMinor < 0 || c.MostMinor < 0 || c.MostMinor != 0 && c.MostMinor < c.LeastMinor {
		return fmt.Errorf("%w: it takes sums from %s to %s yuan, which are none", errConfig, inYuan(c.LeastMinor), inYuan(c.MostMinor))
	}
	return nil
}

// speaker makes the provider's way of speaking of its settings.
func (c Config) speaker() (provider, error) {
	if c.Provider == Upay {
		return &upay{terminal: c.Terminal, key: &terminalKey{device: c.Device, keep: c.KeepKey, key: c.Key, given: c.KeyGiven}}, nil
	}
	key, err := ParsePrivate(c.Private)
	if err != nil {
		return nil, fmt.Errorf("%w: %w: keyFile: %w", errConfig, ErrKeys, err)
	}
	verify, serial, err := parsePublic(c.Public)
	if err != nil {
		return nil, fmt.Errorf("%w: %w: providerKeyFile: %w", errConfig, ErrKeys, err)
	}
	if verify.Equal(&key.PublicKey) { // an easy mistake, after which the till would believe nothing
		return nil, fmt.Errorf("%w: %w: providerKeyFile holds the shop's own key: the provider's is to be fetched from its site", errConfig, ErrKeys)
	}
	switch c.Provider {
	case WeChat:
		platform := c.Platform
		if platform == "" {
			platform = serial
		}
		if platform == "" {
			return nil, fmt.Errorf("%w: providerKeyId: WeChat Pay names its public key by a PUB_KEY_ID_…, which its site shows beside it", errConfig)
		}
		return &weChat{app: c.App, merchant: c.Merchant, sub: c.SubMerchant, serial: c.Serial, key: key, platform: platform, verify: verify, store: c.Store}, nil
	case Alipay:
		return &aliPay{app: c.App, key: key, verify: verify, store: c.Store, terminal: c.Terminal}, nil
	}
	version := c.Version
	if version == "" {
		version = unionPaySHA256
	}
	if version != unionPaySHA1 && version != unionPaySHA256 {
		return nil, fmt.Errorf("%w: version %.10q is neither %s nor %s", errConfig, version, unionPaySHA1, unionPaySHA256)
	}
	return &unionPay{acquirer: c.Acquirer, merchant: c.Merchant, terminal: c.Terminal, category: c.Category, name: c.Shop, serial: c.Serial,
		key: key, verify: verify, path: unionPayPath, version: version}, nil
}

// addresses are where the providers answer.
var addresses = map[Provider]string{WeChat: weChatURL, Alipay: alipayURL, UnionPay: unionPayURL, Upay: upayURL}

// account is who the shop is for the provider.
func (c Config) account() string {
	switch c.Provider {
	case WeChat, UnionPay:
		if c.SubMerchant != "" { // two shops of one service provider are two lines
			return c.Merchant + "/" + c.SubMerchant
		}
		return c.Merchant
	case Alipay:
		return c.App
	}
	return c.Terminal
}

// paced is the provider's pace within a time-out.
func paced(p Provider, timeout time.Duration) pace {
	usual := paces[p]
	if timeout == 0 {
		return usual
	}
	scaled := func(d time.Duration) time.Duration {
		return min(d, time.Duration(float64(d)*timeout.Seconds()/usual.most.Seconds()))
	}
	return pace{first: scaled(usual.first), every: scaled(usual.every), most: timeout, undoAfter: scaled(usual.undoAfter), shows: usual.shows}
}
