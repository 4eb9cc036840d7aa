package main

import (
	stdcontext "context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

const (
	salesADay = 1000
)

// longJournal is a till's folder with so many attempts, a thousand a day. It is made
// once: a second call finds it.
func longJournal(rows int) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "veratill", fmt.Sprintf("varied-journal-of-%d", rows))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	fresh := dir + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return "", err
	}
	begun := time.Now()
	// Without settings a till is a demonstration, and that keeps its books in this folder.
	if err := grow(filepath.Join(fresh, "demo"), rows); err != nil {
		return "", err
	}
	fmt.Fprintf(os.Stderr, "bench: a journal of %d attempts was made in %s, in %s\n", rows, time.Since(begun).Round(time.Second), dir)
	return dir, os.Rename(fresh, dir)
}

func grow(dir string, rows int) error {
	ctx := stdcontext.Background()
	j, err := journal.Open(ctx, dir, journal.Options{})
	if err != nil {
		return err
	}
	days := max(1, rows/salesADay)
	for day := range days {
		if err := growDay(ctx, j, day, days, min(rows, salesADay)); err != nil {
			return err
		}
		if err := j.Idle(ctx); err != nil {
			return err
		}
	}
	return j.Close()
}

// growDay is a day's sales, so many, and its end but for the last day.
func growDay(ctx stdcontext.Context, j *journal.Journal, day, days, sales int) error {
	atMs := soldAt(day, days, salesADay)
	for i := range sales {
		if err := growSale(ctx, j, int64(day*salesADay+i), soldAt(day, days, i)); err != nil {
			return err
		}
	}
	if day == days-1 {
		return nil
	}
	batch := j.OpenDay().Batch
	return j.Commit(ctx, txn.ByTill, txn.Lazy, txn.DayClosed{Batch: batch, Z: int64(day + 1), Totals: []byte(`{}`), AtMs: atMs},
		txn.DayOpened{Batch: batch + 1, Currency: string(currency), AtMs: atMs})
}

// soldAt is when the ith sale of a day was made, in Unix milliseconds: 36 s behind the one before it. The last day ends now.
func soldAt(day, days, i int) int64 {
	return time.Now().Add(-time.Duration(days-1-day)*24*time.Hour).UnixMilli() - int64(salesADay-i)*36_000
}

// byCard reports whether the nth sale is paid by card, and refusedCard whether the bank refuses that card; rrnOf is its number with the bank.
func byCard(n int64) bool { return spread(n, 2)%5 < 2 }

func refusedCard(n int64) bool { return spread(n, 4)%100 == 0 }

func rrnOf(n int64) string { return fmt.Sprintf("%012d", n) }

// growSale is the nth sale of books and its receipt, in cash or by card.
func growSale(ctx stdcontext.Context, j *journal.Journal, n int64, atMs int64) error {
	v := viewOf(j)
	v.AtMs = atMs
	cart := variedLines(n)
	a := txn.Attempt{Kind: txn.Sale, Tender: txn.Cash, Amount: cart.Total(), Terminal: terminal, Merchant: merchant, Cashier: fmt.Sprintf("%02d", spread(n, 1)%12),
		ReceivedMinor: cart.TotalMinor, OpenedMs: atMs}
	card := byCard(n)
	if card {
		a.Tender, a.Line, a.ReceivedMinor = txn.Card, "bench", 0
		a.Card = txn.CardFacts{Masked: fmt.Sprintf("622202*********%04d", spread(n, 3)%10_000), Scheme: "UnionPay", EntryMode: "022"}
	}
	sold, err := plan.Begin(v, txn.Matter{Attempt: a}, openedAt(v, cart), nil)
	if err != nil {
		return err
	}
	if err := j.Commit(ctx, txn.ByTill, txn.Lazy, sold.Records...); err != nil {
		return err
	}
	if card {
		said := txn.Event{Kind: txn.BankApproved, AtMs: atMs, Answer: txn.Answer{ResponseCode: "00", RRN: rrnOf(n), ApprovalCode: "123456", HostTime: "1123010203"}}
		if refusedCard(n) {
			said = txn.Event{Kind: txn.BankDeclined, AtMs: atMs, Answer: txn.Answer{ResponseCode: "51"}}
		}
		v = viewOf(j)
		if sold, err = plan.Move(v, txn.Matter{Attempt: sold.After, Bill: sold.Bill}, said); err != nil {
			return err
		}
		if err := j.Commit(ctx, txn.ByTill, txn.Lazy, sold.Records...); err != nil || len(sold.Bill.Prints) == 0 {
			return err
		}
	}
	printed, err := plan.MoveSale(v, sold.Bill, printedOf(sold.Bill))
	if err != nil {
		return err
	}
	return j.Commit(ctx, txn.ByTill, txn.Lazy, printed.Records...)
}

// spread is a number that follows from n and looks like any other: books grow the same each time.
func spread(n int64, of uint64) int64 {
	x := (uint64(n)*4 + of) * 0x9E3779B97F4A7C15
	x ^= x >> 29
	x *= 0xBF58476D1CE4E5B9
	return int64(x >> 33)
}

// growArticles is how many articles the shop of long books sells.
const growArticles = 5000

var (
	growGoods = []string{"牛肉面", "矿泉水", "口香糖", "酸奶", "苹果汁", "巧克力", "洗衣液", "牙膏", "大米", "酱油"}
	growNames = []string{"beef noodles", "mineral water", "chewing gum", "yoghurt", "apple juice", "chocolate", "detergent", "toothpaste", "rice", "soy sauce"}
	growMakes = []string{"北山", "Longma", "海河", "Orion", "金穗", "Lotus", "白云", "Delta"}
)

// variedLines is a sale of one to four of those articles.
func variedLines(n int64) sale.Sale {
	cart := sale.NewCart(currency)
	for i := range 1 + uint64(spread(n, 5)%4) {
		k := spread(n, 6+i) % growArticles
		k = k * k / growArticles // some sell more than others
		item := sale.Item{Code: fmt.Sprintf("69%011d", k), UnitPriceMinor: 100 + spread(k, 99)%5000, TaxRatePPM: 130_000, Unit: sale.Piece,
			Name: sale.Name{ZH: fmt.Sprintf("%s%s %dg", growMakes[k%8], growGoods[k%10], 100+k), EN: fmt.Sprintf("%s %s %d g", growMakes[k%8], growNames[k%10], 100+k)}}
		if _, err := cart.Add(item, sale.OneE5); err != nil {
			panic(err)
		}
	}
	s, err := cart.Freeze()
	if err != nil {
		panic(err)
	}
	return s
}
