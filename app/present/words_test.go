package present

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"

	"veratill/app/update"
	"veratill/assets"
	"veratill/txn"
	"veratill/txn/sale"
)

// families are keys whose end comes from a closed set: what the code builds them from.
func families() []string {
	var keys []string
	add := func(prefix string, words ...string) {
		for _, word := range words {
			keys = append(keys, prefix+slug(word))
		}
	}
	for _, s := range txn.States {
		add("state.", string(s))
	}
	for _, p := range txn.Papers {
		add("paper.", string(p), string(p)+".next")
	}
	for _, r := range txn.Reasons {
		add("reason.", string(r))
	}
	for _, p := range Parts {
		add("part.", string(p))
	}
	add("health.", string(Ready), string(Busy), string(Attention), string(Offline))
	for _, step := range []string{"card", "saved", "bank", "paper", "code", "provider"} {
		add("step."+step+".", "later", "now", "done")
	}
	add("title.", "card-sale", "cash-sale", "external-sale", "code-sale", "card-void", "cash-void", "external-void", "code-void")
	add("tender.", "cash", "card", "external", "code")
	add("kind.", "sale", "void")
	add("result.approved.", "cash", "card", "code")
	add("charged.yes.", "cash", "card", "code")
	add("charged.back.", "cash", "card", "code")
	add("day.void-ask.", "cash", "card", "external", "code")
	add("code-result.", "declined", "declined.next", "reversed", "reversed.next", "refused", "unresolved.next", "unknown.next", "unknown.long", "not-sent")
	add("code-void.", "declined", "reversed", "unknown.next")
	for _, r := range []txn.Reason{txn.NoAnswer, txn.LinkLost, txn.BadMAC, txn.WrongAnswer, txn.Unreadable, txn.Cancelled, txn.PartialAmount, txn.CodeUnknown, txn.CannotPack} {
		add("code-reason.", string(r))
	}
	for _, state := range []txn.State{txn.Pending, txn.Claimed, txn.Declined, txn.Voided} {
		add("external.", string(state), string(state)+".next")
		if state != txn.Voided {
			add("external-void.", string(state), string(state)+".next")
		}
	}
	for _, kind := range sale.RemarkKinds {
		add("articles.", string(kind), string(kind)+".next")
	}
	add("no-sign.", "merchant", "footer", "cashier")
	for _, f := range FindFilters {
		add("find.filter.", f.Key)
	}
	add("find.", "trouble", "trouble.next", "behind", "behind.next", "none", "none.next", "empty")
	add("notice.", "settings in part", "receipts unsigned", "articles refused", "articles none")
	add("theme.other.", "light", "dark", "contrast")
	add("wallet.", string(sale.WeChat), string(sale.Alipay), string(sale.UnionPay))
	for _, code := range update.Codes {
		add("update.fault.", string(code), string(code)+".next")
	}
	for _, state := range update.States[1:] {
		add("update.state.", string(state))
	}
	for _, step := range UpdateSteps {
		add("update.busy.", string(step))
	}
	add("device.fault.", "none", "near end", "paper out", "cover open", "offline")
	return keys
}

var quotedKey = regexp.MustCompile(`"((?:[a-z]+)\.[a-z0-9][a-zA-Z0-9.-]*)"`)

// keysInCode are the string literals of present and ui that look like keys of a known first part.
func keysInCode(t *testing.T, known map[string]bool) []string {
	t.Helper()
	var keys []string
	for _, dir := range []string{".", "../ui"} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, found := range quotedKey.FindAllStringSubmatch(string(text), -1) {
				if first, _, _ := strings.Cut(found[1], "."); known[first] {
					keys = append(keys, found[1])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return keys
}

func TestBothLanguagesSayEverything(t *testing.T) {
	zh, err := assets.Language("zh")
	if err != nil {
		t.Fatal(err)
	}
	en, err := assets.Language("en")
	if err != nil {
		t.Fatal(err)
	}
	first := map[string]bool{}
	hole := regexp.MustCompile(`\{[a-z]+\}`)
	for key, text := range zh {
		part, _, _ := strings.Cut(key, ".")
		first[part] = true
		other, ok := en[key]
		if !ok {
			t.Errorf("en lacks %s", key)
		}
		a, b := hole.FindAllString(text, -1), hole.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s is given %v in zh and %v in en", key, a, b)
		}
	}
	for key := range en {
		if _, ok := zh[strings.TrimSuffix(key, ".one")]; !ok {
			t.Errorf("zh lacks %s", key)
		}
	}
	delete(first, "fyne")
	for _, key := range append(families(), keysInCode(t, first)...) {
		if _, ok := zh[key]; !ok && !prefixOf(zh, key) {
			t.Errorf("the code uses %s, which no language has", key)
		}
	}
}

// English has a word for one thing and another for several, Chinese has not.
func TestOneIsNotSeveral(t *testing.T) {
	for language, want := range map[string][3]string{"en": {"0 items", "1 item", "2 items"}, "zh": {"0 种商品", "1 种商品", "2 种商品"}} {
		words, err := NewWords(language)
		if err != nil {
			t.Fatal(err)
		}
		for n, text := range want {
			if got := words.Counted("sell.lines", n); got != text {
				t.Errorf("%s, %d: %q, not %q", language, n, got, text)
			}
		}
	}
}

// prefixOf reports whether a literal is the beginning of keys that the code completes.
func prefixOf(texts map[string]string, literal string) bool {
	for key := range texts {
		if strings.HasPrefix(key, literal) && strings.HasSuffix(literal, ".") {
			return true
		}
	}
	return literal == "veratill.svg"
}

// Every character that the screen can say is in both fonts, so that no box is ever shown.
func TestEveryGlyphIsThere(t *testing.T) {
	var text strings.Builder
	for _, language := range assets.Languages {
		texts, err := assets.Language(language)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range texts {
			text.WriteString(line)
		}
	}
	text.WriteString(assets.DemoCatalogue + "¥$€£·×–…−⏎←0123456789,. ")
	for name, raw := range map[string][]byte{"regular": assets.FontRegular, "bold": assets.FontBold} {
		font, err := sfnt.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		var buffer sfnt.Buffer
		for _, r := range text.String() {
			if r == '\n' || r == '€' { // the euro comes with its own shop
				continue
			}
			if glyph, err := font.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
				t.Errorf("%s has no %q", name, r)
			}
		}
	}
}

// One thing has one word, and it is the acquirer's and the trade's: void is 撤销 and reversal 冲正, on paper as on the screen.
func TestOneThingHasOneWord(t *testing.T) {
	for language, banned := range map[string]*regexp.Regexp{
		"en": regexp.MustCompile(`(?i)\barticles?\b|\bmarked line\b|\bunder Day\b|\bneeds a look\b|\bundo\b.*\bbank\b|\bbank\b.*\bundo\b|\btaken off\b`),
		"zh": regexp.MustCompile(`作废|收据|重打|标记的|目录中|需要注意|请银行撤销|行数`),
	} {
		texts, err := assets.Language(language)
		if err != nil {
			t.Fatal(err)
		}
		for key, text := range texts {
			if found := banned.FindString(text); found != "" {
				t.Errorf("%s, %s: %q in %q", language, key, found, text)
			}
		}
	}
}

// latin is what a Chinese window may show in Latin letters: keys, units, what stands on a plug or in a file, and the other language's button.
var latin = regexp.MustCompile(`\b(Ctrl|Enter|Esc|F\d+|Z|X|USB|PIN|MAC|OpenGL|veratill|moved|journal|verify|mesa|Mesa|opengl32|dll|exe|https|toml|settings|manifest|update|record|json|bad|DEMO|EN|CSV|PNG|JPEG|UTF|GB18030|Veratill|D|letter|pdf|Adyen|Stripe|Square|GTIN|EAN|UPC|ISO|STAN|RRN|h|ppm|till|catalogue|doctor|price|name|code|tax|rate|unit|group|A|B|numbers|seen|slips|messages|receipt|keys|XLSX|PDF)\b`)

// A Chinese window speaks Chinese.
func TestTheChineseWindowIsChinese(t *testing.T) {
	texts, err := assets.Language("zh")
	if err != nil {
		t.Fatal(err)
	}
	letters := regexp.MustCompile(`[A-Za-z]{2,}`)
	for key, text := range texts {
		rest := latin.ReplaceAllString(regexp.MustCompile(`\{[a-zA-Z0-9]+\}`).ReplaceAllString(text, ""), "")
		if found := letters.FindString(rest); found != "" {
			t.Errorf("%s: %q in %q", key, found, text)
		}
	}
}

// What stands on a page is in the window's language: the shop's name, the schemes of cards, and the numbers of payments.
func TestNamesAreOfTheWindowsLanguage(t *testing.T) {
	a := About{Merchant: "真账便利店", MerchantEN: "Veratill Store"}
	for language, want := range map[string][3]string{"zh": {"真账便利店", "银联", "流水号 7"}, "en": {"Veratill Store", "UnionPay", "STAN 7"}} {
		w := words(t, language)
		if got := [3]string{w.Shop(a), w.Scheme("UnionPay"), w.Text("small.stan", "n", "7")}; got != want {
			t.Errorf("%s: %v", language, got)
		}
		if got := w.Scheme("Visa"); got != "Visa" {
			t.Errorf("%s: a brand is called %q", language, got)
		}
	}
	if got := words(t, "en").Shop(About{Merchant: "真账便利店"}); got != "真账便利店" {
		t.Errorf("a shop without an English name is called %q", got)
	}
}
