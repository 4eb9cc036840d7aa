package present

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"veratill/txn/money"
	"veratill/txn/sale"
)

// Figure is the figure of an amount with its thousands grouped, without the currency,
// and with the minus sign that is as wide as a digit.
func Figure(minor int64, c money.Currency) string {
	return strings.Replace(money.Amount{Minor: minor, Currency: c}.Grouped(), "-", "−", 1)
}

// Money is the figure with its currency's symbol once, before it.
func Money(minor int64, c money.Currency) string {
	figure := Figure(minor, c)
	symbol := strings.TrimSpace(c.Symbol())
	if last, _ := utf8.DecodeLastRuneInString(symbol); unicode.IsLetter(last) { // "CHF 4.00", and "¥4.00"
		symbol += " "
	}
	if rest, negative := strings.CutPrefix(figure, "−"); negative {
		return "−" + symbol + rest
	}
	return symbol + figure
}

// NoteFigure is what stands on a banknote: its figure with the currency's symbol, and no minor units where there are none.
func NoteFigure(minor int64, c money.Currency) string {
	text := Money(minor, c)
	if whole, minors, has := strings.Cut(text, "."); has && strings.Trim(minors, "0") == "" {
		return whole
	}
	return text
}

// Quantity is "2", or "1.250" and the word for kilogram.
func (w *Words) Quantity(quantityE5 int64, unit sale.Unit) string {
	figure := sale.QuantityFigure(quantityE5, unit)
	if unit == sale.Piece {
		return figure
	}
	return figure + " " + w.Text("unit."+string(unit))
}

// Each follows the quantity of a line: its unit where it is no piece, and the price of one.
func (w *Words) Each(of sale.Line, c money.Currency) string {
	price := Figure(of.UnitPriceMinor, c)
	if of.Unit == sale.Piece {
		return "× " + price
	}
	return w.Text("unit."+string(of.Unit)) + " × " + price
}

// PriceTag is what a tile says of an item's price: by the kilogram where it is weighed.
func (w *Words) PriceTag(item sale.Item, c money.Currency) string {
	price := Figure(item.UnitPriceMinor, c)
	if item.Unit == sale.Piece {
		return price
	}
	return price + "/" + w.Text("unit."+string(item.Unit))
}

// clock is the time of day; it is empty for no time.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("15:04:05")
}

// minute is the time of day without seconds, for what does not run.
func minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("15:04")
}

// Date is the day in this language's order.
func (w *Words) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(w.Text("format.date"))
}

// seconds is a span in whole seconds, never below zero.
func seconds(d time.Duration) string {
	return strconv.FormatInt(int64(max(d, 0)/time.Second), 10)
}
