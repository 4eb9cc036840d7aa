package iso8583

// standard are the fields of ISO 8583:1987 by type and length, as its table of data elements has them. Of those that a profile does not
// use, an answer may bring any: they are passed over, because their length is known. The standard was not bought: this is the table as
// moov-io/iso8583 and jPOS publish it, where they agree.
var standard = []Field{
	{Number: 2, Type: N, Length: 19, Variable: 2}, {Number: 3, Type: N, Length: 6}, {Number: 4, Type: N, Length: 12}, {Number: 5, Type: N, Length: 12},
	{Number: 6, Type: N, Length: 12}, {Number: 7, Type: N, Length: 10}, {Number: 8, Type: N, Length: 8}, {Number: 9, Type: N, Length: 8},
	{Number: 10, Type: N, Length: 8}, {Number: 11, Type: N, Length: 6}, {Number: 12, Type: N, Length: 6}, {Number: 13, Type: N, Length: 4},
	{Number: 14, Type: N, Length: 4}, {Number: 15, Type: N, Length: 4}, {Number: 16, Type: N, Length: 4}, {Number: 17, Type: N, Length: 4},
	{Number: 18, Type: N, Length: 4}, {Number: 19, Type: N, Length: 3}, {Number: 20, Type: N, Length: 3}, {Number: 21, Type: N, Length: 3},
	{Number: 22, Type: N, Length: 3}, {Number: 23, Type: N, Length: 3}, {Number: 24, Type: N, Length: 3}, {Number: 25, Type: N, Length: 2},
	{Number: 26, Type: N, Length: 2}, {Number: 27, Type: N, Length: 1}, {Number: 28, Type: AN, Length: 9}, {Number: 29, Type: AN, Length: 9},
	{Number: 30, Type: AN, Length: 9}, {Number: 31, Type: AN, Length: 9}, {Number: 32, Type: N, Length: 11, Variable: 2}, {Number: 33, Type: N, Length: 11, Variable: 2},
	{Number: 34, Type: ANS, Length: 28, Variable: 2}, {Number: 35, Type: Z, Length: 37, Variable: 2}, {Number: 36, Type: Z, Length: 104, Variable: 3},
	{Number: 37, Type: AN, Length: 12}, {Number: 38, Type: AN, Length: 6}, {Number: 39, Type: AN, Length: 2}, {Number: 40, Type: AN, Length: 3},
	{Number: 41, Type: ANS, Length: 8}, {Number: 42, Type: ANS, Length: 15}, {Number: 43, Type: ANS, Length: 40}, {Number: 44, Type: ANS, Length: 25, Variable: 2},
	{Number: 45, Type: ANS, Length: 76, Variable: 2}, {Number: 46, Type: ANS, Length: 999, Variable: 3}, {Number: 47, Type: ANS, Length: 999, Variable: 3},
	{Number: 48, Type: ANS, Length: 999, Variable: 3}, {Number: 49, Type: AN, Length: 3}, {Number: 50, Type: AN, Length: 3}, {Number: 51, Type: AN, Length: 3},
	{Number: 52, Type: B, Length: 8}, {Number: 53, Type: N, Length: 16}, {Number: 54, Type: ANS, Length: 120, Variable: 3}, {Number: 55, Type: B, Length: 999, Variable: 3},
	{Number: 56, Type: ANS, Length: 999, Variable: 3}, {Number: 57, Type: ANS, Length: 999, Variable: 3}, {Number: 58, Type: ANS, Length: 999, Variable: 3},
	{Number: 59, Type: ANS, Length: 999, Variable: 3}, {Number: 60, Type: ANS, Length: 999, Variable: 3}, {Number: 61, Type: ANS, Length: 999, Variable: 3},
	{Number: 62, Type: ANS, Length: 999, Variable: 3}, {Number: 63, Type: ANS, Length: 999, Variable: 3}, {Number: 64, Type: B, Length: 8},
	{Number: 66, Type: N, Length: 1}, {Number: 67, Type: N, Length: 2}, {Number: 68, Type: N, Length: 3}, {Number: 69, Type: N, Length: 3},
	{Number: 70, Type: N, Length: 3}, {Number: 71, Type: N, Length: 4}, {Number: 72, Type: N, Length: 4}, {Number: 73, Type: N, Length: 6},
	{Number: 74, Type: N, Length: 10}, {Number: 75, Type: N, Length: 10}, {Number: 76, Type: N, Length: 10}, {Number: 77, Type: N, Length: 10},
	{Number: 78, Type: N, Length: 10}, {Number: 79, Type: N, Length: 10}, {Number: 80, Type: N, Length: 10}, {Number: 81, Type: N, Length: 10},
	{Number: 82, Type: N, Length: 12}, {Number: 83, Type: N, Length: 12}, {Number: 84, Type: N, Length: 12}, {Number: 85, Type: N, Length: 12},
	{Number: 86, Type: N, Length: 16}, {Number: 87, Type: N, Length: 16}, {Number: 88, Type: N, Length: 16}, {Number: 89, Type: N, Length: 16},
	{Number: 90, Type: N, Length: 42}, {Number: 91, Type: AN, Length: 1}, {Number: 92, Type: AN, Length: 2}, {Number: 93, Type: AN, Length: 5},
	{Number: 94, Type: AN, Length: 7}, {Number: 95, Type: AN, Length: 42}, {Number: 96, Type: B, Length: 8}, {Number: 97, Type: AN, Length: 17},
	{Number: 98, Type: ANS, Length: 25}, {Number: 99, Type: N, Length: 11, Variable: 2}, {Number: 100, Type: N, Length: 11, Variable: 2},
	{Number: 101, Type: ANS, Length: 17, Variable: 2}, {Number: 102, Type: ANS, Length: 28, Variable: 2}, {Number: 103, Type: ANS, Length: 28, Variable: 2},
	{Number: 104, Type: ANS, Length: 100, Variable: 3}, {Number: 128, Type: B, Length: 8},
}

// passedOver are the fields that the profile does not use, each as its dialect packs one of that type.
func (p *Profile) passedOver() (all []Field) {
	number, track := ASCII, ASCII
	if p.Style == UnionPayPOS {
		number, track = BCDLeft, TrackBCD
	}
	for _, f := range standard {
		if _, used := p.Field(f.Number); used {
			continue
		}
		f.Name = "passed over"
		switch f.Type {
		case N:
			f.Encoding = number
		case Z:
			f.Encoding = track
		case B:
			f.Encoding = Binary
		default:
			f.Encoding = ASCII
		}
		all = append(all, f)
	}
	for n := 105; n < 128; n++ { // left to national and private use
		if _, used := p.Field(n); !used {
			all = append(all, Field{Number: n, Name: "passed over", Type: ANS, Length: 999, Variable: 3, Encoding: ASCII})
		}
	}
	return all
}

// secondBitmap reports whether a message begins with 128 bits: the first of them says so.
func (p *Profile) secondBitmap(body []byte) bool {
	at := bytesOf(p.MTI, 4)
	switch {
	case len(body) <= at:
		return false
	case p.Bitmap == HexASCII:
		return body[at] >= '8'
	}
	return body[at]&0x80 != 0
}
