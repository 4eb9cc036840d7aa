package escpos

// ReplyKind says which of a printer's answers a Reply is.
type ReplyKind uint8

// The kinds of reply.
const (
	RealTimeReply ReplyKind = iota // one byte, to DLE EOT: in Byte
	AutoReply                      // four bytes, in Auto
	QueuedReply                    // one byte, to GS r: in Byte
	BlockReply                     // header in Byte, body in Block
	FlowStop                       // XOFF
	FlowGo                         // XON
)

// Reply is one answer of a printer.
type Reply struct {
	Kind  ReplyKind
	Byte  byte
	Auto  [4]byte
	Block []byte // without header and final 00; valid only during the call
}

// PaperOut reads a QueuedReply to GS r 1.
func (r Reply) PaperOut() bool { return r.Byte&0x0C != 0 }

// Proof is the process ID of a BlockReply that carries one.
func (r Reply) Proof() (id [4]byte, ok bool) {
	if r.Kind != BlockReply || r.Byte != 0x37 || len(r.Block) != 5 || r.Block[0] != ProofID {
		return id, false
	}
	copy(id[:], r.Block[1:])
	return id, true
}

// Cleared reports whether the reply says that the buffers are empty.
func (r Reply) Cleared() bool {
	return r.Kind == BlockReply && r.Byte == 0x37 && len(r.Block) == 1 && r.Block[0] == ClearedID
}

// maxBlock is the longest body of a block reply; a longer one is noise.
const maxBlock = 250

// Demux takes a printer's stream of answers apart. All kinds may come in any
// order; only automatic status and blocks are longer than one byte. It accepts
// every stream of bytes, in pieces of any size, and never holds more than one
// block of it. The zero value is ready.
type Demux struct {
	buf   [maxBlock]byte
	n     int
	state demuxState
	head  byte
}

type demuxState uint8

const (
	between demuxState = iota
	inAuto
	inBlock
)

// Feed takes bytes in and calls emit for every reply that they complete.
func (d *Demux) Feed(b []byte, emit func(Reply)) {
	for _, c := range b {
		switch d.state {
		case inAuto:
			d.auto(c, emit)
		case inBlock:
			d.block(c, emit)
		default:
			d.first(c, emit)
		}
	}
}

// Between reports whether the stream stands at the end of a reply.
func (d *Demux) Between() bool { return d.state == between }

// Reset forgets a reply that has begun: a new connection begins a new stream.
func (d *Demux) Reset() { d.state, d.n = between, 0 }

func (d *Demux) first(c byte, emit func(Reply)) {
	switch {
	case c == 0x11:
		emit(Reply{Kind: FlowGo, Byte: c})
	case c == 0x13:
		emit(Reply{Kind: FlowStop, Byte: c})
	case c == 0x35 || c == 0x37 || c == 0x3B || c == 0x3D || c == 0x5F:
		d.state, d.head, d.n = inBlock, c, 0
	case c&0x93 == 0x12:
		emit(Reply{Kind: RealTimeReply, Byte: c})
	case c&0x93 == 0x10:
		d.state, d.n = inAuto, 1
		d.buf[0] = c
	case c&0x90 == 0:
		emit(Reply{Kind: QueuedReply, Byte: c})
	} // anything else is noise on the line
}

// auto takes the three bytes after the first; flow control may come between.
func (d *Demux) auto(c byte, emit func(Reply)) {
	switch {
	case c == 0x11 || c == 0x13:
		d.first(c, emit)
	case c&0x90 != 0: // not a byte of automatic status: the rest was lost
		d.Reset()
		d.first(c, emit)
	default:
		d.buf[d.n] = c
		d.n++
		if d.n == 4 {
			d.state = between
			emit(Reply{Kind: AutoReply, Byte: d.buf[0], Auto: [4]byte(d.buf[:4])})
		}
	}
}

func (d *Demux) block(c byte, emit func(Reply)) {
	switch {
	case c == nul:
		d.state = between
		emit(Reply{Kind: BlockReply, Byte: d.head, Block: d.buf[:d.n]})
	case c == 0x11 || c == 0x13:
		kind := FlowGo
		if c == 0x13 {
			kind = FlowStop
		}
		emit(Reply{Kind: kind, Byte: c})
	case c < 0x20 || c >= 0x80 || d.n == maxBlock: // no block holds such bytes: its end was lost
		d.Reset()
		d.first(c, emit)
	default:
		d.buf[d.n] = c
		d.n++
	}
}
