package escpos

import "testing"

func BenchmarkReceipt(b *testing.B) {
	e, err := NewEncoder(Profile{})
	if err != nil {
		b.Fatal(err)
	}
	doc := SpecimenReceipt()
	buf, err := e.Append(nil, doc)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = e.Append(buf[:0], doc)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "receipts/s")
	b.ReportMetric(float64(len(buf)), "bytes")
}
