package articles

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"veratill/assets"
	"veratill/assets/files"
	"veratill/packaging/nasty"
	"veratill/txn/money"
	"veratill/txn/sale"
)

const list = "条码,品名,售价,税率,分类\r\n6901234567892,纯净水 550 ml,2.00,13,饮料\r\n101,“小”米饼,4.50,8.875,零食\r\n"

func write(t *testing.T, raw []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func encoded(t *testing.T, e encoding.Encoding, text string) []byte {
	t.Helper()
	raw, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// A list is read the same in whatever encoding a spreadsheet has saved it.
func TestEncodings(t *testing.T) {
	for name, raw := range map[string][]byte{
		"UTF-8":                         []byte(list),
		"UTF-8 with a mark":             []byte("\uFEFF" + list),
		"GB18030":                       encoded(t, simplifiedchinese.GB18030, list),
		"GBK":                           encoded(t, simplifiedchinese.GBK, list),
		"UTF-16 little endian":          encoded(t, utf16.UTF16(utf16.LittleEndian, utf16.UseBOM), list),
		"UTF-16 big endian":             encoded(t, utf16.UTF16(utf16.BigEndian, utf16.UseBOM), list),
		"UTF-16 without a mark":         encoded(t, utf16.UTF16(utf16.LittleEndian, utf16.IgnoreBOM), list),
		"UTF-16 big without a mark":     encoded(t, utf16.UTF16(utf16.BigEndian, utf16.IgnoreBOM), list),
		"tabs, as Excel's Unicode text": encoded(t, utf16.UTF16(utf16.LittleEndian, utf16.UseBOM), strings.ReplaceAll(list, ",", "\t")),
	} {
		l := Read(write(t, raw), money.CNY)
		water, _ := l.Find("6901234567892")
		biscuit, _ := l.Find("101")
		if len(l.Remarks) > 0 || water.Name.ZH != "纯净水 550 ml" || water.UnitPriceMinor != 200 || biscuit.Name.ZH != "“小”米饼" || biscuit.TaxRatePPM != 88_750 {
			t.Errorf("%s: %+v, %+v, %+v", name, water, biscuit, l.Remarks)
		}
	}
}

// A name that was read in a wrong encoding, here or in the spreadsheet before, is not sold. Names that only look strange are.
func TestNoRubbishNameIsSold(t *testing.T) {
	misread := func(as encoding.Encoding, name string) string {
		text, err := as.NewDecoder().String(name)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	var rows strings.Builder
	bad := []string{
		misread(charmap.Windows1252, "纯净水"), misread(charmap.Windows1252, "Café crème"), misread(charmap.Windows1252, "Müsli"),
		misread(simplifiedchinese.GB18030, "纯净水二"), misread(simplifiedchinese.GB18030, "纯净水"), misread(simplifiedchinese.GB18030, "Tea 绿茶"),
		misread(simplifiedchinese.GB18030, string(encoded(t, charmap.Windows1252, "Müller milk"))), "锟斤拷", "\uFFFD\uFFFD", "Te\x00a",
	}
	good := []string{"Café crème", "Müsli", "纯净水", "绿茶", "联通卡", "Tea 绿茶", "iPhone 手机", "A4纸", "Ñandú", "Ångström", "茶", "7UP", "维C片", "ÀÉ", "Øl", "抹茶latte", "媒", "脉搏"}
	for _, name := range append(bad, good...) {
		rows.WriteString("\n" + string(rune('A'+strings.Count(rows.String(), "\n"))) + "-1," + name + ",1.00,13")
	}
	l := Read(write(t, []byte("code,name,price,tax"+rows.String())), money.CNY)
	sold := map[string]bool{}
	for _, item := range l.InGroup("") {
		sold[item.Name.ZH+item.Name.EN] = true
	}
	for _, name := range bad {
		if sold[name] {
			t.Errorf("%q is sold", name)
		}
	}
	for _, name := range good {
		if !sold[name] {
			t.Errorf("%q is not sold", name)
		}
	}
	latin := Read(write(t, encoded(t, charmap.Windows1252, "code,name,price,tax\n1,Café,1.00,13\n2,Müller,1.00,13\n3,Tea,1.00,13\n")), money.CNY)
	if latin.Len() != 1 || latin.Refused() != 2 {
		t.Errorf("of a list in Windows-1252 %+v is sold", latin.InGroup(""))
	}
}

// A file that is no list is a list without articles, and its remark says why.
func TestAFileThatIsNone(t *testing.T) {
	for want, path := range map[sale.RemarkKind]string{
		sale.FileMissing: filepath.Join(t.TempDir(), "none.csv"), sale.FileWorkbook: write(t, []byte("PK\x03\x04rest")), sale.FileEmpty: write(t, nil),
		sale.ColumnMissing: write(t, []byte("a,b\n")),
	} {
		l := Read(path, money.CNY)
		if l.Len() != 0 || len(l.Remarks) == 0 || l.Remarks[0].Kind != want || l.Whole() {
			t.Errorf("%s: %+v", want, l.Remarks)
		}
	}
	if l := Read(t.TempDir(), money.CNY); l.Len() != 0 || l.Remarks[0].Kind != sale.FileMissing {
		t.Errorf("a folder: %+v", l.Remarks)
	}
}

// The demonstration's own list has nothing wrong with it, and no name of it reads like rubbish.
func TestTheDemonstrationsList(t *testing.T) {
	l := Read("", money.CNY)
	if l.Len() < 150 || len(l.Remarks) > 0 || len(l.Unread) > 0 {
		t.Errorf("%d articles, %+v", l.Len(), l.Remarks)
	}
	if other := Read("", "USD"); other.Len() != 0 || other.Whole() || other.Remarks[0].Kind != sale.FileCurrency {
		t.Errorf("prices in CNY are sold in USD: %d, %+v", other.Len(), other.Remarks)
	}
	if same := Read(write(t, []byte(assets.DemoCatalogue)), money.CNY); same.Len() != l.Len() {
		t.Errorf("%d of %d names pass: %+v", same.Len(), l.Len(), same.Remarks)
	}
}

// Whatever bytes a file has, what is sold of it has a name that is text.
func FuzzFile(f *testing.F) {
	f.Add([]byte(list))
	f.Add([]byte("\xFF\xFE1\x00,\x00"))
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		for _, head := range []string{"", "code,name,price,tax\n"} {
			l := sale.ReadList(files.Text(append([]byte(head), b...)), money.CNY, garbled)
			for _, item := range l.InGroup("") {
				if name := item.Name.ZH + item.Name.EN; strings.ContainsAny(name, "\uFFFD\x00\n") || name == "" {
					t.Fatalf("%q is sold", name)
				}
			}
		}
	})
}

// A picture is a PNG or a JPEG beside the list, of a bounded size. Nothing else is opened, wherever its name points.
func TestAPictureLiesBesideTheList(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "shop", "list.csv")
	if err := os.MkdirAll(filepath.Dir(list), 0o755); err != nil {
		t.Fatal(err)
	}
	drawn := func(path string, side int) {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, 1))); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	drawn(filepath.Join(dir, "shop", "tea.png"), 8)
	drawn(filepath.Join(dir, "shop", "wide.png"), pictureSide+1)
	drawn(filepath.Join(dir, "outside.png"), 8)
	if err := os.WriteFile(filepath.Join(dir, "shop", "words.png"), []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	if raw, err := Picture(list, "tea.png"); err != nil || len(raw) == 0 {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
	for _, name := range []string{"wide.png", "words.png", "missing.png", "../outside.png", "..", "", "/etc/passwd"} {
		if _, err := Picture(list, name); err == nil {
			t.Errorf("%q was given", name)
		}
	}
	for _, item := range Read("", money.CNY).InGroup("") {
		if item.Picture == "" {
			continue
		}
		if _, err := Picture("", item.Picture); err != nil {
			t.Errorf("the demonstration's %s: %v", item.Name.EN, err)
		}
	}
}
