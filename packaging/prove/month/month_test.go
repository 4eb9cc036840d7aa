package month

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"veratill/txn"
)

// few payments make a month that has everything; the largest is only summed.
const few = 1000

// read is what a file says of a payment or of money that went back, read here by the header's names alone.
type read struct {
	format, kind, number, order, back string
	minor, feeMinor                   int64
	gives, failed                     bool
}

// text is a file without its packing.
func text(t *testing.T, f File) string {
	t.Helper()
	content := f.Content
	if bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
		r, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if content, err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	if bytes.HasPrefix(content, []byte("PK")) {
		z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		r, err := z.File[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		packed, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if content, err = simplifiedchinese.GB18030.NewDecoder().Bytes(packed); err != nil {
			t.Fatal(err)
		}
	}
	return strings.TrimPrefix(string(content), "\ufeff")
}

// cents reads any figure of these files.
func cents(t *testing.T, figure string) int64 {
	t.Helper()
	if figure == "" {
		return 0
	}
	plain := strings.NewReplacer("$", "", ",", "", "(", "-", ")", "").Replace(figure)
	whole, fraction, _ := strings.Cut(plain, ".")
	fraction = (fraction + "00")[:2]
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		t.Fatalf("%q is no figure: %v", figure, err)
	}
	return n
}

// columns are what each format calls what is counted here: kind, amount, fee, number of the row, the till's number, the till's number of giving back.
var columns = map[string][6]string{
	wechat:   {"交易状态", "订单金额", "手续费", "微信订单号", "商户订单号", "商户退款单号"},
	alipay:   {"业务类型", "订单金额（元）", "服务费（元）", "支付宝交易号", "商户订单号", "退款批次号/请求号"},
	allinpay: {"交易类型", "交易金额", "手续费", "参考号", "凭证号", "交易批次号"},
	adyen:    {"Type", "Gross Credit (GC)", "Markup (NC)", "Psp Reference", "Merchant Reference", "Modification Reference"},
	stripe:   {"reporting_category", "gross", "fee", "source_id", "charge_id", "payment_intent_id"},
	square:   {"Event Type", "Card", "Fees", "Payment ID", "Transaction ID", "PAN Suffix"},
	table:    {"类型", "金额", "手续费", "流水号", "订单号", "退款单号"},
}

// takes and gives are the words of the payments that are counted, and of the money that goes back.
var takes = []string{"SUCCESS", "交易", "消费", "Settled", "charge", "Payment"}
var gives = []string{"REFUND", "REVOKED", "退款", "退货", "消费撤销", "消费冲正", "Refunded", "refund", "Refund", "撤销"}

func rowsOf(t *testing.T, f File) (all []read) {
	t.Helper()
	lines := strings.Split(text(t, f), "\n")
	if f.Format == alipay {
		lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "#") })
	}
	if f.Format == wechat {
		lines = lines[:slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "总交易单数") })]
	}
	r := csv.NewReader(strings.NewReader(strings.Join(lines, "\n")))
	cells, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	for _, line := range cells[1:] {
		said := func(column int) string {
			at := slices.Index(cells[0], columns[f.Format][column])
			if at < 0 {
				t.Fatalf("%s has no column %s", f.Name, columns[f.Format][column])
			}
			return strings.Trim(line[at], "`\t")
		}
		if kind := said(0); slices.Contains(takes, kind) || slices.Contains(gives, kind) {
			one := read{format: f.Format, kind: kind, number: said(3), order: said(4), back: said(5), gives: slices.Contains(gives, kind)}
			figures := said(1)
			if f.Format == wechat && one.gives {
				figures = strings.Trim(line[slices.Index(cells[0], "申请退款金额")], "`")
				one.number = strings.Trim(line[slices.Index(cells[0], "微信退款单号")], "`")
			}
			if f.Format == adyen && one.gives {
				figures, one.number = line[slices.Index(cells[0], "Gross Debit (GC)")], one.back
			}
			if f.Format == alipay && one.gives {
				one.number = one.back
			}
			if one.minor = cents(t, figures); one.minor < 0 {
				one.minor = -one.minor
			}
			if one.feeMinor = cents(t, said(2)); f.Format == adyen {
				one.feeMinor += cents(t, line[slices.Index(cells[0], "Scheme Fees (NC)")])
			}
			one.failed = slices.Contains(line, "失败")
			all = append(all, one)
		}
	}
	return all
}

// once are the files without those that come again.
func once(files []File) (all []File) {
	for _, f := range files {
		if !slices.ContainsFunc(all, func(o File) bool { return o.Name == f.Name }) {
			all = append(all, f)
		}
	}
	return all
}

func everyRow(t *testing.T, m Month) (all []read) {
	t.Helper()
	for _, f := range once(m.Files) {
		all = append(all, rowsOf(t, f)...)
	}
	return all
}

func TestASeedMakesTheSameMonthAgain(t *testing.T) {
	a, b := Plant(7, few), Plant(7, few)
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed made another month")
	}
	if reflect.DeepEqual(a.Attempts, Plant(8, few).Attempts) {
		t.Error("another seed made the same month")
	}
}

// formatsOf tells by line and currency of which format's files an attempt is.
func formatOfAttempt(m Month, a txn.Attempt) string {
	for _, f := range formats {
		if a.Tender != txn.Cash && a.Line == m.Ours[f.name].Line && a.Amount.Currency == f.currency {
			return f.name
		}
	}
	return ""
}

// sums are by format what was paid and what went back.
type sums map[string][2]int64

func (s sums) add(format string, gives bool, minor int64) {
	both := s[format]
	if gives {
		both[1] += minor
	} else {
		both[0] += minor
	}
	s[format] = both
}

// What the files sum to is what the till says, with the planted differences and nothing else.
func TestFilesSumToTheAttemptsAndTheDifferences(t *testing.T) {
	for seed := range uint64(3) {
		m := Plant(seed, 5000)
		inFiles := sums{}
		rows := everyRow(t, m)
		for _, r := range rows {
			inFiles.add(r.format, r.gives, r.minor)
		}
		if len(rows) < 5000 {
			t.Errorf("seed %d: the files have %d rows, below 5,000", seed, len(rows))
		}
		if got, want := inFiles, expected(m); !maps.Equal(got, want) {
			t.Errorf("seed %d: the files sum to %v, and attempts with differences to %v", seed, got, want)
		}
	}
}

// stands reports whether the till has a payment as through: what a void undid was, and what the line undid by itself was not.
func stands(a txn.Attempt) bool { return a.Concluded() || a.State == txn.Voided && a.VoidedBy != 0 }

func expected(m Month) sums {
	want, attempts := sums{}, map[txn.ID]txn.Attempt{}
	last := midnight(lastDay + 1)
	for _, a := range m.Attempts {
		attempts[a.ID] = a
		format := formatOfAttempt(m, a)
		if format != "" && stands(a) && a.Opened().Before(last) {
			want.add(format, a.Kind.GivesBack(), a.Amount.Minor)
		}
	}
	for _, w := range m.Want {
		a := attempts[w.Attempt]
		switch w.Class {
		case Timing, Overdue:
			want.add(w.Format, a.Kind.GivesBack(), -a.Amount.Minor)
		case Kept:
			if !stands(a) { // else it is in the sum already
				want.add(w.Format, false, w.AmountMinor)
			}
		case Unknown, Twice, TwiceInFile, Anothers, BankOnly:
			want.add(w.Format, a.Kind.GivesBack(), w.AmountMinor)
		case Amount:
			want.add(w.Format, a.Kind.GivesBack(), w.AmountMinor-a.Amount.Minor)
		case State, TooMuchBack:
			want.add(w.Format, true, w.AmountMinor)
		}
	}
	for _, id := range m.Undone {
		a := attempts[id]
		want.add(formatOfAttempt(m, a), false, a.Amount.Minor)
		want.add(formatOfAttempt(m, a), true, a.Amount.Minor)
	}
	return want
}

// Each class is planted three times at least in each format that can tell it.
func TestEachDifferenceIsPlantedInEachFormatThatTellsIt(t *testing.T) {
	tellers := map[string][]string{
		Kept: {wechat, alipay, allinpay, adyen, table}, Unknown: {wechat, alipay, allinpay, adyen, table},
		Anothers: {wechat, alipay, allinpay, adyen, square, table}, BankOnly: all, Twice: {wechat, alipay, allinpay, adyen, table}, TwiceInFile: all,
		Timing: ours, Overdue: ours, Refused: {wechat, adyen, stripe, table}, Amount: {wechat, alipay, allinpay, adyen, table}, Fee: all, State: all, Currency: {wechat, adyen, table}, TooMuchBack: {wechat, allinpay, table},
	}
	m := Plant(3, few)
	count := map[[2]string]int{}
	for _, w := range m.Want {
		count[[2]string{w.Class, w.Format}]++
	}
	for class, formats := range tellers {
		for _, f := range all {
			n := count[[2]string{class, f}]
			if slices.Contains(formats, f) && n < 3 || !slices.Contains(formats, f) && n > 0 {
				t.Errorf("%s has %d of %q", f, n, class)
			}
		}
	}
	for _, f := range all {
		if m.Matched[f] < 20 {
			t.Errorf("%s has %d matched attempts", f, m.Matched[f])
		}
	}
}

// A difference names a row that is in a file, and an attempt that is in the books.
func TestDifferencesNameRowsAndAttempts(t *testing.T) {
	m := Plant(4, few)
	rows := map[[2]string][]read{}
	for _, r := range everyRow(t, m) {
		key := [2]string{r.format, r.number}
		rows[key] = append(rows[key], r)
	}
	named := map[txn.ID]bool{0: true}
	for _, a := range m.Attempts {
		named[a.ID] = true
	}
	for _, w := range m.Want {
		n := 1
		switch w.Class {
		case Timing, Overdue:
			n = 0
		case TwiceInFile:
			n = 2
		}
		found := rows[[2]string{w.Format, w.Key}]
		if len(found) != n || n > 0 && found[0].minor != w.AmountMinor || w.Attempt == 0 != (w.Class == Anothers || w.Class == BankOnly) || !named[w.Attempt] {
			t.Errorf("%+v names %v", w, found)
		}
	}
	several := 0
	for _, p := range m.Proposals {
		if len(p.Attempts) == 0 || len(rows[[2]string{p.Format, p.Key}]) != 1 {
			t.Errorf("%+v fits nothing", p)
		}
		if len(p.Attempts) > 1 {
			several++
		}
	}
	if several < 3 {
		t.Errorf("%d rows fit several attempts: too few", several)
	}
}

// The fee of a payment is more than a cent from the rate where that is planted, and nowhere else; and some are a cent off.
func TestFeesDifferWhereThatIsPlanted(t *testing.T) {
	m := Plant(14, few)
	planted := map[string]bool{}
	for _, w := range m.Want {
		if w.Class == Fee {
			planted[w.Format+w.Key] = true
		}
	}
	const cent = 1_000_000 // in which amount × parts per million is counted
	near := 0
	for _, r := range everyRow(t, m) {
		if r.gives || r.failed {
			continue
		}
		off := max(r.feeMinor, -r.feeMinor)*cent - r.minor*m.Rates[r.format]
		off = max(off, -off)
		if (off > cent) != planted[r.format+r.number] {
			t.Errorf("%s %s: the fee of %d is %d, planted %t", r.format, r.number, r.minor, r.feeMinor, planted[r.format+r.number])
		}
		if off > cent/2 && off <= cent {
			near++
		}
	}
	if near < 3*len(formats) {
		t.Errorf("%d fees are a cent off at most: too few", near)
	}
}

// Each attempt that the till has as through, and whose day has files, is told as it is, or differs, or can only be proposed.
func TestAttemptsMatchOrDifferOrAreProposed(t *testing.T) {
	m := Plant(11, few)
	through, differs, proposed := map[string]int{}, map[string]map[txn.ID]bool{}, map[string]int{}
	for _, f := range all {
		differs[f] = map[txn.ID]bool{}
	}
	state := map[txn.ID]txn.Attempt{}
	for _, a := range m.Attempts {
		state[a.ID] = a
		if f := formatOfAttempt(m, a); f != "" && stands(a) && a.Opened().Before(midnight(lastDay+1)) {
			through[f]++
		}
	}
	for _, w := range m.Want {
		if stands(state[w.Attempt]) {
			differs[w.Format][w.Attempt] = true
		}
	}
	for _, p := range m.Proposals {
		proposed[p.Format]++
	}
	for _, f := range all {
		if m.Matched[f]+len(differs[f])+proposed[f] != through[f] {
			t.Errorf("%s: %d matched, %d different and %d proposed are not %d", f, m.Matched[f], len(differs[f]), proposed[f], through[f])
		}
	}
}

// Each row has a number by which the till knows an attempt, but those that are planted without, and those of separate terminals, which have none.
func TestRowsNameTheirAttempts(t *testing.T) {
	m := Plant(12, few)
	known, without := map[string]bool{}, map[string]bool{}
	for _, a := range m.Attempts {
		f := formatOfAttempt(m, a)
		known[f+a.Reference], known[f+strings.TrimSpace(a.Answer.RRN)] = true, true
	}
	for _, w := range m.Want {
		without[w.Format+w.Key] = w.Class == BankOnly || w.Class == Anothers
	}
	for _, p := range m.Proposals {
		without[p.Format+p.Key] = true
	}
	trace := 0
	for _, r := range everyRow(t, m) {
		names := []string{r.number, r.order}
		if r.format == allinpay {
			names = []string{r.number}
			if r.order != "" {
				names, trace = []string{r.back + "/" + r.order}, trace+1
			}
		}
		found := slices.ContainsFunc(names, func(name string) bool { return name != "" && known[r.format+name] })
		if formatOf(r.format).tender == txn.External {
			if found {
				t.Errorf("%+v names an attempt that a person said", r)
			}
			continue
		}
		another := r.format == allinpay && without[r.format+r.number] // it may have our numbers, at another terminal
		if found == without[r.format+r.number] && !another {
			t.Errorf("%+v names an attempt: %t, planted without: %t", r, found, without[r.format+r.number])
		}
	}
	if trace == 0 {
		t.Error("no row of the bank has batch and voucher")
	}
}

// Of a separate terminal the till knows what a person said and typed, and nothing that names the payment; each of its rows is linked, or can only be proposed.
func TestASeparateTerminalsAttemptsAreAsTheTillMakesThem(t *testing.T) {
	m := Plant(13, few)
	typed, bare := 0, 0
	for _, a := range m.Attempts {
		if a.Tender != txn.External {
			continue
		}
		if a.Reference != "" || a.Answer.RRN != "" || a.Card.Masked != "" {
			t.Errorf("%+v has what this till never gets", a)
		}
		if a.Answer.ApprovalCode != "" {
			typed++
		} else {
			bare++
		}
	}
	if typed < 20 || bare < 20 {
		t.Errorf("%d have a code and %d have none: too few", typed, bare)
	}
	for _, f := range []string{adyen, stripe, square} {
		if !slices.ContainsFunc(m.Links, func(l Link) bool { return l.Format == f && l.Attempt != 0 }) {
			t.Errorf("no row of %s is linked", f)
		}
	}
}

// Attempts have ids that rise, a batch and STAN that no other has, and numbers that no other line gave.
func TestAttemptsAreThoseOfATill(t *testing.T) {
	m := Plant(5, few)
	traces, references := map[string]bool{}, map[string]bool{}
	var last txn.Attempt
	wrapped := false
	for _, a := range m.Attempts {
		if a.ID <= last.ID || a.OpenedMs < last.OpenedMs || traces[a.Trace()] || a.Reference != "" && references[a.Reference] {
			t.Errorf("%d after %d: opened %d after %d, trace %s, reference %s", a.ID, last.ID, a.OpenedMs, last.OpenedMs, a.Trace(), a.Reference)
		}
		if a.Amount.Payable() != nil || a.Kind.GivesBack() != (a.Original != 0) || a.Original >= a.ID {
			t.Errorf("%+v can't be", a)
		}
		wrapped = wrapped || a.ID.STAN() < last.ID.STAN()
		traces[a.Trace()], references[a.Reference], last = true, true, a
	}
	if !wrapped {
		t.Error("STANs do not begin anew within the month")
	}
}

// Files come again, and one comes late.
func TestFilesArriveTwiceAndLate(t *testing.T) {
	m := Plant(6, few)
	if again := len(m.Files) - len(once(m.Files)); again != 2*len(formats) {
		t.Errorf("%d files come again", again)
	}
	if len(once(m.Files)) != lastDay*len(formats) {
		t.Errorf("there are %d files", len(once(m.Files)))
	}
	of := func(day int) int {
		return slices.IndexFunc(m.Files, func(f File) bool { return f.Name == formats[0].file(day) })
	}
	if of(tardyDay) < of(tardyDay+1) {
		t.Error("no file comes after the next day's")
	}
}

var (
	runs   = regexp.MustCompile(`[0-9]+`)
	tracks = regexp.MustCompile(`[0-9]{12,19}[=D][0-9]{4}|%B[0-9]{12,19}\^`)
)

// cardNumber reports whether digits could be a card's: ISO/IEC 7812-1, by the first digits of the schemes that there are.
// A reference of the till's begins with the year, and so with 2: no card of fewer than 16 digits does.
func cardNumber(digits string) bool {
	if len(digits) < 13 || len(digits) > 19 || !strings.ContainsRune("23456", rune(digits[0])) || digits[0] == '2' && len(digits) < 16 {
		return false
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// The samples of single files hold no card number either, and each says what is in it or what is wrong with it.
func TestSamplesHoldNoCardNumberAndSayWhatTheyAre(t *testing.T) {
	samples := filepath.Join("..", "..", "..", "txn", "clearing", "testdata", "samples")
	files := 0
	err := filepath.WalkDir(samples, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, ".json") {
			return err
		}
		files++
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		said, err := os.ReadFile(name + ".json")
		if err != nil {
			return err
		}
		var says struct {
			Format, Why string
			Rows        *int
		}
		if err := json.Unmarshal(said, &says); err != nil || says.Format == "" || says.Why == "" == (says.Rows == nil) {
			t.Errorf("%s.json says neither what is in it nor what is wrong with it: %v", name, err)
		}
		plain := string(content)
		if says.Rows != nil && !strings.HasSuffix(name, ".xlsx") {
			plain = text(t, File{Format: says.Format, Content: content})
		}
		if slices.ContainsFunc(runs.FindAllString(plain, -1), cardNumber) || tracks.MatchString(plain) {
			t.Errorf("%s holds a card number or a track", name)
		}
		return nil
	})
	if err != nil || files < 30 {
		t.Errorf("%d samples: %v", files, err)
	}
}

func TestNothingHoldsACardNumber(t *testing.T) {
	m := Plant(9, few)
	check := func(where, what string) {
		if found := slices.IndexFunc(runs.FindAllString(what, -1), cardNumber); found >= 0 || tracks.MatchString(what) {
			t.Errorf("%s holds a card number or a track", where)
		}
	}
	for _, f := range m.Files {
		check(f.Name, f.Name)
		check(f.Name, text(t, f))
	}
	for _, a := range m.Attempts {
		check(a.Trace(), strings.Join([]string{a.Line, a.Reference, a.Merchant, a.Card.Masked, a.Answer.RRN, a.Answer.ApprovalCode}, " "))
	}
	if number := "411111" + "1111111111"; !cardNumber(number) || !tracks.MatchString(number+"=2612") {
		t.Error("a card number or a track is not recognised")
	}
}
