package txn

// Mark is what a place outside the books keeps of how far they had come when a line was last asked: it finds out books that
// were lost, put back or copied. Power cuts are not its business: the journal guards itself against them.
type Mark struct {
	Line   string `json:"line"`   // what the line takes its numbers from; in marks of earlier versions its name
	Books  string `json:"books"`  // whose books they were (Identity)
	Entry  int64  `json:"entry"`  // the newest durable entry then
	Head   string `json:"head"`   // its hash in hex
	Number ID     `json:"number"` // the last number that was used up then
}

// Against compares the mark with the books as they are now; head is the hash of the mark's entry in them, empty where they have none. It
// is empty where the books are those, or went on from those, and else says what it looks like.
func (m Mark) Against(now Mark, head string) NumberWhy {
	switch {
	//mutant:other-books-are-known
	case m.Books != now.Books:
		return OtherBooks
	//mutant:missing-entries-are-known
	case m.Entry > now.Entry || m.Number > now.Number:
		return EntriesMissing
	//mutant:another-history-is-known
	case m.Head != head:
		return EntriesDiffer
	}
	return ""
}

// Beyond is the number that the books move to where the mark is not theirs: beyond whatever either of them used.
func (m Mark) Beyond(now Mark) ID { return max(m.Number, now.Number) + NumbersAhead }
