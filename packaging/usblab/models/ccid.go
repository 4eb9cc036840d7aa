package models

import (
	"context"
	"encoding/binary"
	"sync"

	"veratill/packaging/usblab/emvcard"
	"veratill/packaging/usblab/vdev"
)

// Card is what lies in a chip reader. Answer gets a command and gives the answer with its status
// word. A mute card answers nothing, neither reset nor command: the reader says so.
type Card struct {
	ATR    []byte
	Answer func(apdu []byte) []byte
	Reset  func() // may be nil
	Mute   bool
}

// TestCard is the card of package emvcard.
func TestCard() *Card {
	card := &emvcard.Card{}
	return &Card{ATR: emvcard.ATR, Answer: card.Answer, Reset: card.Reset}
}

// MuteCard answers nothing, as a card that lies the wrong way round.
func MuteCard() *Card { return &Card{Mute: true} }

// WrongATRCard answers a reset with what is no ATR: the first byte is neither 3B nor 3F.
func WrongATRCard() *Card {
	return &Card{ATR: []byte{0x00, 0x65, 0x00}, Answer: func([]byte) []byte { return []byte{0x6F, 0x00} }}
}

// Chip is a chip reader with one slot: USB Device Class Smart Card CCID 1.1. Bulk OUT 0x01, bulk IN
// 0x82, both 64 bytes, interrupt IN 0x83 of 8 bytes; full speed. It exchanges short APDUs and
// chooses voltage, clock and protocol by itself (dwFeatures 000204BA). 076b:3021, an OMNIKEY.
type Chip struct {
	*vdev.Device

	mu      sync.Mutex
	card    *Card
	powered bool
	message []byte // what has come of a command that is longer than a packet
}

// mostMessage is dwMaxCCIDMessageLength: a short APDU of 261 bytes behind a head of 10.
const mostMessage = 271

// ChipReader is a reader without a card.
func ChipReader() *Chip {
	c := &Chip{}
	function := []byte{54, 0x21, 0x10, 0x01, 0, 7} // one slot, all voltages
	for _, v := range []uint32{3, 4000, 4000} {    // T=0 and T=1; clocks in kHz
		function = binary.LittleEndian.AppendUint32(function, v)
	}
	function = append(function, 0)
	for _, v := range []uint32{10752, 344_086} { // bits a second
		function = binary.LittleEndian.AppendUint32(function, v)
	}
	function = append(function, 0)
	for _, v := range []uint32{254, 0, 0, 0x000204BA, mostMessage} { // IFSD, no synchronous card, not mechanical
		function = binary.LittleEndian.AppendUint32(function, v)
	}
	function = append(function, 0xFF, 0xFF, 0, 0, 0, 1)
	id := vdev.Identity{Vendor: 0x076B, Product: 0x3021, Maker: "HID Global", Name: "OMNIKEY 3x21 Smart Card Reader", Speed: vdev.Full}
	c.Device = vdev.New(id, 1, vdev.Interface(0, 3, classSmartCard, 0, 0), function,
		vdev.Bulk(OutEndpoint, 64), vdev.Bulk(InEndpoint, 64), vdev.Interrupt(EventEndpoint, 8, 16))
	c.Device.Control = c.control
	c.Device.Out = c.take
	return c
}

// control answers ABORT, GET_CLOCK_FREQUENCIES and GET_DATA_RATES (CCID 1.1, 5.3).
func (c *Chip) control(s vdev.Setup, _ []byte) ([]byte, bool) {
	switch {
	case s.RequestType == 0x21 && s.Request == 1:
		c.mu.Lock()
		defer c.mu.Unlock()
		c.message = nil
		return nil, true
	case s.RequestType == 0xA1 && s.Request == 2:
		return binary.LittleEndian.AppendUint32(nil, 4000), true
	case s.RequestType == 0xA1 && s.Request == 3:
		return binary.LittleEndian.AppendUint32(nil, 10752), true
	}
	return nil, false
}

// Insert puts a card in, and the host is told. One that lies there is replaced.
func (c *Chip) Insert(card *Card) { c.place(card) }

// Remove draws the card, and the host is told.
func (c *Chip) Remove() { c.place(nil) }

func (c *Chip) place(card *Card) {
	c.mu.Lock()
	c.card, c.powered = card, false
	c.mu.Unlock()
	c.tell()
}

// tell is RDR_to_PC_NotifySlotChange, if there is a host: bit 0 card, bit 1 changed.
func (c *Chip) tell() {
	c.mu.Lock()
	state := byte(2)
	if c.card != nil {
		state = 3
	}
	c.mu.Unlock()
	_ = c.Send(EventEndpoint, []byte{0x50, state}) // without a host nobody is told: it asks when it comes
}

// take puts packets together to messages: a short packet or a full message ends one.
func (c *Chip) take(_ context.Context, _ uint8, packet []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.message = append(c.message, packet...)
	if len(c.message) < 10 {
		if len(packet) < 64 {
			c.message = nil
		}
		return nil
	}
	want := 10 + int(binary.LittleEndian.Uint32(c.message[1:]))
	if want > mostMessage {
		c.message = nil
		return vdev.ErrStall
	}
	if len(c.message) < want {
		if len(packet) < 64 { // torn
			c.message = nil
		}
		return nil
	}
	m := c.message[:want]
	c.message = nil
	answer := c.work(m)
	if err := c.Send(InEndpoint, answer); err != nil {
		return vdev.ErrStall
	}
	if len(answer)%64 == 0 {
		_ = c.Send(InEndpoint, nil) // ends the host's transfer; if it has no room, nor has the answer
	}
	return nil
}

// Messages of CCID 1.1, table 6.1-1 and 6.2-1.
const (
	setParameters   = 0x61
	powerOn         = 0x62
	powerOff        = 0x63
	slotStatus      = 0x65
	getParameters   = 0x6C
	resetParameters = 0x6D
	exchange        = 0x6F
	abort           = 0x72

	dataBlock       = 0x80
	statusAnswer    = 0x81
	parameterAnswer = 0x82
)

// Errors of CCID 1.1, table 6.2-2.
const (
	iccMute         = 0xFE
	notKnown        = 0x00
	commandFailed   = 0x40
	hardwareOrNoICC = 0xFE
)

// work answers one message.
func (c *Chip) work(m []byte) []byte {
	switch m[0] {
	case powerOn:
		return c.powerUp(m)
	case powerOff:
		c.powered = false
		return c.answer(m, statusAnswer, nil)
	case slotStatus, abort:
		return c.answer(m, statusAnswer, nil)
	case getParameters, resetParameters, setParameters:
		if c.card == nil {
			return c.failure(m, parameterAnswer, hardwareOrNoICC)
		}
		return c.answer(m, parameterAnswer, []byte{0x11, 0x00, 0x00, 0x0A, 0x00}) // T=0, as after reset
	case exchange:
		if c.card == nil || !c.powered || c.card.Mute {
			return c.failure(m, dataBlock, iccMute)
		}
		return c.answer(m, dataBlock, c.card.Answer(m[10:]))
	}
	return c.failure(m, statusAnswer, notKnown)
}

func (c *Chip) powerUp(m []byte) []byte {
	if c.card == nil || c.card.Mute {
		return c.failure(m, dataBlock, iccMute)
	}
	c.powered = true
	if c.card.Reset != nil {
		c.card.Reset()
	}
	return c.answer(m, dataBlock, c.card.ATR)
}

// state is bmICCStatus: 0 active, 1 there without power, 2 no card.
func (c *Chip) state() byte {
	switch {
	case c.card == nil:
		return 2
	case !c.powered:
		return 1
	}
	return 0
}

func (c *Chip) answer(m []byte, kind byte, body []byte) []byte {
	b := []byte{kind, byte(len(body)), byte(len(body) >> 8), 0, 0, m[5], m[6], c.state(), 0, 0}
	return append(b, body...)
}

func (c *Chip) failure(m []byte, kind, code byte) []byte {
	b := c.answer(m, kind, nil)
	b[7] |= commandFailed
	b[8] = code
	return b
}
