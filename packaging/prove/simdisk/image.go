package simdisk

import (
	"hash/maphash"
	"sync/atomic"
)

const pageBytes = 4096

// page is a piece of a file. It belongs to one image, which may write to it; any
// other image that holds it has to copy it first.
type page struct {
	owner owner
	sum   uint64 // of its content, 0 when it has to be made anew
	b     [pageBytes]byte
}

// owner is an image's number. It is no pointer so that pages have none, and the collector
// does not look into them. 0 is nobody.
type owner uint64

var owners atomic.Uint64

// image is the content of a file. A nil page is all zeros.
type image struct {
	pages []*page
	size  int64
	owner owner
}

// clone is a copy that costs a pointer a page: from now on both copy what they write to.
func (m *image) clone() image {
	m.owner = 0
	return image{pages: append([]*page(nil), m.pages...), size: m.size}
}

// own is a page that may be written to.
func (m *image) own(i int64) *page {
	if m.owner == 0 {
		m.owner = owner(owners.Add(1))
	}
	p := m.pages[i]
	switch {
	case p == nil:
		p = &page{owner: m.owner}
	case p.owner != m.owner:
		p = &page{owner: m.owner, b: p.b}
	default:
		p.sum = 0
		return p
	}
	m.pages[i] = p
	return p
}

func (m *image) resize(size int64) {
	pages := int((size + pageBytes - 1) / pageBytes)
	if size < m.size && size%pageBytes != 0 { // what is cut off reads as zeros if the file grows again
		if i := size / pageBytes; m.pages[i] != nil {
			clear(m.own(i).b[size%pageBytes:])
		}
	}
	for len(m.pages) < pages {
		m.pages = append(m.pages, nil)
	}
	m.pages, m.size = m.pages[:pages], size
}

var zeros [pageBytes]byte

func (m *image) write(off int64, data []byte) {
	if end := off + int64(len(data)); end > m.size {
		m.resize(end)
	}
	for len(data) > 0 {
		i, at := off/pageBytes, off%pageBytes
		n := min(pageBytes-at, int64(len(data)))
		if n == pageBytes && m.pages[i] == nil && [pageBytes]byte(data[:n]) == zeros {
			off, data = off+n, data[n:]
			continue
		}
		copy(m.own(i).b[at:], data[:n])
		off, data = off+n, data[n:]
	}
}

// read returns how many bytes there were.
func (m *image) read(off int64, into []byte) int {
	total := 0
	for len(into) > 0 && off < m.size {
		i, at := off/pageBytes, off%pageBytes
		n := int(min(pageBytes-at, int64(len(into)), m.size-off))
		if p := m.pages[i]; p != nil {
			copy(into[:n], p.b[at:])
		} else {
			clear(into[:n])
		}
		off, into, total = off+int64(n), into[n:], total+n
	}
	return total
}

// take makes the pages of a range those of another image, as the kernel writes whole
// pages of its cache.
func (m *image) take(from *image, off, n int64) {
	if m.size != from.size {
		m.resize(from.size)
	}
	from.owner, m.owner = 0, 0
	for i := off / pageBytes; i*pageBytes < min(off+n, from.size); i++ {
		m.pages[i] = from.pages[i]
	}
}

var hashSeed = maphash.MakeSeed()

// sum is a hash of the content that costs only the pages that changed.
func (m *image) sum() uint64 {
	sum := uint64(m.size) * 0x9E3779B97F4A7C15
	for i, p := range m.pages {
		if p == nil {
			continue
		}
		if p.sum == 0 {
			p.sum = maphash.Bytes(hashSeed, p.b[:]) | 1
		}
		sum += (p.sum ^ uint64(i)*0xBF58476D1CE4E5B9) * 0x94D049BB133111EB
	}
	return sum
}
