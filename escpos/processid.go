package escpos

// ProcessIDs is how many different process IDs there are: four characters of 95 each.
const ProcessIDs = 95 * 95 * 95 * 95

// ProcessID turns a counter into the four characters 20h to 7Eh that a printer
// echoes. Counters that differ by a multiple of ProcessIDs share an ID, so the
// caller persists the counter and treats every other echo as stale.
func ProcessID(n uint32) [4]byte {
	n %= ProcessIDs
	var id [4]byte
	for i := 3; i >= 0; i-- {
		id[i] = byte(0x20 + n%95)
		n /= 95
	}
	return id
}

// AppendProof appends the request that the printer echo id once all before it is
// on paper: GS ( H, function 48. The answer is 37 22 id 00.
func AppendProof(dst []byte, id [4]byte) []byte {
	return append(dst, gs, '(', 'H', 6, 0, 0x30, 0x30, id[0], id[1], id[2], id[3])
}

// The bytes that commands begin with, and the single ones.
const (
	nul = 0x00
	eot = 0x04
	enq = 0x05
	ht  = 0x09
	lf  = 0x0A
	ff  = 0x0C
	cr  = 0x0D
	so  = 0x0E
	dle = 0x10
	dc1 = 0x11
	dc2 = 0x12
	dc3 = 0x13
	dc4 = 0x14
	can = 0x18
	esc = 0x1B
	fs  = 0x1C
	gs  = 0x1D
	us  = 0x1F
)
