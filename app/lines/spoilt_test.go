package lines

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veratill/app/settings"
	"veratill/txn/walletsim"
)

// A key file that a disk has spoilt, whichever it is and however, leaves its own line not ready, which says why; the lines beside it are made, and so is the till.
func TestSpoiltKeyFileStopsItsLineAlone(t *testing.T) {
	spoils := map[string]func(path string) error{
		"garbage":   func(path string) error { return os.WriteFile(path, []byte("\x00\x17garbage\xff"), 0o600) },
		"empty":     func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"no object": func(path string) error { return os.WriteFile(path, []byte("{}"), 0o600) },
		"a folder":  func(path string) error { return os.Mkdir(path, 0o700) },
		"too big":   func(path string) error { return os.WriteFile(path, make([]byte, mostKey+1), 0o600) },
	}
	for _, setting := range []string{"kept", "keyFile", "providerKeyFile", "ca"} {
		for how, spoil := range spoils {
			if setting == "kept" && how == "no object" {
				how += " of a key"
			}
			t.Run(setting+" "+how, func(t *testing.T) {
				o := Options{Dir: t.TempDir()}
				if _, err := walletsim.LoadKeys(o.Dir, "https://127.0.0.1:1", "5s"); err != nil {
					t.Fatal(err)
				}
				w := settings.Wallet{Provider: "wechat", Address: "https://127.0.0.1:1", App: walletsim.WeChatApp, Merchant: walletsim.WeChatMerchant, Serial: walletsim.WeChatSerial, ProviderKeyID: walletsim.WeChatPlatform,
					KeyFile: "wechat-shop-key.pem", ProviderKeyFile: "wechat-provider.pem", CA: "tls.pem"}
				files := map[string]string{"keyFile": w.KeyFile, "providerKeyFile": w.ProviderKeyFile, "ca": w.CA}
				if setting == "kept" {
					w = settings.Wallet{Provider: "upay", Address: "https://127.0.0.1:1", Terminal: walletsim.UpayTerminal, Device: "till 1", KeyFile: "upay-key.txt", CA: "tls.pem"}
					files[setting] = filepath.Base(o.keptPath(w.Terminal))
				}
				beside := settings.Wallet{Provider: "alipay", Address: "https://127.0.0.1:1", App: walletsim.AlipayApp, KeyFile: "alipay-shop-key.pem", ProviderKeyFile: "alipay-provider.pem"}
				o.Settings.Wallets = []settings.Wallet{w, beside}
				names := Names(o)
				path := filepath.Join(o.Dir, files[setting])
				_ = os.Remove(path) // the kept one is not there yet
				if err := spoil(path); err != nil {
					t.Fatal(err)
				}
				all, err := Wallets(o)
				if err != nil || len(all) != 2 || all[0].Name() != names[0] || all[1].Name() != names[1] {
					t.Fatalf("%v, %v, want %q", all, err, names)
				}
				if err := all[0].Ready(context.Background()); err == nil || strings.Contains(err.Error(), "does not answer") {
					t.Errorf("it is ready, or another thing is wrong with it: %v", err)
				}
				if err := all[1].Ready(context.Background()); err == nil || !strings.Contains(err.Error(), "does not answer") {
					t.Errorf("the line beside it: %v", err)
				}
			})
		}
	}
}
