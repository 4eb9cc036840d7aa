package wallet

import "testing"

// An answer names the shop that was asked for: not another one of the same service provider, and not the provider itself.
func TestAnAnswerNamesTheShop(t *testing.T) {
	own, partner := &weChat{merchant: "1900000109"}, &weChat{merchant: "1900000109", sub: "1900009231"}
	for text, is := range map[string]map[*weChat]bool{
		`{"mchid":"1900000109"}`:                                  {own: true, partner: false},
		`{"sp_mchid":"1900000109","sub_mchid":"1900009231"}`:      {own: false, partner: true},
		`{"sp_mchid":"1900000109","sub_mchid":"1900009999"}`:      {own: false, partner: false},
		`{"sp_mchid":"1900000100","sub_mchid":"1900009231"}`:      {own: false, partner: false},
		`{"mchid":"1900000109","sub_mchid":"1900009231","x":"y"}`: {own: true, partner: false},
	} {
		o, err := readObject([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for w, want := range is {
			if w.isOurs(o) != want {
				t.Errorf("%s, asked for shop %q: %v", text, w.sub, !want)
			}
		}
	}
}
