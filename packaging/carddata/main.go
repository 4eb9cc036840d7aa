// Command carddata proves that card numbers and tracks stay out of everything that
// is left lying about: it makes sales with cards that exist once each (approved,
// declined, unanswered, killed), crashes the program in the middle of others, and
// then looks for each number in every file and every output, in every form in which
// it may lie there. Core dumps are asked for, and searched where the system writes one.
//
//	carddata -veratill PATH [-sales 200] [-dir DIR]
//
// With -memory it makes single sales, on the command line and in the window, and looks through the memory of the till 2 s after each: for
// number, track and half a PIN block in every form, the count by owner. What the till itself has to wipe is left_in_memory.
//
// It prints one `name: value` a line, `found` last, and ends with 1 unless that is 0.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

func main() {
	program := flag.String("veratill", "", "the program to try")
	sales := flag.Int("sales", 200, "how many sales")
	memory := flag.Bool("memory", false, "search a running till's memory after a sale, and nothing else; root, on a display (packaging/xvfb)")
	dir := flag.String("dir", "", "where to work; kept for looking at")
	flag.Parse()
	keep := *dir != ""
	if !keep {
		made, err := os.MkdirTemp("", "veratill-carddata-")
		stopOn(err)
		*dir = made
	}
	if *memory {
		left, err := searchMemory(*program, *dir)
		stopOn(err)
		fmt.Printf("left_in_memory: %d\n", left)
		if !keep {
			os.RemoveAll(*dir)
		}
		if left > 0 {
			os.Exit(1)
		}
		return
	}
	t, err := begin(*program, *dir, *sales)
	stopOn(err)
	t.sellAll()
	t.crashAll()
	t.end()
	found := t.search()
	for _, f := range found {
		fmt.Println("found:", f)
	}
	fmt.Printf("sales: %d\nkills: %d\ncrashes: %d\ncore_dumps: %d\nfiles: %d\nunpacked: %d\nbytes: %d\nfound: %d\n",
		t.sales, t.kills, t.crashes, t.cores, t.files, t.pieces, t.bytes, len(found))
	if !keep {
		os.RemoveAll(*dir)
	}
	if len(found) > 0 {
		os.Exit(1)
	}
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "carddata:", err)
		os.Exit(1)
	}
}

// card is a test card that no other sale uses.
type card struct {
	pan, track2 string
}

// makeCard makes the nth card: numbers of 16 and 19 digits with a check digit, and
// discretionary digits that no other card has.
func makeCard(n int) card {
	body := fmt.Sprintf("622299%09d", 100000007*(n%9+1)%999999937+n*7919)
	if n%2 == 1 {
		body += fmt.Sprintf("%03d", n%1000)
	}
	pan := body + checkDigit(body)
	return card{pan, fmt.Sprintf("%s=4912101%09d", pan, 700000000+rand.IntN(100000)*1000+n)}
}

// checkDigit is Luhn's.
func checkDigit(body string) string {
	sum := 0
	for i := range len(body) {
		d := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return fmt.Sprint((10 - sum%10) % 10)
}

// cardsDir holds the files of tracks that the virtual reader reads; it is not searched.
const cardsDir = "cards"

func (t *trial) cardFile(n int) (card, string) {
	c := makeCard(n)
	path, err := t.shop.Card(filepath.Join(cardsDir, fmt.Sprintf("%03d.txt", n)), c.track2)
	stopOn(err)
	t.cards = append(t.cards, c)
	return c, path
}
