package pdf_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"veratill/app/pdf"
	"veratill/escpos"
)

var made = time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC)

// specimen has each part of a document, some of them longer than a page.
func specimen(t *testing.T) []byte {
	t.Helper()
	d := pdf.New("真账收银 case 7", "真账便利店", made)
	d.Boxed("持卡人是对的：请贷记调整。")
	d.Heading("时间 Times")
	d.Fields([]pdf.Field{{"检索参考号 RRN", "000000000042"}, {"left out", ""}, {"long", strings.Repeat("a long value goes on below ", 8) + "itself"}})
	var rows [][]string
	for i := range 60 {
		rows = append(rows, []string{fmt.Sprintf("row%02d", i), "¥1,234.50"})
	}
	d.Table([]pdf.Column{{}, {Mm: 40, Right: true}}, rows)
	picture := image.NewGray(image.Rect(0, 0, 100, 3000))
	picture.SetGray(5, 5, color.Gray{Y: 255})
	d.Picture(picture, 72, "a picture that is longer than a page is made smaller")
	doc := new(escpos.Document)
	doc.Add(escpos.Text{S: "演示", Style: escpos.Style{Invert: true}}, escpos.LeftRight("净额 NET", "¥99,999,999.99", escpos.Style{Height: 2}), escpos.Rule{},
		escpos.Row{Cells: []escpos.Cell{{S: strings.Repeat("a name that is very long ", 6)}, {S: "3", Columns: 6, Align: escpos.Right}, {S: "¥103.60", Columns: 15, Align: escpos.Right}}}, escpos.Cut{}, escpos.Drawer{})
	d.Paper(doc)
	b, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The hash of a document says what was sent: the same content may not make other bytes.
func TestTheSameContentMakesTheSameBytes(t *testing.T) {
	if a, b := specimen(t), specimen(t); !bytes.Equal(a, b) {
		t.Errorf("two documents of one content differ: %d and %d bytes", len(a), len(b))
	}
}

// read is what another program reads in a document.
func read(t *testing.T, document []byte, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("VERATILL_JUDGES") == "required" {
			t.Fatalf("%s is missing: apt-get install poppler-utils", program)
		}
		t.Skipf("SKIPPED JUDGE: %s is missing: apt-get install poppler-utils", program)
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin = bytes.NewReader(document)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

func TestAnotherReaderFindsEveryWordOnItsPage(t *testing.T) {
	text := read(t, specimen(t), "pdftotext", "-layout", "-", "-")
	for _, want := range []string{"真账收银 case 7", "持卡人是对的：请贷记调整。", "检索参考号 RRN", "000000000042", "itself", "row00", "row59", "¥1,234.50", "made smaller", "演示", "净额 NET", "¥99,999,999.99", "¥103.60", "very long"} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %q", want)
		}
	}
	if strings.Contains(text, "left out") {
		t.Error("a field without a value is shown")
	}
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	for i, page := range pages {
		if foot := fmt.Sprintf("%d/%d", i+1, len(pages)); !strings.Contains(strings.ReplaceAll(page, " ", ""), foot) {
			t.Errorf("page %d does not say %s", i+1, foot)
		}
	}
}

// Every character of a text is on the page, wherever its lines end.
func TestNoCharacterIsLostAtALinesEnd(t *testing.T) {
	mixed := "请贷记调整（贷记调整）account 622202*********1234 退货失误，"
	long := strings.Repeat("x", 150)
	for cut := range 9 {
		text := strings.Repeat("。", 4*cut+cut%2) + strings.Repeat(mixed, 5) + long
		d := pdf.New("t", "f", made)
		d.Boxed(text)
		b, err := d.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		joined := strings.Join(strings.Fields(read(t, b, "pdftotext", "-layout", "-", "-")), "")
		if want := strings.Join(strings.Fields(text), ""); !strings.Contains(joined, want) {
			t.Fatalf("step %d, the page reads %q", cut, joined)
		}
	}
}

// A bank reads a copy of a fax: nothing may be small, or lie outside the page.
func TestNoWordIsSmallOrOutsideThePage(t *testing.T) {
	const pageWidthPt, pageHeightPt = 595.3, 841.9
	boxes := read(t, specimen(t), "pdftotext", "-bbox", "-", "-")
	word := regexp.MustCompile(`<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)<`)
	all := word.FindAllStringSubmatch(boxes, -1)
	if len(all) < 100 {
		t.Fatalf("%d words were read", len(all))
	}
	for _, m := range all {
		var at [4]float64
		for i := range at {
			at[i], _ = strconv.ParseFloat(m[i+1], 64)
		}
		if at[3]-at[1] < 10 || at[0] < 0 || at[1] < 0 || at[2] > pageWidthPt || at[3] > pageHeightPt {
			t.Errorf("%q stands at %v: its height is below 10 pt, or it is outside the page", m[5], at)
		}
	}
}

// A bank has no Chinese font: the characters that are shown travel along, and the others do not.
func TestTheCharactersOfADocumentTravelWithIt(t *testing.T) {
	document := specimen(t)
	fonts := read(t, document, "pdffonts", "-")
	line := regexp.MustCompile(`(?m)^\S+ +CID TrueType +Identity-H +yes +\S+ +yes`)
	if !line.MatchString(fonts) {
		t.Errorf("no font is embedded with its characters' names:\n%s", fonts)
	}
	if most := 200_000; len(document) > most {
		t.Errorf("the document has %d bytes, above %d", len(document), most)
	}
}
