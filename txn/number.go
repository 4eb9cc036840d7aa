package txn

// NumberWhy is why the till moved its numbers ahead.
type NumberWhy string

// The closed set of reasons. After each of them a person reads it once before the next card is taken, save where Warns.
const (
	// EntriesMissing: the mark names an entry that the journal does not have: a lost -wal, or an older copy of the folder.
	EntriesMissing NumberWhy = "entries missing"
	// EntriesDiffer: the mark's entry is another one here: two programs went on from one copy.
	EntriesDiffer NumberWhy = "entries differ"
	// OtherBooks: the last cards were taken with another journal: a deleted one, or another folder.
	OtherBooks NumberWhy = "other books"
	// BackupRestored: a backup was put back where no mark says how far the numbers had come.
	BackupRestored NumberWhy = "backup restored"
	// MarkUnreadable: there is a mark, and nobody can read it, so that nothing says with which books the last cards were taken.
	MarkUnreadable NumberWhy = "mark unreadable"
	// NumberWasTaken: the bank held a payment under a number that the till had just given.
	NumberWasTaken NumberWhy = "number taken"
	// NumbersTaken: the same for another card on the same day: another till may have this one's terminal number.
	NumbersTaken NumberWhy = "numbers taken"
)

// NumberWhys lists the closed set.
var NumberWhys = []NumberWhy{EntriesMissing, EntriesDiffer, OtherBooks, BackupRestored, MarkUnreadable, NumberWasTaken, NumbersTaken}

// Stops reports whether no card is taken before a person has read it.
func (w NumberWhy) Stops() bool {
	//mutant:doubtful-numbers-stop-cards
	return w != "" && w != NumberWasTaken
}

// OfBooks reports whether it is about books that may not be the newest: then nothing that was open in them is undone, and until a person has read it
// nothing goes back of what they call paid, in cash neither.
func (w NumberWhy) OfBooks() bool { return w != "" && w != NumberWasTaken && w != NumbersTaken }

// Numbers is how far the numbers of attempts have come, and whether a person has to look at them.
type Numbers struct {
	Last ID        `json:"last"`          // used up
	Why  NumberWhy `json:"why,omitempty"` // of the last move that nobody has read yet; else empty
	AtMs int64     `json:"atMs,omitempty"`
}

// Move is the numbers after a move, and Seen after a person has read why. A reason that stops cards is not hidden by a later one that does not.
func (n Numbers) Move(m NumbersMoved) Numbers {
	after := Numbers{Last: m.To, Why: m.Why, AtMs: m.AtMs}
	//mutant:a-warning-hides-no-stop
	if n.Why.Stops() && !m.Why.Stops() {
		after.Why, after.AtMs = n.Why, n.AtMs
	}
	return after
}

// Seen is the numbers once a person has read why they moved.
func (n Numbers) Seen() Numbers { return Numbers{Last: n.Last} }

// Restored says of books whether their file is a backup that was put back.
type Restored struct {
	Was   bool
	AgeMs int64 // how old it was then: from its last attempt to the putting back, by the till's clock
	Whole bool  // the books whose place it took had nothing but starts behind it
}

// NumbersAhead is how far the numbers move where others may have been used without the till's knowledge.
const NumbersAhead = 1_000

// AheadOfBackup is how far they move where a backup of some age was put back and nothing says how many attempts followed it:
// 5,000 for each day, at least 100,000. It is 900,000 at most: further ahead the STANs come round to those that the move has passed over,
// and a till that lets each rest for 60 days would have none left.
func AheadOfBackup(ageMs int64) ID {
	const day, aDay, least, most = 24 * 60 * 60 * 1000, 5_000, 100_000, 900_000
	//mutant:a-move-leaves-stans
	return ID(min(most, max(least, (ageMs+day-1)/day*aDay)))
}

// Next are the numbers that the next commit may use.
type Next struct {
	Attempt ID
	Batch   int64 // of the open day
	Sale    int64 // a sale is named after the entry that will hold it, so that it has to be in the very next commit
	Print   int64
}
