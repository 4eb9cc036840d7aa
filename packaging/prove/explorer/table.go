package explorer

// prints is a set of fingerprints: 63 bits each, open addressing, no pointers.
//
// Two worlds with the same fingerprint would be taken for one, and the second not be
// looked at. Among n worlds the odds of one such pair are about n² / 2⁶⁴: one in 180,000
// for ten million, one in 1,800 for a hundred million. It can hide a fault, never invent one.
type prints struct {
	cells []uint64
	n     int
}

// firstCells is the size of an empty set; it doubles when it is seven tenths full.
const firstCells = 1 << 16

func newPrints() *prints { return &prints{cells: make([]uint64, firstCells)} }

// at is the cell of a fingerprint: where it is, or where it belongs.
func (p *prints) at(print uint64) int {
	mask := uint64(len(p.cells) - 1)
	for i := print >> 1 & mask; ; i = (i + 1) & mask {
		if c := p.cells[i]; c == 0 || c == print {
			return int(i)
		}
	}
}

func (p *prints) holds(print uint64) bool { return p.cells[p.at(print|1)] != 0 }

// add reports whether a fingerprint is new. The lowest bit is given up, so that none is zero.
func (p *prints) add(print uint64) bool {
	print |= 1
	i := p.at(print)
	if p.cells[i] != 0 {
		return false
	}
	p.cells[i] = print
	p.n++
	if p.n > len(p.cells)/10*7 {
		p.grow()
	}
	return true
}

func (p *prints) grow() {
	old := p.cells
	p.cells = make([]uint64, 2*len(old))
	for _, c := range old {
		if c != 0 {
			p.cells[p.at(c)] = c
		}
	}
}
