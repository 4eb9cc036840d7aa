package sale

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn/money"
)

// A list's columns are found by their names, in any order, however they are written, and whatever else is there.
func TestColumnsAreFoundByName(t *testing.T) {
	want := Item{Code: "6901234567892", Name: Name{ZH: "纯净水"}, Group: "饮料", Initials: "cjs", UnitPriceMinor: 250, TaxRatePPM: 130_000, Unit: Piece}
	for _, text := range []string{
		"code,zh,en,initials,group,price,tax,unit\n6901234567892,纯净水,,cjs,饮料,2.50,13,\n",
		"unit;TAX rate (%);Price;group;initials;zh;Barcode\n;13;2,50;饮料;cjs;纯净水;6901234567892\n",
		"\uFEFF条码（必填）\t商品名称（必填）\t销售价\t税率\t分类\t助记码\t库存量\t主单位\r\n 6901234567892 \t　纯净水　\t¥2.50\t13%\t饮料\tcjs\t12\t瓶\r\n",
		"sep=;\n\n\"条形码\";\"品名\";\"零售价\";\"税率\";\"类别\";\"拼音码\"\n\"6901234567892\";\"纯净水\";\"2.50元\";\"13,00\";\"饮料\";\"cjs\"\n",
		"货号,条码,品名,单价,税率,分类,拼音码,单位\n,6901234567892,纯净水,2.50,13,饮料,cjs,件\n",
		"品名,货号,单价,税率,分类,拼音码,单位\n纯净水,6901234567892,2.5,13,饮料,cjs,个",
	} {
		l := ReadList(text, money.CNY, nil)
		if got := l.InGroup(""); len(got) != 1 || got[0] != want || len(l.Remarks) > 0 {
			t.Errorf("%q: %+v, %+v", text, got, l.Remarks)
		}
	}
	l := ReadList("code,name,price,tax,stock,进价\n1,Tea,1,0,5,3\n", money.CNY, nil)
	if !slices.Equal(l.Unread, []string{"stock", "进价"}) || l.Len() != 1 {
		t.Errorf("unread columns are %q", l.Unread)
	}
}

// What keeps a whole file from being read is said as that, and nothing of it is sold.
func TestAFileThatIsNoList(t *testing.T) {
	for text, want := range map[string][]Remark{
		"":                           {{Kind: FileEmpty, Refused: true}},
		"\n\n":                       {{Kind: FileEmpty, Refused: true}},
		"code,name,price\n1,Tea,1\n": {{Kind: ColumnMissing, Value: "tax", Refused: true}},
		"1,Tea,1.00,13\n":            {{Kind: ColumnMissing, Value: "code", Refused: true}, {Kind: ColumnMissing, Value: "name", Refused: true}, {Kind: ColumnMissing, Value: "price", Refused: true}, {Kind: ColumnMissing, Value: "tax", Refused: true}},
		"code,name,price,售价,tax\n1,T,1,2,0\n": {{Column: "售价", Kind: ColumnTwice, Value: "price", Refused: true}},
	} {
		l := ReadList(text, money.CNY, nil)
		if !slices.Equal(l.Remarks, want) || l.Len() != 0 || l.Whole() {
			t.Errorf("%q: %+v, %d articles", text, l.Remarks, l.Len())
		}
	}
}

// badRows are rows with what is wrong with each; the column is where it is said.
var badRows = []struct {
	row, column string
	kind        RemarkKind
}{
	{`6.9E+12,Tea,1.00,13,`, "code", Scientific},
	{`6.90123E12,Tea,1.00,13,`, "code", Scientific},
	{`"6,90123E+12",Tea,1.00,13,`, "code", Scientific},
	{`9E5,Tea,1.00,13,`, "code", Scientific},
	{`6901234567892.0,Tea,1.00,13,`, "code", CodeFigure},
	{`690 1234 567892,Tea,1.00,13,`, "code", CodeFigure},
	{"69\x0112,Tea,1.00,13,", "code", CodeFigure},
	{`,Tea,1.00,13,`, "code", CellEmpty},
	{`036000291452,Tea,1.00,13,`, "code", CodeTwice}, // the good row's EAN-13
	{`1,,1.00,13,`, "name", CellEmpty},
	{"1,\uFFFD\uFFFDa,1.00,13,", "name", NameGarbled},
	{"1,Te\x00a,1.00,13,", "name", NameGarbled},
	{"1,Te\u009Da,1.00,13,", "name", NameGarbled},
	{"1,\uE123茶,1.00,13,", "name", NameGarbled},
	{"1,Te\u202Ea,1.00,13,", "name", NameGarbled},
	{`1,锟斤拷锟,1.00,13,`, "name", NameGarbled},
	{`1,???,1.00,13,`, "name", NameGarbled},
	{`1,Tea,1.2E+3,13,`, "price", Scientific},
	{`1,Tea,,13,`, "price", CellEmpty},
	{`1,Tea,1.999,13,`, "price", FigureLong},
	{`1,Tea,"1,234",13,`, "price", FigureUnclear},
	{`1,Tea,-1.00,13,`, "price", Figure},
	{`1,Tea,free,13,`, "price", Figure},
	{`1,Tea,$1.00,13,`, "price", Figure},
	{`1,Tea,"1,23,4",13,`, "price", Figure},
	{`1,Tea,99999999999999.00,13,`, "price", FigureRange},
	{`1,Tea,1.00,,`, "tax", CellEmpty},
	{`1,Tea,1.00,8.87501,`, "tax", FigureLong},
	{`1,Tea,1.00,100.0001,`, "tax", FigureRange},
	{`1,Tea,1.00,1E+1,`, "tax", Scientific},
	{`1,Tea,1.00,13,斤`, "unit", UnitUnknown},
	{`1,Tea,1.00,13,lb`, "unit", UnitUnknown},
	{`1,Tea,1,99,13,`, "", CellsTooMany},
	{`1,"Tea,1.00,13,`, "", QuoteOpen},
}

// Every bad row is said with its number, column and value; all of them, and none stops the good ones round it.
func TestEveryBadRowIsListed(t *testing.T) {
	text := "code,name,price,tax,unit\n0036000291452,Soda,4.50,13,\n"
	for i, bad := range badRows {
		text += bad.row + "\n" + fmt.Sprintf("good-%d,Good %d,1.00,13,\n", i, i)
	}
	l := ReadList(text, money.CNY, nil)
	if l.Len() != len(badRows)+1 || l.Refused() != len(badRows) || l.Rows != 2*len(badRows)+1 {
		t.Errorf("%d are sold, %d refused, of %d rows", l.Len(), l.Refused(), l.Rows)
	}
	for i, bad := range badRows {
		at := slices.IndexFunc(l.Remarks, func(r Remark) bool { return r.Row == 3+2*i })
		if at < 0 || l.Remarks[at].Kind != bad.kind || l.Remarks[at].Column != bad.column || !l.Remarks[at].Refused {
			t.Errorf("%q is told as %+v", bad.row, l.Remarks[max(at, 0)])
		}
		if _, sold := l.Find(fmt.Sprintf("good-%d", i)); !sold {
			t.Errorf("the row behind %q is not sold", bad.row)
		}
	}
	if at := slices.IndexFunc(l.Remarks, func(r Remark) bool { return r.Kind == CodeTwice }); l.Remarks[at].Other != 2 {
		t.Errorf("the row with the same code is %d", l.Remarks[at].Other)
	}
	both := ReadList("code,name,price,tax\n,?,x,13\n", money.CNY, nil).Remarks
	if len(both) != 3 {
		t.Errorf("of three bad cells %d are said", len(both))
	}
}

// Figures are read with a point or a comma before their decimals; one that can mean two things is not read.
func TestFiguresOfLists(t *testing.T) {
	for _, c := range []struct {
		text      string
		separator byte
		minor     int64 // −1 is refused
	}{
		{"2", ',', 200}, {"2.5", ',', 250}, {"2.50", ';', 250}, {"2,50", ',', 250}, {"2,5", ';', 250}, {"1,234.50", ',', 123_450},
		{"1.234,50", ';', 123_450}, {"1,234,567", ',', 123_456_700}, {"1.234.567", ';', 123_456_700}, {"1,234", ',', -1}, {"1,234", ';', -1},
		{"1.234", ',', -1}, {"0,500", ',', -1}, {"¥1,234.50", ',', 123_450}, {"￥2", ',', 200}, {"2元", ',', 200}, {"CNY 2.00", ',', 200},
		{"€2", ',', -1}, {"1,23.4", ',', -1}, {"12,34,567", ',', -1}, {".5", ',', -1}, {"2.", ',', -1}, {"１２", ',', -1},
	} {
		got, kind := readFigure(c.text, 2, c.separator, false, money.CNY)
		if (kind == "") != (c.minor >= 0) || kind == "" && got != c.minor {
			t.Errorf("%q between %q is %d (%s), want %d", c.text, c.separator, got, kind, c.minor)
		}
	}
	for text, ppm := range map[string]int64{"8.875": 88_750, "8,875": 88_750, "8.875%": 88_750, "8,875 %": 88_750, "5.5": 55_000, "0": 0, "13": 130_000, "0,0001": 1, "100": 1_000_000} {
		if got, kind := readFigure(text, percentPlaces, ',', true, money.CNY); got != ppm || kind != "" {
			t.Errorf("%s %% is %d ppm (%s), want %d", text, got, kind, ppm)
		}
	}
}

// A shop's own number needs no check digit. Where a code looks like a GTIN with a digit that is wrong or lost, somebody is told, and the
// article is sold under the number that the list has.
func TestOwnNumbersAreSold(t *testing.T) {
	l := ReadList("code,name,price,tax\n1,A,1,0\n0042,B,1,0\n12345671,C,1,0\n6901234567893,D,1,0\n690123456789,E,1,0\nAB-7/2,F,1,0\n36000291452,G,1,0\n42,H,1,0\n", money.CNY, nil)
	if l.Len() != 8 || !l.Whole() {
		t.Errorf("%d are sold: %+v", l.Len(), l.Remarks)
	}
	var notes []string
	for _, r := range l.Remarks {
		notes = append(notes, fmt.Sprintf("%d %s %s", r.Row, r.Kind, r.Value))
	}
	want := []string{"4 check-digit 12345671", "5 check-digit 6901234567893", "6 check-digit 690123456789", "8 zero-lost 036000291452"}
	if !slices.Equal(notes, want) {
		t.Errorf("remarks are %q, want %q", notes, want)
	}
	if item, _ := l.Find("42"); item.Name.EN != "H" {
		t.Errorf("42 finds %q, and a zero counts in a shop's own number", item.Name.EN)
	}
}

// A quotation mark that somebody forgot costs its own row, whatever stands below; a cell over several lines that the till does not read
// is one.
func TestQuotationMarks(t *testing.T) {
	l := ReadList("code,name,price,tax,note\n1,\"Tea \"\"green\"\", 50 g\",1,0,\"two\nlines\"\n2,\"Cake,1,0,\n3,Milk,1,0,\n4,\"Rice\",1,0,\"a\nb\"\n5,Oil 12\",1,0,\n", money.CNY, nil)
	var names []string
	for _, item := range l.InGroup("") {
		names = append(names, item.Name.EN)
	}
	if want := []string{`Tea "green", 50 g`, "Milk", "Rice", `Oil 12"`}; !slices.Equal(names, want) {
		t.Errorf("%q are sold, want %q", names, want)
	}
	if len(l.Remarks) != 1 || l.Remarks[0].Kind != QuoteOpen || l.Remarks[0].Row != 3 {
		t.Errorf("%+v", l.Remarks)
	}
}

// Whatever else stands in a list, a good row is sold.
func TestNoRowStopsAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		junk := rapid.SliceOfN(rapid.StringOf(rapid.RuneFrom([]rune("\",;\t \x00\uFFFD1.E+#aé茶\n"))), 0, 8).Draw(t, "junk")
		at := rapid.IntRange(0, len(junk)).Draw(t, "at")
		rows := slices.Insert(slices.Clone(junk), at, "good-1,Good,1.00,13")
		l := ReadList("code,name,price,tax\n"+strings.Join(rows, "\n"), money.CNY, nil)
		if item, ok := l.Find("good-1"); !ok || item.UnitPriceMinor != 100 {
			t.Fatalf("it is not sold: %+v", l.Remarks)
		}
	})
}

// What a remark repeats of a file is short, and no number as long as a card's is repeated whole.
func TestRemarksRepeatLittle(t *testing.T) {
	for text, want := range map[string]string{"6222020000000001234": "622202…1234", "6901234567892": "6901234567892", "a\x1b[2Jb": "a?[2Jb", strings.Repeat("长", 60): strings.Repeat("长", 40) + "…", "\xff": "?"} {
		if got := shortened(text); got != want {
			t.Errorf("%q is told as %q, want %q", text, got, want)
		}
	}
}

// A list marks its favourites, and names its pictures. What points out of the list's folder is no picture, and costs no item.
func TestFavouritesAndPictures(t *testing.T) {
	l := ReadList("code,name,price,tax,常用,图片\n1,Tea,1,0,yes,tea.png\n2,Milk,1,0,no,../milk.png\n3,Egg,1,0,,C:\\egg.png\n4,Rice,1,0,是,\n", money.CNY, nil)
	var names []string
	for _, item := range l.Favourites() {
		names = append(names, item.Name.EN)
	}
	if !slices.Equal(names, []string{"Tea", "Rice"}) {
		t.Errorf("favourites %q", names)
	}
	if l.Len() != 4 || len(l.Remarks) != 2 || l.Remarks[0].Kind != PictureName || l.Remarks[0].Refused {
		t.Errorf("%d items, remarks %+v", l.Len(), l.Remarks)
	}
	if tea, _ := l.Find("1"); tea.Picture != "tea.png" {
		t.Errorf("%+v", tea)
	}
	if milk, _ := l.Find("2"); milk.Picture != "" {
		t.Errorf("%+v", milk)
	}
}
