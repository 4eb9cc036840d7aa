package reader

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/packaging/nasty"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// obj is a TLV object.
func obj(tag string, value ...[]byte) []byte {
	v := bytes.Join(value, nil)
	b := unhex(tag)
	if len(v) > 127 {
		b = append(b, 0x81)
	}
	return append(append(b, byte(len(v))), v...)
}

// testCard is a payment card: commands in hex and their answers. T=0 makes it answer with 61xx and 6Cxx.
type testCard struct {
	answers map[string]string
	t0      bool
	rest    []byte
	asked   []string
}

func (c *testCard) answer(apdu []byte) []byte {
	key := hex.EncodeToString(apdu)
	c.asked = append(c.asked, key)
	if c.t0 && len(apdu) >= 5 && apdu[1] == 0xC0 {
		if int(apdu[4]) != len(c.rest) {
			return []byte{0x6C, byte(len(c.rest))}
		}
		return append(bytes.Clone(c.rest), 0x90, 0)
	}
	wrongLength := c.t0 && apdu[1] == 0xB2
	if wrongLength || c.t0 && len(apdu) > 5 {
		key = hex.EncodeToString(apdu[:len(apdu)-1]) + "00"
		if !wrongLength {
			key = hex.EncodeToString(apdu) + "00"
		}
	}
	text, is := c.answers[key]
	if !is {
		if apdu[1] == 0xB2 {
			return []byte{0x6A, 0x83}
		}
		return []byte{0x6A, 0x82}
	}
	r := unhex(text)
	end := len(r) - 2
	switch {
	case wrongLength && end > 0 && int(apdu[4]) != end:
		return []byte{0x6C, byte(end)}
	case c.t0 && end > 0 && !wrongLength:
		c.rest = r[:end]
		return []byte{0x61, byte(end)}
	}
	return r
}

const chipTrackHex = "6217856001234567893d49122011234567890f"

// unionPay is a debit card with a directory of two applications, of which the second is the first by priority.
func unionPay() *testCard {
	aid := unhex("A000000333010101")
	h := hex.EncodeToString
	pse := h(obj("6F", obj("84", []byte(directory)), obj("A5", obj("88", []byte{1})))) + "9000"
	list := h(obj("70",
		obj("61", obj("4F", unhex("A000000333010102")), obj("50", []byte("UnionPay Credit")), obj("87", []byte{2})),
		obj("61", obj("4F", aid), obj("50", []byte("DEBIT")), obj("87", []byte{1})))) + "9000"
	fci := h(obj("6F", obj("84", aid), obj("A5", obj("50", []byte("UnionPay Debit")), obj("9F38", unhex("9F1A029F6604"))))) + "9000"
	record := h(obj("70", obj("57", unhex(chipTrackHex)), obj("5F20", []byte("WANG/XIAOMING")), obj("9F1F", []byte("123")))) + "9000"
	return &testCard{answers: map[string]string{
		"00a404000e" + h([]byte(directory)) + "00": pse,
		"00b2010c00":                        list,
		"00a4040008" + h(aid) + "00":        fci,
		"80a80000088306015626000000" + "00": h(obj("77", obj("82", []byte{0x7C, 0}), obj("94", unhex("08010100 10010100")))) + "9000",
		"00b2011400":                        record,
	}}
}

// plainChip is a Chip that is asked directly.
type plainChip func([]byte) []byte

func (f plainChip) Exchange(ctx context.Context, apdu []byte) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return f(apdu), nil
}
func (f plainChip) ATR() []byte  { return []byte{0x3B, 0} }
func (f plainChip) Close() error { return nil }

func TestReadChip(t *testing.T) {
	card, err := readChip(context.Background(), plainChip(unionPay().answer))
	if err != nil {
		t.Fatal(err)
	}
	if string(card.Track2()) != "6217856001234567893=49122011234567890" || card.Label() != "UnionPay Debit" || card.AID() != "A000000333010101" ||
		card.Entry() != Inserted || !card.IsChip() || card.Scheme() != UnionPay {
		t.Errorf("%v, %q, %q", card, card.Label(), card.AID())
	}
	if said := fmt.Sprintf("%v %+v %#v", card, card, card); nasty.Digits(said) > 6 {
		t.Error(said)
	}
	card.Zero()
	if card.Valid() || card.Entry() != Inserted {
		t.Error("after Zero")
	}
}

// What other cards do: no directory, format 1, number and expiry instead of a track, all told at once.
func TestOtherCards(t *testing.T) {
	h := hex.EncodeToString
	visa := func(record []byte) *testCard {
		return &testCard{answers: map[string]string{
			"00a4040007a000000003101000": h(obj("6F", obj("84", unhex("A0000000031010")), obj("A5", obj("50", []byte("4111111111111111"))))) + "9000",
			"80a8000002830000":           h(obj("80", unhex("3C00 08010200"))) + "9000",
			"00b2010c00":                 h(obj("70", obj("5F20", []byte("X")))) + "9000",
			"00b2020c00":                 h(record) + "9000",
		}}
	}
	bare := obj("70", obj("5A", unhex("4111111111111111")), obj("5F24", unhex("491231")))
	card, err := readChip(context.Background(), plainChip(visa(bare).answer))
	if err != nil || string(card.PAN()) != "4111111111111111" || card.Expiry() != "4912" || card.Track2() != nil || card.ServiceCode() != "" || card.IsChip() || card.Label() != "" || card.AID() != "A0000000031010" {
		t.Error(card, err, card.Label())
	}
	coded := obj("70", obj("5A", unhex("6217856001234567893F")), obj("5F24", unhex("491231")), obj("5F30", unhex("0201")))
	card, err = readChip(context.Background(), plainChip(visa(coded).answer))
	if err != nil || string(card.PAN()) != "6217856001234567893" || card.ServiceCode() != "201" || card.Track2() != nil {
		t.Error(card, err)
	}
	at := visa(nil)
	at.answers["80a8000002830000"] = h(obj("77", obj("57", unhex("4111111111111111D4912201")))) + "9000"
	if card, err = readChip(context.Background(), plainChip(at.answer)); err != nil || string(card.Track2()) != "4111111111111111=4912201" {
		t.Error(card, err)
	}
	for name, c := range map[string]struct {
		change func(c *testCard)
		want   Code
	}{
		"another card":          {func(c *testCard) { clear(c.answers) }, NoPaymentCard},
		"blocked":               {func(c *testCard) { c.answers["00a4040007a000000003101000"] = "6283" }, CardBlocked},
		"refuses to begin":      {func(c *testCard) { c.answers["80a8000002830000"] = "6985" }, CardBlocked},
		"no number":             {func(c *testCard) { c.answers["00b2020c00"] = "70009000" }, NoPaymentCard},
		"nonsense for options":  {func(c *testCard) { c.answers["80a8000002830000"] = "ffff9000" }, CardNonsense},
		"a record that is none": {func(c *testCard) { c.answers["00b2010c00"] = "7005019000" }, CardNonsense},
		"records from 2 to 1":   {func(c *testCard) { c.answers["80a8000002830000"] = "80063c00080201009000" }, CardNonsense},
		"half a file":           {func(c *testCard) { c.answers["80a8000002830000"] = "80053c000801029000" }, CardNonsense},
		"too many records":      {func(c *testCard) { c.answers["80a8000002830000"] = "80063c000803ff009000" }, CardNonsense},
		"a number of letters":   {func(c *testCard) { c.answers["00b2020c00"] = "700857064abcd4912201" + "9000" }, CardNonsense},
		"no status":             {func(c *testCard) { c.answers["00b2010c00"] = "70" }, CardNonsense},
		"a strange directory":   {func(c *testCard) { c.answers["00a404000e"+h([]byte(directory))+"00"] = "6f009000" }, CardNonsense},
	} {
		card := visa(bare)
		c.change(card)
		_, err := readChip(context.Background(), plainChip(func(b []byte) []byte {
			if card.answers[hex.EncodeToString(b)] == "70" {
				return []byte{0x70}
			}
			return card.answer(b)
		}))
		if codeIs(t, err, c.want); t.Failed() {
			t.Fatal(name)
		}
	}
}

// T=0 by TPDU: 61xx and 6Cxx are followed, data and length never go together.
func TestT0(t *testing.T) {
	card := unionPay()
	card.t0 = true
	got, err := readChip(context.Background(), tpduChip{card})
	if err != nil || string(got.PAN()) != "6217856001234567893" {
		t.Fatal(got, err, card.asked)
	}
	for _, a := range card.asked {
		if b := unhex(a); len(b) > 5 && len(b) != 5+int(b[4]) {
			t.Errorf("%s has data and a length", a)
		}
	}
	for name, answer := range map[string][]byte{"asks for ever": {0x61, 0x10}, "another length for ever": {0x6C, 0x10}} {
		_, err := exchange(context.Background(), []byte{0, 0xB2, 1, 0x0C, 0}, true, func(context.Context, []byte) ([]byte, error) { return bytes.Clone(answer), nil })
		if codeIs(t, err, CardNonsense); !errors.Is(err, ErrTooMany) {
			t.Error(name, err)
		}
	}
	if _, err := exchange(context.Background(), []byte{0, 1}, true, nil); err != ErrCommand {
		t.Error(err)
	}
}

type tpduChip struct{ card *testCard }

func (c tpduChip) Exchange(ctx context.Context, apdu []byte) ([]byte, error) {
	return exchange(ctx, apdu, true, func(_ context.Context, b []byte) ([]byte, error) { return c.card.answer(b), nil })
}
func (c tpduChip) ATR() []byte  { return nil }
func (c tpduChip) Close() error { return nil }

// A card through the whole driver, as each kind of reader does it.
func TestChipReaders(t *testing.T) {
	for name, c := range map[string]struct {
		features uint32
		set      func(f *fakeReader, card *testCard)
	}{
		"extended APDU": {0x40000 | allAutomatic, nil},
		"short APDU":    {0x20000 | allAutomatic, nil},
		"TPDU":          {0x10000 | allAutomatic, func(_ *fakeReader, c *testCard) { c.t0 = true }},
		"TPDU by hand":  {0x10000 | autoVoltage, func(_ *fakeReader, c *testCard) { c.t0 = true }},
		// QEMU's usb-ccid: the answer to GetParameters has seven bytes and counts none of them.
		"TPDU, miscounted": {0x10000 | allAutomatic, func(f *fakeReader, c *testCard) {
			c.t0 = true
			f.nonsense = func(m []byte) []byte {
				if m[0] == parameters {
					m = append(m[:ccidHead], 0, 0, 0, 0, 0, 0xFE, 0)
				}
				return m
			}
		}},
		"voltage by hand":   {0x20000, func(f *fakeReader, _ *testCard) { f.volts = 3 }},
		"stale answers":     {0x20000 | allAutomatic, func(f *fakeReader, _ *testCard) { f.stale = true }},
		"slow":              {0x20000 | allAutomatic, func(f *fakeReader, _ *testCard) { f.slow = 3 }},
		"chained":           {0x40000 | allAutomatic, func(f *fakeReader, _ *testCard) { f.chain = 20 }},
		"without notices":   {0x20000 | allAutomatic, func(f *fakeReader, _ *testCard) { f.about.Sizes[port.InterruptIn] = 0 }},
		"without automatic": {0x20000 | allAutomatic, func(f *fakeReader, _ *testCard) { f.atr = unhex("3B6500002063CB6800") }},
	} {
		card := unionPay()
		f := newFakeReader(c.features, card.answer)
		if c.set != nil {
			c.set(f, card)
		}
		s := &stand{}
		s.plug(f)
		d := driverOn(t, s)
		got, err := came(t, reading(t, d))
		if err != nil || string(got.PAN()) != "6217856001234567893" || got.Entry() != Inserted {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		f.mu.Lock()
		switch seen := string(f.seen); name {
		case "TPDU by hand":
			if !strings.Contains(seen, string(rune(setParameters))) {
				t.Errorf("%s: %x", name, seen)
			}
		case "voltage by hand":
			if !strings.Contains(seen, "\x62\x01\x63\x62\x02\x63\x62\x03") {
				t.Errorf("%s: %x", name, seen)
			}
		}
		f.mu.Unlock()
	}
}

// A card that stays in is not read twice; taken out and put in again it is.
func TestChipIsReadOnce(t *testing.T) {
	f := newFakeReader(0x20000|allAutomatic, unionPay().answer)
	f.in = false
	s := &stand{}
	s.plug(f)
	d := driverOn(t, s)
	first := reading(t, d)
	f.insert(true)
	if _, err := came(t, first); err != nil {
		t.Fatal(err)
	}
	soon(t, "it is ready again", func() bool { return d.Status().Health == devices.Ready })
	second := reading(t, d)
	select {
	case r := <-second:
		t.Fatal("the card was read again:", r.err)
	case <-time.After(50 * time.Millisecond):
	}
	f.insert(false)
	time.Sleep(20 * time.Millisecond)
	f.insert(true)
	if _, err := came(t, second); err != nil {
		t.Error(err)
	}
}

// Pulled at each exchange, told by an answer or by the notice alone: card removed, within two seconds.
func TestChipPulledAtEachExchange(t *testing.T) {
	for _, tells := range []bool{true, false} {
		for _, notices := range []bool{true, false} {
			for at := 1; at <= 7; at++ {
				t.Run(fmt.Sprintf("told %v, noticed %v, at %d", tells, notices, at), func(t *testing.T) {
					t.Parallel()
					f := newFakeReader(0x20000|allAutomatic, unionPay().answer)
					if f.pullAt, f.tells = at, tells; !notices {
						f.about.Sizes[port.InterruptIn] = 0
					}
					s := &stand{}
					s.plug(f)
					d := driverOn(t, s)
					began := time.Now()
					_, err := came(t, reading(t, d))
					within := 2 * time.Second
					if notices && !tells { // the notice ends the command, before it is missed
						within = time.Second
					}
					if codeIs(t, err, CardRemoved); time.Since(began) > within {
						t.Errorf("only after %v", time.Since(began))
					}
					soon(t, "it is ready again", func() bool { return d.Status().Health == devices.Ready })
				})
			}
		}
	}
}

// The other ways in which a card or a reader fails.
func TestChipFaults(t *testing.T) {
	for name, c := range map[string]struct {
		features uint32
		set      func(f *fakeReader)
		want     Code
	}{
		"mute":                   {0x20000 | allAutomatic, func(f *fakeReader) { f.card = nil }, CardMute},
		"mute at a command":      {0x20000 | allAutomatic, func(f *fakeReader) { f.card = func([]byte) []byte { return nil } }, CardMute},
		"no ATR":                 {0x20000 | allAutomatic, func(f *fakeReader) { f.atr = []byte{1, 2, 3} }, CardNonsense},
		"empty answers":          {0x20000 | allAutomatic, func(f *fakeReader) { f.card = func([]byte) []byte { return []byte{} } }, CardNonsense},
		"T=1 in TPDUs":           {0x10000 | allAutomatic, func(f *fakeReader) { f.atr = withTCK(unhex("3B8001")) }, Unsupported},
		"T=1 by the reader":      {0x10000 | allAutomatic, func(f *fakeReader) { f.protocol = 1 }, Unsupported},
		"a card of another kind": {0x20000 | allAutomatic, func(f *fakeReader) { f.card = func([]byte) []byte { return []byte{0x6D, 0} } }, NoPaymentCard},
	} {
		f := newFakeReader(c.features, unionPay().answer)
		c.set(f)
		s := &stand{}
		s.plug(f)
		d := driverOn(t, s)
		_, err := came(t, reading(t, d))
		if codeIs(t, err, c.want); t.Failed() {
			t.Fatal(name)
		}
	}
}

func withTCK(b []byte) []byte {
	var x byte
	for _, c := range b[1:] {
		x ^= c
	}
	return append(b, x)
}

// The reader is pulled out, falls silent, or garbles while a card is read: the swipe is lost, and it is attached again.
func TestChipReaderIsLost(t *testing.T) {
	for name, set := range map[string]func(f *fakeReader){
		"unplugged": func(f *fakeReader) {
			f.card = func([]byte) []byte { f.unplug(); return []byte{0x90, 0} }
		},
		"garbles": func(f *fakeReader) {
			f.card = func([]byte) []byte {
				f.nonsense = func(m []byte) []byte { return []byte{0xEE, 1, 2} }
				f.stale = true
				return []byte{0x90, 0}
			}
		},
		"silent": func(f *fakeReader) {
			f.card = func([]byte) []byte {
				f.nonsense = func(m []byte) []byte { return nil }
				return []byte{0x90, 0}
			}
		},
	} {
		f := newFakeReader(0x20000|allAutomatic, nil)
		set(f)
		s := &stand{}
		s.plug(f)
		d := driverOn(t, s)
		_, err := came(t, reading(t, d))
		if codeIs(t, err, SwipeLost); t.Failed() {
			t.Fatal(name)
		}
		good := newFakeReader(0x20000|allAutomatic, unionPay().answer)
		s.plug(good)
		d.Kick()
		if card, err := came(t, reading(t, d)); err != nil || !card.Valid() {
			t.Errorf("%s: the next: %v", name, err)
		}
	}
}

func TestAttachCCID(t *testing.T) {
	f := newFakeReader(0x20000, nil)
	for _, extra := range [][]byte{nil, {0x36, 0x21}, ccidExtra(0, 271), ccidExtra(0x30000, 271), ccidExtra(0x20000, 10)} {
		f.about.Extra = extra
		if _, err := attachCCID(f); err == nil {
			t.Errorf("%x is taken", extra)
		}
	}
	s := &stand{}
	s.plug(f)
	d := driverOn(t, s)
	soon(t, "it is refused", func() bool { return d.Status().Reason == devices.NotSupported })
	select {
	case <-f.closed:
	default:
		t.Error("it is not given back")
	}
	f.about.Extra = append([]byte{3, 0x0B, 0}, ccidExtra(0x40000|autoVoltage, 1<<20)...)
	if c, err := attachCCID(f); err != nil || c.desc.level != extendedAPDU || c.desc.longest != ccidLongest || c.desc.voltages != 7 {
		t.Error(c, err)
	}
}

// Templates in templates, and objects, without an end are refused.
func TestWalkIsBounded(t *testing.T) {
	deep := obj("50", []byte("x"))
	for range maxDepth - 1 {
		deep = obj("70", deep)
	}
	all := func(object) bool { return true }
	if !walk(deep, all) || walk(obj("70", obj("70", deep)), all) || walk(bytes.Repeat([]byte{0x50, 0}, maxTags+1), all) {
		t.Error("how deep, or how many")
	}
}

func TestATR(t *testing.T) {
	for text, want := range map[string]string{
		"3B00":                               "{false [0] 17 false 0 0 10 []}",
		"3F6500002063CB6800":                 "{true [0] 17 false 0 0 10 [32 99 203 104 0]}",
		"3B6D00000031C071D66438D00300849000": "{false [0] 17 false 0 0 10 [0 49 192 113 214 100 56 208 3 0 132 144 0]}",
		"3BF018008131FE45" + "0E":            "",
		"3B90110054":                         "{false [0] 17 false 0 0 10 []}",
		"3B":                                 "",
		"3A00":                               "",
		"3B0F01":                             "",
		"3B80":                               "",
		hex.EncodeToString(withTCK(unhex("3BF0180081311145"))): "{false [1 1] 24 false 0 129 10 []}",
		"3B" + strings.Repeat("00", 40):                        "",
	} {
		a, err := parseATR(unhex(text))
		if (err == nil) != (want != "") || err == nil && fmt.Sprint(a) != want && text[:4] != "3bf0" {
			t.Errorf("%s: %v, %v", text, a, err)
		}
	}
	a, err := parseATR(withTCK(unhex("3BD096008131FE45"))) // TA1, TC1, T=1, TA2 missing
	if err != nil || a.fiDi != 0x96 || a.protocol() != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	a, err = parseATR(unhex("3B901010" + "00"))
	if err == nil && (!a.specific || a.protocol() != 0) {
		t.Errorf("%+v, %v", a, err)
	}
	bad := withTCK(unhex("3B8001"))
	bad[len(bad)-1] ^= 1
	if _, err := parseATR(bad); err != ErrATR {
		t.Error("a wrong check byte is taken")
	}
}

// 10,000 mangled messages of a reader: never a hang or a panic, and a card only where it is one.
func TestMangledMessages(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 4))
	for range 10_000 {
		m := append([]byte{dataBlock, 4, 0, 0, 0, 0, 0, 0, 0, 0}, 1, 2, 0x90, 0)
		for range 1 + dice.IntN(3) {
			switch dice.IntN(3) {
			case 0:
				m[dice.IntN(len(m))] = byte(dice.IntN(256))
			case 1:
				m = m[:max(1, dice.IntN(len(m)+1))]
			case 2:
				m = append(m, byte(dice.IntN(256)))
			}
		}
		judgeMessage(t, m)
	}
}

// judgeMessage puts packets into the pipe of a reader that has been asked, and unplugs it.
func judgeMessage(t *testing.T, m []byte) {
	t.Helper()
	f := newFakeUSB(port.Descriptor{Class: port.ClassSmartCard, Sizes: [3]int{64, 64, 8}, Extra: ccidExtra(0x20000|allAutomatic, 271)})
	c, err := attachCCID(f)
	if err != nil {
		t.Fatal(err)
	}
	f.dry = true
	for rest := m; len(rest) > 0; rest = rest[min(64, len(rest)):] {
		f.pipes[port.BulkIn] <- rest[:min(64, len(rest))]
	}
	answer, err := c.command(context.Background(), xfrBlock, [3]byte{}, []byte{0, 0xB2, 1, 0x0C, 0})
	var pe *port.Error
	switch {
	case err != nil && CodeOf(err) == "" && !errors.As(err, &pe):
		t.Fatalf("%x: %v", m, err)
	case err == nil && (answer.kind != dataBlock || answer.seq != 0 || answer.failed() || len(answer.data) > 261):
		t.Fatalf("%x is taken: %+v", m, answer)
	}
}

func FuzzCCIDDescriptor(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		d, err := parseCCID(b)
		if err != nil && err != ErrCCID || err == nil && (d.longest < ccidHead+5 || d.longest > ccidLongest || d.level > extendedAPDU) {
			t.Fatalf("%+v, %v", d, err)
		}
	})
}

func FuzzCCIDMessage(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		m, err := parseMessage(b, 271)
		if err != nil && err != ErrCCID || err == nil && (len(m.data) > 261 || len(m.data)+ccidHead != len(b)) {
			t.Fatalf("%+v, %v", m, err)
		}
		_, _ = slotNotice(b)
	})
}

func FuzzATR(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		a, err := parseATR(b)
		if err != nil && err != ErrATR || err == nil && (len(a.protocols) == 0 || a.protocol() > 15 || len(a.historical) > 15) {
			t.Fatalf("%+v, %v", a, err)
		}
	})
}

// No TLV breaks the walk, and a card whose answers are cut from the input gives a fault or a card that can be.
func FuzzChip(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		walk(b, func(o object) bool {
			if len(o.value) > len(b) {
				t.Fatal("a value that was not there")
			}
			return true
		})
		_, _ = objectList(b)
		rest, asked := b, 0
		card, err := readChip(context.Background(), plainChip(func([]byte) []byte {
			asked++
			if len(rest) == 0 {
				return []byte{0x6A, 0x83}
			}
			n := min(int(rest[0]), len(rest)-1)
			answer := bytes.Clone(rest[1 : 1+n])
			rest = rest[1+n:]
			return append(answer, 0x90, 0)
		}))
		if asked > 16+2*maxCandidates+maxCandidates*maxRecords {
			t.Fatalf("%d commands", asked)
		}
		if err != nil {
			if CodeOf(err) == "" || nasty.Digits(err.Error()) > 4 {
				t.Fatal(err)
			}
			return
		}
		if n := len(card.PAN()); n < 12 || n > 19 || len(card.Expiry()) != 4 || nasty.Digits(card.String()+card.Label()) > 7 {
			t.Fatalf("%v %q", card, card.Label())
		}
		_ = card.ServiceCode() + card.AID()
		card.Zero()
	})
}
