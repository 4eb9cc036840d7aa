package finding_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"testing"
	"time"

	"veratill/packaging/prove/month"
	"veratill/txn/clearing"
	"veratill/txn/money"
)

// BenchmarkReconcile holds a month's files against its payments, beside the floor of splitting the same files into cells and nothing else. It reports rows a second, and how many times the floor it takes.
func BenchmarkReconcile(b *testing.B) {
	for _, payments := range []int{10_000, 30_000} {
		b.Run(fmt.Sprintf("payments=%d", payments), func(b *testing.B) {
			m := month.Plant(1, payments)
			var texts [][]byte
			for _, f := range m.Files {
				if f.Format != "alipay" && f.Format != "wechat" { // those are packed now and then
					texts = append(texts, f.Content)
				}
			}
			books := clearing.Books{Attempts: m.Attempts}
			var rows int
			var floor, whole time.Duration
			for b.Loop() {
				begun := time.Now()
				for _, text := range texts {
					cells(b, text)
				}
				floor += time.Since(begun)
				begun = time.Now()
				var files []clearing.File
				for _, text := range texts {
					split, err := clearing.Split(string(text))
					if err != nil {
						b.Fatal(err)
					}
					f, err := clearing.Read(split, clearing.Shop{Currency: money.CNY, Where: time.UTC})
					if err != nil {
						b.Fatal(err)
					}
					rows += len(f.Rows)
					files = append(files, f)
				}
				if items := clearing.Reconcile(files, books); len(items) == 0 {
					b.Fatal("nothing was told")
				}
				whole += time.Since(begun)
			}
			b.ReportMetric(float64(rows)/whole.Seconds(), "rows/s")
			b.ReportMetric(whole.Seconds()/floor.Seconds(), "x-of-csv")
		})
	}
}

func cells(b *testing.B, text []byte) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	for {
		if _, err := r.Read(); err == io.EOF {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}
