package lines

import (
	"strings"
	"testing"

	"veratill/app/settings"
)

// A key that was pasted in place of a file's or a variable's name stands in no error; a name does, so that it can be put right.
func TestAKeyInPlaceOfItsNameIsNotSaid(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	for _, key := range []string{
		"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----", strings.Repeat("MIIEvQIBADANBgkqhkiG9w0B", 60), "MIIEvQIBADANBg/kqhkiG9w0BAQEFAASC",
		"0123456789abcdef0123456789abcdef", "ABCDEFABCDEFABCDEFABCDEFABCDEFAB", "whsec.0123456789abcdef.0123456789abcdef",
	} {
		for name, w := range map[string]settings.Wallet{"keyFile": {KeyFile: key}, "keyEnv": {KeyEnv: key}} {
			_, err := o.key(w)
			if err == nil || strings.Contains(err.Error(), key[5:12]) || strings.Contains(err.Error(), key[len(key)-9:]) || !strings.Contains(err.Error(), name) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, w := range []settings.Wallet{{KeyFile: "keys/wechat-shop-key.pem"}, {KeyEnv: "VERATILL_WECHAT_KEY"}} {
		if _, err := o.key(w); err == nil || !strings.Contains(err.Error(), w.KeyFile+w.KeyEnv) {
			t.Errorf("a name: %v", err)
		}
	}
}
