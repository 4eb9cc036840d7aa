package iso8583

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the profiles' tables into ISO8583.md")

const (
	profilesBegin = "<!-- profiles: printed by go test ./txn/iso8583 -update -->\n"
	profilesEnd   = "<!-- end of profiles -->"
)

// The tables in the documentation are the ones that the code packs by.
func TestProfilesAreDocumented(t *testing.T) {
	const path = "../../packaging/docs/ISO8583.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), profilesBegin)
	old, after, ends := strings.Cut(rest, profilesEnd)
	if !found || !ends {
		t.Fatal("ISO8583.md has no place for the profiles")
	}
	var fresh strings.Builder
	for _, p := range Profiles() {
		fresh.WriteString(p.Document() + "\n")
	}
	if old == fresh.String() {
		return
	}
	if !*update {
		t.Fatal("the tables in ISO8583.md are not the code's: go test ./txn/iso8583 -update")
	}
	if err := os.WriteFile(path, []byte(before+profilesBegin+fresh.String()+profilesEnd+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A sale in each profile is the bytes that stand here, written by hand from the tables.
func TestSaleOnTheWire(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	sale := Transaction{Terminal: Terminal{Number: "T0000001", Merchant: "M00000000000001", Batch: 3, Now: at}, STAN: 42,
		AmountMinor: 1250, Currency: "156", EntryMode: "022", PAN: []byte("6222020000000001234"), Expiry: []byte("3012"), Track2: []byte("6222020000000001234=3012101")}
	for name, want := range map[string]string{
		"unionpay": "0200" + "7024048020C08010" +
			"19 6222020000000001234 0" + "000000" + "000000001250" + "000042" + "3012" + "0220" + "00" +
			"27 6222020000000001234D3012101 0" + hex.EncodeToString([]byte("T0000001M00000000000001156")) +
			"0011 22000003000 0",
		"iso87": hex.EncodeToString([]byte("0200" + "723C048020C08010" + "196222020000000001234" + "000000" + "000000001250" +
			"0304050607" + "000042" + "050607" + "0304" + "3012" + "022" + "00" + "276222020000000001234=3012101" +
			"T0000001M00000000000001156" + "006000003")),
	} {
		p, err := ProfileByName(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Pack(p.Financial(sale))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, unhex(t, want)) {
			t.Errorf("%s:\n%X\nwant\n%X", name, got, unhex(t, want))
		}
	}
}

// The MAC is the one of the UnionPay specification, worked out here step by step with another tool:
// the blocks' XOR, as hex, through single DES twice.
func TestMAC(t *testing.T) {
	// XOR of the one block is itself; its hex is "0123456789ABCDEF"; DES with a weak all-zero-parity key.
	key := unhex(t, "1111111111111111")
	got, err := MAC(key, unhex(t, "0123456789ABCDEF"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := block(key)
	if err != nil {
		t.Fatal(err)
	}
	first := []byte("01234567")
	c.Encrypt(first, first)
	for i, b := range []byte("89ABCDEF") {
		first[i] ^= b
	}
	c.Encrypt(first, first)
	if want := fmt.Sprintf("%X", first)[:8]; string(got[:]) != want {
		t.Errorf("MAC is %s, want %s", got, want)
	}
	padded, err := MAC(key, unhex(t, "0123456789ABCDEF00"))
	if err != nil || padded != got {
		t.Errorf("a last block of zeros changes the MAC: %s, %v", padded, err)
	}
}

// A message about money that is changed in any byte is not genuine.
func TestChangedMessageIsNotGenuine(t *testing.T) {
	p := unionpay
	key := unhex(t, "00112233445566778899AABBCCDDEEFF")
	m := p.Financial(specimenSale)
	body, err := p.Seal(m, key)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := p.Unpack(body)
	if err != nil || !p.Genuine(whole, body, key) {
		t.Fatalf("the message itself is not genuine: %v", err)
	}
	for i := range body {
		bad := bytes.Clone(body)
		bad[i] ^= 1
		if m, err := p.Unpack(bad); err == nil && m.aboutMoney() && p.Genuine(m, bad, key) {
			t.Errorf("byte %d changed, and it is still genuine", i)
		}
	}
	if without, err := p.Pack(p.Financial(specimenSale)); err != nil || p.Genuine(p.Financial(specimenSale), without, key) {
		t.Errorf("a message without MAC is genuine, %v", err)
	}
}

// Keys of each length come out of DE62 as they went in; a wrong master key and a wrong length are refused.
func TestKeys(t *testing.T) {
	master := unhex(t, "0123456789ABCDEFFEDCBA9876543210")
	for _, sizes := range [][]int{{8, 8}, {16, 16}, {16, 16, 16}} {
		var keys [][]byte
		for i, size := range sizes {
			keys = append(keys, bytes.Repeat([]byte{byte(0x21 + 2*i), 0x43}, size/2))
		}
		private, err := SealKeys(master, keys...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := OpenKeys(private, master)
		if err != nil || !bytes.Equal(got.PIK, keys[0]) || !bytes.Equal(got.MAK, keys[1]) {
			t.Errorf("%d bytes: %v", len(private), err)
		}
		private[0] ^= 1
		if _, err := OpenKeys(private, master); !errors.Is(err, ErrKeys) {
			t.Errorf("%d bytes, one changed: %v", len(private), err)
		}
		private[0] ^= 1
		if _, err := OpenKeys(private, bytes.Repeat([]byte{7}, 16)); !errors.Is(err, ErrKeys) {
			t.Errorf("another master key: %v", err)
		}
	}
	for size := range 70 {
		if _, err := OpenKeys(make([]byte, size), master); !errors.Is(err, ErrKeys) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// A single-length MAK in a double-length slot, as some acquirers send it, is found.
func TestSingleKeyInDoubleSlot(t *testing.T) {
	master := unhex(t, "0123456789ABCDEFFEDCBA9876543210")
	single, err := SealKeys(master, bytes.Repeat([]byte{0x23}, 8), bytes.Repeat([]byte{0x45}, 8))
	if err != nil {
		t.Fatal(err)
	}
	pik, err := SealKeys(master, bytes.Repeat([]byte{0x23}, 16), bytes.Repeat([]byte{0x23}, 16))
	if err != nil {
		t.Fatal(err)
	}
	private := append(bytes.Clone(pik[:20]), single[12:20]...)
	private = append(append(private, make([]byte, 8)...), single[20:]...)
	keys, err := OpenKeys(private, master)
	if err != nil || !bytes.Equal(keys.MAK, bytes.Repeat([]byte{0x45}, 8)) {
		t.Errorf("MAK %X, %v", keys.MAK, err)
	}
}

// Frames are read one by one, and whatever is no frame is named for what it is.
func TestReadFrame(t *testing.T) {
	p := iso87
	whole := p.Frame([]byte("0800"), nil)
	for name, c := range map[string]struct {
		bytes []byte
		err   error
	}{
		"nothing":            {nil, io.EOF},
		"half a length":      {[]byte{0}, ErrTruncated},
		"half a message":     {whole[:len(whole)-1], ErrTruncated},
		"a length of zero":   {[]byte{0, 0}, ErrUnreadable},
		"a monstrous length": {[]byte{0xFF, 0xFF, 1}, ErrOversized},
		"a whole one":        {whole, nil},
	} {
		if _, _, err := p.ReadFrame(bytes.NewReader(c.bytes)); !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", name, err, c.err)
		}
	}
	if _, _, err := unionpay.ReadFrame(bytes.NewReader([]byte{0, 3, 1, 2, 3})); !errors.Is(err, ErrUnreadable) {
		t.Errorf("a frame that ends in its headers: %v", err)
	}
	answer := unionpay.Frame([]byte{1}, &Headers{TPDU: []byte{0x60, 1, 2, 3, 4}, Header: make([]byte, 6)})
	if !bytes.Equal(answer[2:7], []byte{0x60, 3, 4, 1, 2}) {
		t.Errorf("the answer's TPDU is %X", answer[2:7])
	}
}

// Whatever a message holds, its text for people holds no card data.
func TestRedacted(t *testing.T) {
	card := specimenSale
	const pan, track2, expiry = "6221234987650005", "6221234987650005=4711", "4711"
	card.PAN, card.Track2, card.Expiry = []byte(pan), []byte(track2), []byte(expiry)
	m := unionpay.Financial(card).Set(52, "12345678").Set(55, "chip data").Set(36, "99"+pan).
		Set(62, "secret keys").Set(54, pan).Set(48, pan)
	for _, text := range []string{m.Redacted(), fmt.Sprint(m), fmt.Sprintf("%+v %#v", m, m)} {
		for _, secret := range []string{pan, pan[6:12], track2, expiry, "12345678", "chip data", "secret keys"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in\n%s", secret, text)
			}
		}
	}
	if !strings.Contains(m.Redacted(), "622123******0005") {
		t.Error("the masked number is missing")
	}
}

// Every message that the tables allow comes back as it was.
func TestPackedIsUnpacked(t *testing.T) {
	alphabet := map[Type]string{N: "[0-9]", AN: "[0-9A-Za-z]", ANS: "[ -~]", Z: "[0-9]", B: "[\\x00-\\x7f]"}
	for _, p := range Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				m := NewMessage(rapid.SampledFrom([]string{"0200", "0210", "0400", "0410", "0800", "0810"}).Draw(r, "mti"))
				for _, f := range p.Fields {
					if !rapid.Bool().Draw(r, f.Name) {
						continue
					}
					least := f.Length
					if f.Variable > 0 {
						least = 1
					}
					m.Set(f.Number, rapid.StringMatching(fmt.Sprintf("%s{%d,%d}", alphabet[f.Type], least, min(f.Length, 60+least-1, 900))).Draw(r, "value"))
				}
				body, err := p.Pack(m)
				if err != nil {
					r.Fatal(err)
				}
				got, err := p.Unpack(body)
				if err != nil {
					r.Fatalf("%v of %X", err, body)
				}
				for _, n := range m.numbers() {
					if got.Get(n) != m.Get(n) {
						r.Fatalf("DE%d: %q, was %q", n, got.Get(n), m.Get(n))
					}
				}
			})
		})
	}
}

// A refund says 0220 with its card read again, the RRN of its original, and DE61 as the profile names it; its repeat is the same under 0221. It is told
// from a void, with which it shares DE3.
func TestRefundMessage(t *testing.T) {
	for _, p := range Profiles() {
		m, again := p.Refund(specimenRefund, false), p.Refund(specimenRefund, true)
		want := map[string]string{"unionpay": "0000000000000101", "iso87": "0000010000010101"}[p.Name]
		if m.MTI != "0220" || again.MTI != "0221" || m.Get(3) != "200000" || m.Get(61) != want || m.Get(37) != "000000000001" || m.Get(22) != "022" || !m.Has(35) {
			t.Errorf("%s: %s", p.Name, m)
		}
		if p.Name == "unionpay" && (m.Get(60) != "25000001000" || m.Get(63) != "CUP") {
			t.Errorf("DE60 %s, DE63 %s", m.Get(60), m.Get(63))
		}
		if _, _, void := p.IsVoid(m); void {
			t.Errorf("%s: a refund is taken for a void", p.Name)
		}
		if _, _, refund := p.IsRefund(p.Financial(specimenVoid)); refund {
			t.Errorf("%s: a void is taken for a refund", p.Name)
		}
		if !p.Agrees(again, NewMessage("0230").Set(11, "000003")) {
			t.Errorf("%s: 0230 does not answer a repeat", p.Name)
		}
	}
	if got := (Original{Batch: 1, STAN: 2, Date: "0304"}).named(ByNumber); got != "000001000002" {
		t.Errorf("by number: %s", got)
	}
	if organisation("Visa") != "VIS" || organisation("card") != "CUP" {
		t.Error("organisations")
	}
}
