package models

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"veratill/packaging/usblab/emvcard"
	"veratill/packaging/usblab/vdev"
	"veratill/packaging/usblab/wire"
)

// chip is a host of a chip reader.
type chip struct {
	t   *testing.T
	h   *wire.Host
	seq byte
}

// do exchanges one message; the answer is without its head, state is bmICCStatus and the command's.
func (c *chip) do(kind byte, body []byte) (answerKind, state, code byte, answer []byte) {
	c.t.Helper()
	c.seq++
	m := append([]byte{kind, byte(len(body)), byte(len(body) >> 8), 0, 0, 0, c.seq, 0, 0, 0}, body...)
	if r := c.h.Write(c.t, OutEndpoint, m); r.Status != 0 || r.Actual != len(m) {
		c.t.Fatalf("the message was not taken: %+v", r)
	}
	r := c.h.Read(c.t, InEndpoint, 512)
	if len(r.Bytes) < 10 || r.Bytes[6] != c.seq || int(binary.LittleEndian.Uint32(r.Bytes[1:])) != len(r.Bytes)-10 {
		c.t.Fatalf("the answer is %+v", r)
	}
	return r.Bytes[0], r.Bytes[7], r.Bytes[8], r.Bytes[10:]
}

func (c *chip) apdu(apdu string) []byte {
	c.t.Helper()
	kind, state, code, answer := c.do(exchange, []byte(apdu))
	if kind != dataBlock || state != 0 {
		c.t.Fatalf("% x: kind %#x, state %#x, code %#x", apdu, kind, state, code)
	}
	return answer
}

func TestChipReadsTheTestCard(t *testing.T) {
	r := ChipReader()
	c := &chip{t: t, h: wire.Connect(t, r.Device)}
	if kind, state, _, _ := c.do(slotStatus, nil); kind != statusAnswer || state != 2 {
		t.Errorf("without a card: kind %#x, state %#x", kind, state)
	}
	if _, state, code, _ := c.do(powerOn, nil); state != 0x42 || code != iccMute {
		t.Errorf("power without a card: state %#x, code %#x", state, code)
	}
	r.Insert(TestCard())
	if n := c.h.Read(t, EventEndpoint, 8); !bytes.Equal(n.Bytes, []byte{0x50, 3}) {
		t.Errorf("told of the card: %+v", n)
	}
	if _, state, code, _ := c.do(exchange, []byte("\x00\xa4\x04\x00\x00")); state != 0x41 || code != iccMute {
		t.Errorf("a command before power: state %#x, code %#x", state, code)
	}
	if _, _, _, atr := c.do(powerOn, nil); !bytes.Equal(atr, emvcard.ATR) {
		t.Errorf("the ATR is % x", atr)
	}
	if kind, _, _, p := c.do(getParameters, nil); kind != parameterAnswer || len(p) != 5 {
		t.Errorf("the parameters are %#x % x", kind, p)
	}
	c.apdu("\x00\xa4\x04\x00\x0e1PAY.SYS.DDF01\x00")
	if rec := c.apdu("\x00\xb2\x01\x0c\x00"); !bytes.Contains(rec, emvcard.Application) {
		t.Errorf("the directory is % x", rec)
	}
	if early := c.apdu("\x80\xa8\x00\x00\x02\x83\x00\x00"); !bytes.Equal(early, []byte{0x69, 0x85}) {
		t.Errorf("options before an application: % x", early)
	}
	c.apdu("\x00\xa4\x04\x00\x08" + string(emvcard.Application) + "\x00")
	c.apdu("\x80\xa8\x00\x00\x02\x83\x00\x00")
	rec := c.apdu("\x00\xb2\x01\x0c\x00")
	want := append([]byte{0x57, byte(len(emvcard.Track2()))}, emvcard.Track2()...)
	if !bytes.Contains(rec, want) {
		t.Errorf("no track 2 in % x", rec)
	}
	r.Remove()
	if n := c.h.Read(t, EventEndpoint, 8); !bytes.Equal(n.Bytes, []byte{0x50, 2}) {
		t.Errorf("told of the card's end: %+v", n)
	}
}

func TestBadCards(t *testing.T) {
	r := ChipReader()
	c := &chip{t: t, h: wire.Connect(t, r.Device)}
	r.Insert(MuteCard())
	if _, state, code, _ := c.do(powerOn, nil); state != 0x41 || code != iccMute {
		t.Errorf("a mute card: state %#x, code %#x", state, code)
	}
	r.Insert(WrongATRCard())
	if _, state, _, atr := c.do(powerOn, nil); state != 0 || atr[0] == 0x3B || atr[0] == 0x3F {
		t.Errorf("a wrong ATR: state %#x, % x", state, atr)
	}
	if kind, state, _, _ := c.do(0x6E, nil); kind != statusAnswer || state != 0x40 {
		t.Errorf("an unknown message: kind %#x, state %#x", kind, state)
	}
	if w := c.h.Write(t, OutEndpoint, []byte{exchange, 0xFF, 0xFF, 0, 0, 0, 1, 0, 0, 0}); w.Status != -32 {
		t.Errorf("a message that is longer than the reader takes: %+v", w)
	}
}

func TestPrinterSaysWhoItIsAndHowItIs(t *testing.T) {
	for name, p := range map[string]*Printer{"full": FullPrinter(64), "clone": ClonePrinter(64), "late": LatePrinter(64, 0)} {
		h := wire.Connect(t, p.Device)
		id := h.Control(t, vdev.Setup{RequestType: 0xA1, Length: 1023}, nil).Bytes
		if len(id) < 2 || int(binary.BigEndian.Uint16(id)) != len(id) || !strings.Contains(string(id), "MDL:TM-T88V") {
			t.Errorf("%s: the 1284 string is %q", name, id)
		}
		status := func() byte {
			return h.Control(t, vdev.Setup{RequestType: 0xA1, Request: 1, Length: 1}, nil).Bytes[0]
		}
		if s := status(); s != 0x18 {
			t.Errorf("%s: the status is %#x", name, s)
		}
		c := p.Emulator.Condition()
		c.CoverOpen = true
		p.Emulator.Set(c)
		if s := status(); s != 0x10 {
			t.Errorf("%s: with an open cover the status is %#x", name, s)
		}
	}
}

// The clone claims to be an Epson, and can't prove what it has printed.
func TestCloneGivesNoProof(t *testing.T) {
	ask := func(p *Printer) (model, proof []byte) {
		h := wire.Connect(t, p.Device)
		h.Write(t, OutEndpoint, []byte("\x1dIC"))
		model = h.Read(t, InEndpoint, 64).Bytes
		h.Write(t, OutEndpoint, []byte("\x1d(H\x06\x000001AB\x1dIC"))
		return model, h.Read(t, InEndpoint, 64).Bytes
	}
	if model, proof := ask(FullPrinter(64)); string(model) != "_TM-T88V\x00" || !strings.HasPrefix(string(proof), "7") {
		t.Errorf("full: %q, %q", model, proof)
	}
	if model, proof := ask(ClonePrinter(64)); string(model) != "_TM-T88V\x00" || string(proof) != "_TM-T88V\x00" {
		t.Errorf("clone: %q, and asked for proof %q", model, proof)
	}
}

func TestAFullBufferLetsTheHostWait(t *testing.T) {
	p := FullPrinter(512)
	h := wire.Connect(t, p.Device)
	c := p.Emulator.Condition()
	c.PaperOut = true
	p.Emulator.Set(c)
	job := bytes.Repeat([]byte("line\n"), 20_000)
	h.Submit(t, OutEndpoint, job, 0)
	h.Quiet(t, 100*time.Millisecond)
	if w := p.Emulator.Waiting(); w < receiveBuffer || w > receiveBuffer+512 {
		t.Errorf("%d bytes wait in the printer", w)
	}
	c.PaperOut = false
	p.Emulator.Set(c)
	if r := h.Reply(t); r.Actual != len(job) || len(p.Emulator.Partial()) != len(job) {
		t.Errorf("with paper: %d of %d bytes", r.Actual, len(job))
	}
}

func TestReadersRefuseWhatDoesNotFit(t *testing.T) {
	for name, r := range map[string]*Reader{"MagTek": MagTek(), "MiniMag": MiniMag(), "SecureMag": SecureMag(), "plain": PlainHID()} {
		h := wire.Connect(t, r.Device)
		if err := r.Swipe("%"+strings.Repeat("A", 110)+"?", ""); !errors.Is(err, ErrTrack) {
			t.Errorf("%s: a track of 112 characters: %v", name, err)
		}
		if err := r.SwipeUnread(); err != nil {
			t.Error(err)
		}
		got := h.Read(t, InputEndpoint, max(64, len(reportOf(r)))).Bytes
		if bytes.ContainsAny(got, ";%") || bytes.Equal(got, make([]byte, len(got))) {
			t.Errorf("%s: an unread card is % x", name, got[:16])
		}
	}
}

// reportOf is an empty report of the reader.
func reportOf(r *Reader) []byte {
	all := r.report([3]string{"", ";1=2?", ""}, [3]bool{})
	return all[0]
}
