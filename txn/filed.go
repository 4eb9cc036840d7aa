package txn

import (
	"errors"
	"slices"
)

// FileKept says that a file of a bank, an acquirer or a wallet was taken in, and by what it is known. What it amounts to beside the books is worked out
// whenever somebody looks (txn/clearing): the books keep what it was, and nothing of theirs is edited by it.
type FileKept struct {
	Format     string            `json:"format"` // a clearing.Format
	Name       string            `json:"name"`   // of the file, without its folder
	SHA256     string            `json:"sha256"` // hex, of the file as it came
	KeptSHA256 string            `json:"kept"`   // hex, of the copy that is kept: its table, without names of persons and card numbers
	Mapping    map[string]string `json:"mapping,omitempty"`
	Currency   string            `json:"currency"`
	Rows       int64             `json:"rows"`
	PaidMinor  int64             `json:"paidMinor"`
	BackMinor  int64             `json:"backMinor"`
	FeeMinor   int64             `json:"feeMinor"`
	From       string            `json:"from"` // YYYY-MM-DD of its earliest row
	To         string            `json:"to"`
	AtMs       int64             `json:"atMs"`
}

// Answered is what a person did about a difference. The newest of a key counts, and the earlier ones stay.
type Answered struct {
	Key     string `json:"key"`               // names the difference, see clearing.Item
	Class   string `json:"class"`             // what it was when they answered: another class opens it again
	Owner   string `json:"owner"`             // who sees to it
	Note    string `json:"note,omitempty"`    // what they found
	Due     string `json:"due,omitempty"`     // YYYY-MM-DD: by when
	Said    string `json:"said,omitempty"`    // what the bank answered, such as 贷记调整
	Closed  bool   `json:"closed,omitempty"`  // nothing is left to do
	Attempt ID     `json:"attempt,omitempty"` // of a row that was proposed to an attempt: it is that attempt's
	Apart   bool   `json:"apart,omitempty"`   // of such a row: it is no attempt's after all; of a file (FileKept.Key): it was a wrong one, and counts nowhere
	AtMs    int64  `json:"atMs"`
}

// Key names the file in an answer about the whole of it.
func (f FileKept) Key() string { return "file " + f.SHA256 }

// Counting leaves of the files that were taken in those that count, in the order in which they came: of one that was taken in again, because its copy was lost, the newest entry, and none that
// somebody took out since.
func Counting(files []FileKept, answers []Answered) (kept []FileKept) {
	out := map[string]int64{}
	for _, a := range answers {
		if a.Apart {
			out[a.Key] = a.AtMs
		}
	}
	for _, f := range files {
		if at := slices.IndexFunc(kept, func(k FileKept) bool { return k.SHA256 == f.SHA256 }); at >= 0 {
			kept[at] = f
			continue
		}
		kept = append(kept, f)
	}
	return slices.DeleteFunc(kept, func(f FileKept) bool {
		at, taken := out[f.Key()]
		//mutant:a-file-that-was-taken-out-counts-nowhere
		return taken && at >= f.AtMs
	})
}

// Word implements Record.
func (FileKept) Word() string { return "file" }
func (Answered) Word() string { return "answer" } // Word implements Record.

// Complete says what is missing of a kept file or wrong with it.
func (f FileKept) Complete() error {
	if f.Format == "" || f.Name == "" || len(f.SHA256) != 64 || len(f.KeptSHA256) != 64 || f.Rows < 0 {
		return errors.New("a file is kept with its format, its name, both hashes and how many rows it has")
	}
	return nil
}

// Complete says what is missing of an answer.
func (a Answered) Complete() error {
	if a.Key == "" || a.Class == "" || a.Owner == "" {
		return errors.New("a difference is answered with its key, its class and who sees to it")
	}
	return nil
}

// Clear makes the event of a file that has the row of what a person claimed; without a file it takes that back.
func Clear(sha256 string, atMs int64) Event {
	return Event{Kind: Cleared, File: sha256, AtMs: atMs}
}

// stepCleared notes that a file of the acquirer has what a person claimed of a terminal that stands alone, or takes that back, where the row was another's or the file a wrong one. It moves no money and prints nothing; sums that were printed
// stay as they were.
func stepCleared(a Attempt, e Event) (Decision, error) {
	//mutant:only-a-claim-is-cleared
	if a.State != Claimed || a.Tender != External || (a.Cleared == "") != (len(e.File) == 64) || a.Cleared != "" && e.File != "" {
		return refuse(a, e)
	}
	a.Cleared = e.File
	return Decision{After: a, Durability: Synced}, nil
}
