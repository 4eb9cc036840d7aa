package report_test

import (
	"reflect"
	"strconv"
	"testing"

	"veratill/txn/report"
)

// Every figure of the totals is in their table: one that is added later and forgotten there fails here.
func TestTheTableHasEveryFigure(t *testing.T) {
	var totals report.Totals
	next := int64(1_000_001)
	var want []int64
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Int64:
			v.SetInt(next)
			want = append(want, next)
			next++
		case reflect.String:
			v.SetString("word" + strconv.FormatInt(next, 10))
		case reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i))
			}
		case reflect.Array:
			for i := range v.Len() {
				fill(v.Index(i))
			}
		case reflect.Map:
			v.Set(reflect.MakeMap(v.Type()))
			one := reflect.New(v.Type().Elem()).Elem()
			fill(one)
			v.SetMapIndex(reflect.ValueOf("cash"), one)
		}
	}
	fill(reflect.ValueOf(&totals).Elem())
	times := map[int64]bool{totals.OpenedMs: true, totals.FirstMs: true, totals.ClosedMs: true} // written as moments
	totals.Carried = []report.Carried{{Attempt: 42, AmountMinor: next, Code: "30"}}
	want = append(want, next)
	has := map[int64]bool{}
	for _, row := range totals.Table() {
		has[row.Count], has[row.Minor] = true, true
	}
	for _, n := range want {
		if !has[n] && !times[n] {
			t.Errorf("the figure %d of %+v is in no row", n, totals)
		}
	}
	totals.Currency = "CNY"
	if cells := totals.Table()[8].Cells("CNY"); len(cells) != len(report.Heads) || cells[0] != "sales" || cells[3] == "" {
		t.Errorf("%v", cells)
	}
}
