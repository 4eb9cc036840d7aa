package chain_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn/chain"
)

// made is a chain of entries.
func made(bodies []string) []chain.Entry {
	var at chain.Cursor
	var all []chain.Entry
	for i, body := range bodies {
		e := at.Next(i/3, int64(i/2), int64(i/4), []byte(body))
		all, at = append(all, e), chain.At(e)
	}
	return all
}

func follow(all []chain.Entry) error {
	var at chain.Cursor
	for _, e := range all {
		if err := at.Follow(e); err != nil {
			return err
		}
	}
	return nil
}

// A chain that was made is followed to its end, and one in which anything was changed is not.
func TestEveryChangeBreaksTheChain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		all := made(rapid.SliceOfN(rapid.String(), 2, 12).Draw(r, "bodies"))
		if err := follow(all); err != nil {
			r.Fatal(err)
		}
		i := rapid.IntRange(0, len(all)-1).Draw(r, "entry")
		switch e := &all[i]; rapid.IntRange(0, 6).Draw(r, "change") {
		case 0:
			e.Seq++
		case 1:
			e.Version++
		case 2:
			e.Print++
		case 3:
			e.Body = append([]byte("x"), e.Body...)
		case 4:
			e.Hash[rapid.IntRange(0, 31).Draw(r, "byte")] ^= 1
		case 5:
			if i == len(all)-1 {
				r.Skip("a chain that ends earlier is whole")
			}
			all = append(all[:i:i], all[i+1:]...)
		default:
			all = append(all[:i+1:i+1], all[i:]...)
		}
		if err := follow(all); !errors.Is(err, chain.ErrBroken) {
			r.Fatalf("entry %d was changed, and following gives %v", i+1, err)
		}
	})
}

// An older program never writes behind a newer one, and no number of a print or an attempt comes again.
func TestVersionAndNumbersNeverFall(t *testing.T) {
	first := chain.Cursor{}.Next(2, 7, 9, []byte("a"))
	for name, e := range map[string]chain.Entry{
		"version": chain.At(first).Next(1, 7, 9, []byte("b")),
		"print":   chain.At(first).Next(2, 6, 9, []byte("b")),
		"attempt": chain.At(first).Next(2, 7, 8, []byte("b")),
	} {
		at := chain.At(first)
		if err := at.Follow(e); !errors.Is(err, chain.ErrBroken) {
			t.Errorf("a lower %s is followed: %v", name, err)
		}
	}
}
