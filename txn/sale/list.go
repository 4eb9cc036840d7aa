package sale

import (
	"slices"
	"strings"
	"unicode"

	"veratill/txn/money"
)

// List is what a file of articles holds: what can be sold, and a remark on whatever is wrong with it.
type List struct {
	*Catalogue          // what can be sold; never nil
	Remarks    []Remark // in the order of the rows
	Rows       int      // with an article in them, those that are refused too
	Unread     []string // columns that mean nothing to the till
}

// Refused is how many rows are not sold; those of a file that can't be read at all are not counted.
func (l List) Refused() int {
	rows := map[int]bool{}
	for _, r := range l.Remarks {
		if r.Refused && r.Row > 0 {
			rows[r.Row] = true
		}
	}
	return len(rows)
}

// Whole reports whether every row is sold.
func (l List) Whole() bool {
	return !slices.ContainsFunc(l.Remarks, func(r Remark) bool { return r.Refused })
}

// Remark is what is wrong with one cell of an article list, with a row, or with the file.
type Remark struct {
	Row     int        `json:"row"`                // as a spreadsheet counts them, the header too; 0 is the whole file
	Column  string     `json:"column,omitempty"`   // as the file's header has it
	Code    string     `json:"code,omitempty"`     // of the row, as far as it has one
	Kind    RemarkKind `json:"what"`               // what is wrong
	Value   string     `json:"value,omitempty"`    // what stands there, or what is missing; short, and safe to show
	Other   int        `json:"otherRow,omitempty"` // the row that has the same code
	Refused bool       `json:"refused"`            // the row is not sold; of the whole file, nothing is
}

// RemarkKind is one of RemarkKinds.
type RemarkKind string

// What can be wrong with an article list.
const (
	FileMissing   RemarkKind = "file-missing"  // it can't be opened or read
	FileWorkbook  RemarkKind = "file-workbook" // it is a spreadsheet's own format, not a text
	FileEmpty     RemarkKind = "file-empty"
	FileCurrency  RemarkKind = "file-currency" // its prices are in another currency than the till's
	ColumnMissing RemarkKind = "column-missing"
	ColumnTwice   RemarkKind = "column-twice"
	CellsTooMany  RemarkKind = "cells-too-many" // more than the header has
	QuoteOpen     RemarkKind = "quote-open"     // a quotation mark begins that nothing ends
	CellEmpty     RemarkKind = "cell-empty"
	Scientific    RemarkKind = "scientific" // 6.9E+12: the spreadsheet has thrown digits away
	CodeFigure    RemarkKind = "code-figure"
	CodeTwice     RemarkKind = "code-twice"
	NameGarbled   RemarkKind = "name-garbled"
	Figure        RemarkKind = "figure"         // no plain figure
	FigureUnclear RemarkKind = "figure-unclear" // 1,234 can be two things
	FigureLong    RemarkKind = "figure-long"    // more decimals than there can be
	FigureRange   RemarkKind = "figure-range"
	UnitUnknown   RemarkKind = "unit-unknown"
	CheckDigitOff RemarkKind = "check-digit"  // sold, as a number of the shop's own
	ZeroLost      RemarkKind = "zero-lost"    // sold, as a number of the shop's own
	PictureName   RemarkKind = "picture-name" // sold, without a picture
)

// RemarkKinds is the closed set.
var RemarkKinds = []RemarkKind{FileMissing, FileWorkbook, FileEmpty, FileCurrency, ColumnMissing, ColumnTwice, CellsTooMany, QuoteOpen, CellEmpty, Scientific,
	CodeFigure, CodeTwice, NameGarbled, Figure, FigureUnclear, FigureLong, FigureRange, UnitUnknown, CheckDigitOff, ZeroLost, PictureName}

// FileRefused is the list of a file of which nothing is sold, and why.
func FileRefused(kind RemarkKind, value string) List {
	empty, _ := NewCatalogue(nil)
	return List{Catalogue: empty, Remarks: []Remark{{Kind: kind, Value: cut(value, mostOfFault), Refused: true}}}
}

// column is what a column of an article list is for.
type column string

const (
	codeColumn     column = "code"
	numberColumn   column = "number" // the shop's own, where there is no code
	nameColumn     column = "name"   // in whatever language it is written
	zhColumn       column = "zh"
	enColumn       column = "en"
	initialsColumn column = "initials"
	groupColumn    column = "group"
	priceColumn    column = "price"
	taxColumn      column = "tax"
	unitColumn     column = "unit"
	firstColumn    column = "favourite"
	pictureColumn  column = "picture"
)

// headings are the names that a column may have, in small letters and without blanks. The Chinese ones are those of the tills that
// shops come from.
var headings = map[column][]string{
	codeColumn:     {"code", "barcode", "gtin", "ean", "upc", "条码", "条形码", "商品条码", "商品条形码"},
	numberColumn:   {"number", "sku", "plu", "货号", "商品编码", "商品编号", "自编码", "编码"},
	nameColumn:     {"name", "itemname", "productname", "品名", "名称", "商品名称", "商品名"},
	zhColumn:       {"zh", "namezh", "chinesename", "中文名", "中文名称"},
	enColumn:       {"en", "nameen", "englishname", "英文名", "英文名称"},
	initialsColumn: {"initials", "拼音码", "助记码", "拼音", "拼音首字母"},
	groupColumn:    {"group", "category", "categories", "分类", "类别", "商品分类", "商品类别"},
	priceColumn:    {"price", "retailprice", "unitprice", "售价", "零售价", "销售价", "单价", "价格"},
	taxColumn:      {"tax", "taxrate", "vat", "vatrate", "税率"},
	unitColumn:     {"unit", "uom", "单位", "主单位", "销售单位"},
	firstColumn:    {"favourite", "favorite", "常用"},
	pictureColumn:  {"picture", "image", "图片", "商品图片"},
}

// columnOf is what a heading stands for; empty where it means nothing to the till. What stands behind it in brackets, such as
// （必填） or (%), is not part of the name.
func columnOf(heading string) column {
	name := strings.ToLower(tidy(heading))
	if at := strings.IndexAny(name, "(（[【"); at > 0 {
		name = name[:at]
	}
	name = strings.NewReplacer(" ", "", "_", "", "-", "", "*", "", "%", "", "\u00a0", "").Replace(name)
	for column, names := range headings {
		if slices.Contains(names, name) {
			return column
		}
	}
	return ""
}

// ReadList reads an article list: text whose first row names its columns, separated by commas, semicolons or tabs. Of code, a name,
// price and tax none may be missing. garbled says of a name that it was read in a wrong encoding; nil knows of none. A row that is
// wrong is remarked on and not sold, and stops no other.
func ReadList(text string, currency money.Currency, garbled func(name string) bool) List {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\uFEFF")), "\n")
	first := 0
	for first < len(lines) && (tidy(lines[first]) == "" || strings.HasPrefix(strings.ToLower(lines[first]), "sep=")) { // a spreadsheet's hint
		first++
	}
	if first == len(lines) {
		return FileRefused(FileEmpty, "")
	}
	r := listReader{currency: currency, garbled: garbled, separator: separatorOf(lines[first]), seen: map[string]int{}, at: map[column]int{}}
	r.header(lines[first])
	if len(r.list.Remarks) == 0 {
		for _, row := range splitTable(lines[first+1:], r.separator, r.wholeRow) {
			row.number += first + 1
			r.row(row)
		}
	}
	r.list.Catalogue, _ = NewCatalogue(r.items) // each was tried by itself, and no two have one code
	return r.list
}

// listReader reads one list.
type listReader struct {
	currency  money.Currency
	garbled   func(string) bool
	separator byte
	head      []string       // as the file writes it
	at        map[column]int // where each column stands
	seen      map[string]int // rows by their key
	items     []Item
	list      List
	now       tableRow
	code      string // of the row that is read
	bad       bool   // the row that is read is refused
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return c != "" })
}

// header reads the first row. What it lacks is remarked on for the whole file: no row can be sold then.
func (r *listReader) header(line string) {
	r.head, _ = splitLine(line, r.separator)
	for i, heading := range r.head {
		is := columnOf(heading)
		switch _, twice := r.at[is]; {
		case is == "":
			if heading != "" {
				r.list.Unread = append(r.list.Unread, shortened(heading))
			}
		case twice:
			r.list.Remarks = append(r.list.Remarks, Remark{Column: shortened(heading), Kind: ColumnTwice, Value: string(is), Refused: true})
		default:
			r.at[is] = i
		}
	}
	for _, need := range [][]column{{codeColumn, numberColumn}, {nameColumn, zhColumn, enColumn}, {priceColumn}, {taxColumn}} {
		if !slices.ContainsFunc(need, r.has) {
			r.list.Remarks = append(r.list.Remarks, Remark{Kind: ColumnMissing, Value: string(need[0]), Refused: true})
		}
	}
}

func (r *listReader) has(c column) bool { _, there := r.at[c]; return there }

// wholeRow takes lines for one row only where they have the header's cells, and what goes over several lines is nothing that the till
// reads: a quotation mark that somebody forgot must not swallow the rows below it.
func (r *listReader) wholeRow(cells []string) bool {
	for _, i := range r.at {
		if i < len(cells) && strings.Contains(cells[i], "\n") {
			return false
		}
	}
	return len(cells) == len(r.head)
}

// cell is what a row has in a column, and what the file calls that column.
func (r *listReader) cell(c column) (value, heading string) {
	i, there := r.at[c]
	if !there {
		return "", ""
	}
	if i < len(r.now.cells) {
		value = r.now.cells[i]
	}
	return value, shortened(r.head[i])
}

// remark says that a row is wrong, and refuses it.
func (r *listReader) remark(kind RemarkKind, heading, value string) {
	r.bad = true
	r.list.Remarks = append(r.list.Remarks, Remark{Row: r.now.number, Column: heading, Code: shortened(r.code), Kind: kind, Value: shortened(value), Refused: true})
}

// note says what somebody should look at in a row that is sold all the same.
func (r *listReader) note(kind RemarkKind, heading, value string) {
	r.list.Remarks = append(r.list.Remarks, Remark{Row: r.now.number, Column: heading, Code: shortened(r.code), Kind: kind, Value: shortened(value)})
}

// row reads an article. Everything that is wrong with it is said, not the first thing alone.
func (r *listReader) row(row tableRow) {
	if blank(row.cells) || strings.HasPrefix(row.cells[0], "#") {
		return
	}
	r.now, r.bad = row, false
	r.list.Rows++
	r.code, _ = r.cell(codeColumn)
	switch {
	case row.open:
		r.remark(QuoteOpen, "", row.cells[len(row.cells)-1])
		return
	//mutant:too-many-cells
	case len(row.cells) > len(r.head): // a comma in a price or a name, perhaps: what stands where is not known
		r.remark(CellsTooMany, "", row.cells[len(r.head)])
		return
	}
	item := Item{Code: r.readCode()}
	item.Name = r.readName()
	item.Initials, _ = r.cell(initialsColumn)
	item.Group, _ = r.cell(groupColumn)
	item.UnitPriceMinor = r.readFigure(priceColumn, r.currency.Digits(), money.MaxMinor)
	item.TaxRatePPM = r.readFigure(taxColumn, percentPlaces, MaxRatePPM)
	item.Unit = r.readUnit()
	item.Favourite, item.Picture = r.readTile()
	if !r.bad {
		if _, err := price(item, OneE5); err != nil {
			r.remark(FigureRange, "", err.Error())
		}
	}
	//mutant:a-refused-row-is-not-sold
	if r.bad {
		return
	}
	r.seen[codeKey(item.Code)] = row.number
	r.items = append(r.items, item)
}

// readTile is whether an item stands on the first tiles, and its picture. What can't be a file's name is no picture: it costs no item.
func (r *listReader) readTile() (first bool, picture string) {
	mark, _ := r.cell(firstColumn)
	first = mark != "" && !slices.Contains([]string{"0", "no", "false", "n", "否"}, strings.ToLower(mark))
	name, heading := r.cell(pictureColumn)
	//mutant:a-picture-stays-in-its-folder
	if strings.ContainsAny(name, `/\\:`) || strings.HasPrefix(name, ".") || len(name) > 120 {
		r.note(PictureName, heading, name)
		return first, ""
	}
	return first, name
}

// percentPlaces is how many decimals of a per cent make parts per million.
const percentPlaces = 4

// readCode is the article's code, or the shop's own number where it has none.
func (r *listReader) readCode() string {
	code, heading := r.cell(codeColumn)
	if code == "" {
		if number, own := r.cell(numberColumn); number != "" || heading == "" {
			code, heading = number, own
		}
	}
	r.code = code
	switch {
	case code == "":
		r.remark(CellEmpty, heading, "")
		return ""
	//mutant:scientific-is-refused
	case scientific(code):
		r.remark(Scientific, heading, code)
		return ""
	case len(code) > 60 || strings.ContainsFunc(code, func(c rune) bool { return !printable(c) || unicode.IsSpace(c) }) || spreadsheetNumber(code):
		r.remark(CodeFigure, heading, code)
		return ""
	}
	if other, twice := r.seen[codeKey(code)]; twice {
		r.remark(CodeTwice, heading, code)
		r.list.Remarks[len(r.list.Remarks)-1].Other = other
		return ""
	}
	if _, holds := KindOf(code); !holds {
		r.note(CheckDigitOff, heading, code)
	} else if lost := "0" + code; len(code) == 11 || len(code) == 7 {
		if kind, holds := KindOf(lost); kind != OwnCode && holds {
			r.note(ZeroLost, heading, lost)
		}
	}
	return code
}

// readName is the article's name in the languages that the list has it in. A name that nobody could read on a receipt is none.
func (r *listReader) readName() (n Name) {
	n.ZH, _ = r.cell(zhColumn)
	n.EN, _ = r.cell(enColumn)
	name, heading := r.cell(nameColumn)
	switch chinese := strings.ContainsFunc(name, func(c rune) bool { return unicode.Is(unicode.Han, c) }); {
	case chinese && n.ZH == "":
		n.ZH = name
	case !chinese && n.EN == "":
		n.EN = name
	}
	for _, c := range []column{zhColumn, enColumn, nameColumn} {
		//mutant:rubbish-is-no-name
		if text, its := r.cell(c); text != "" && r.rubbish(text) {
			r.remark(NameGarbled, its, text)
			return n
		}
	}
	if n == (Name{}) {
		for _, c := range []column{nameColumn, zhColumn, enColumn} {
			if heading == "" {
				_, heading = r.cell(c)
			}
		}
		r.remark(CellEmpty, heading, "")
	}
	return n
}

// rubbish reports whether a text is no name: it has a character that no name has, nothing that can be read at all, or was read in a
// wrong encoding.
func (r *listReader) rubbish(text string) bool {
	if strings.ContainsFunc(text, func(c rune) bool { return !printable(c) }) {
		return true
	}
	if !strings.ContainsFunc(text, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.Is(unicode.So, c) }) {
		return true
	}
	return strings.Contains(text, "锟斤拷") || r.garbled != nil && r.garbled(text)
}

// printable is false for what no text of a shop's holds: control characters, the mark of a character that could not be read, marks
// that turn or hide text, and characters that no one has defined.
func printable(c rune) bool {
	return c != unicode.ReplacementChar && !unicode.In(c, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) && unicode.In(c, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs)
}

// readFigure is the figure in a column, in units of its last place: 0 to most.
func (r *listReader) readFigure(c column, places int, most int64) int64 {
	text, heading := r.cell(c)
	if text == "" {
		r.remark(CellEmpty, heading, "")
		return 0
	}
	units, kind := readFigure(text, places, r.separator, c == taxColumn, r.currency)
	if kind == "" && units > most {
		kind = FigureRange
	}
	if kind != "" {
		r.remark(kind, heading, text)
		return 0
	}
	return units
}

// pieceWords and kilogramWords are how lists write the two units.
var (
	pieceWords    = strings.Fields("piece pieces pc pcs each ea unit 个 件 只 支 枝 瓶 包 袋 盒 罐 听 桶 箱 条 份 本 把 套 双 杯 张 块 板 卷 片 对 根 台 提 碗 筒 排 串 粒 颗 束 副 打 令 册 枚")
	kilogramWords = strings.Fields("kg kgs kilogram kilo 千克 公斤")
)

func (r *listReader) readUnit() Unit {
	text, heading := r.cell(unitColumn)
	switch word := strings.ToLower(text); {
	case word == "", slices.Contains(pieceWords, word):
		return Piece
	case slices.Contains(kilogramWords, word):
		return Kilogram
	}
	r.remark(UnitUnknown, heading, text)
	return Piece
}
