package iso8583

// unionpay is ISO 8583 as terminals of China UnionPay's acquirers run it
// (design/money.md; Q/CUP 009.1, POS terminal specification).
var unionpay = mustBuild(&Profile{
	Name: "unionpay", Style: UnionPayPOS,
	LengthHeader: TwoBytes,
	TPDU:         []byte{0x60, 0x00, 0x03, 0x00, 0x00},
	Header:       []byte{0x60, 0x31, 0x00, 0x31, 0x00, 0x00},
	LengthDigits: BCDRight, MTI: BCDLeft, Bitmap: Binary, Bits: 64,
	// UnionPay POS terminal specification, table of response codes. 22 as an answer to a reversal is one that was undone
	// before, and so is 12 of what was never approved; 45 refuses a stripe where there is a chip, 97 a terminal
	// that is not registered; 77, 99 and A0 want a sign-in, and did nothing.
	Codes: Codes{Approve: []string{"00", "11", "A2", "A4", "A5", "A6"}, Partial: []string{"10"},
		Refuse: append([]string{"21", "45", "77", "97", "99", "A0"}, refusals87...), RefuseVoid: []string{"25"},
		Undone: []string{"00", "25", "12", "22"}, SignIn: []string{"77", "99", "A0"}},
	MAC: true, RepeatMTI: "0400", EchoMTI: "0820",
	//mutant:fields-come-back/unionpay
	MustMatch: []int{4, 41, 60},
	Fields: []Field{
		{2, "PAN", N, 19, 2, BCDLeft, ""},
		{3, "processing code", N, 6, 0, BCDLeft, "sale 000000, void 200000"},
		{4, "amount", N, 12, 0, BCDLeft, "minor units"},
		{11, "STAN", N, 6, 0, BCDLeft, ""},
		{12, "local time", N, 6, 0, BCDLeft, "hhmmss, from the host"},
		{13, "local date", N, 4, 0, BCDLeft, "MMDD, from the host"},
		{14, "expiry", N, 4, 0, BCDLeft, "YYMM"},
		{15, "settlement date", N, 4, 0, BCDLeft, "MMDD"},
		{22, "entry mode", N, 3, 0, BCDLeft, "022 stripe without PIN, 012 no card present (void)"},
		{23, "card sequence", N, 3, 0, BCDRight, ""},
		{25, "condition", N, 2, 0, BCDLeft, "00"},
		{26, "PIN length", N, 2, 0, BCDLeft, "12"},
		{32, "acquirer", N, 11, 2, BCDLeft, ""},
		{35, "track 2", Z, 37, 2, TrackBCD, ""},
		{36, "track 3", Z, 104, 3, TrackBCD, ""},
		{37, "RRN", AN, 12, 0, ASCII, ""},
		{38, "approval code", AN, 6, 0, ASCII, ""},
		{39, "response code", AN, 2, 0, ASCII, "in a reversal its reason: 98 no answer, A0 bad MAC, 06 other"},
		{41, "terminal", ANS, 8, 0, ASCII, ""},
		{42, "merchant", ANS, 15, 0, ASCII, ""},
		{44, "extra response", ANS, 25, 2, ASCII, ""},
		{48, "settlement, batch", ANS, 322, 3, ASCII, ""},
		{49, "currency", AN, 3, 0, ASCII, "ISO 4217 numeric, 156"},
		{52, "PIN block", B, 8, 0, Binary, ""},
		{53, "security", N, 16, 0, BCDLeft, ""},
		{54, "additional amounts", ANS, 20, 3, ASCII, ""},
		{55, "EMV", B, 255, 3, Binary, ""},
		{60, "private", N, 17, 3, BCDLeft, "type n2 (00 network, 22 sale, 23 void), batch n6, management n3 (003 sign-in, 301 echo, 000 else)"},
		{61, "original", N, 29, 3, BCDLeft, "batch n6, STAN n6, date n4 MMDD of what is voided"},
		{62, "private", B, 512, 3, Binary, "keys in an 0810"},
		{63, "private", ANS, 163, 3, ASCII, "operator n3 in a sign-in"},
		{64, "MAC", B, 8, 0, Binary, "8 hex characters"},
	},
})
