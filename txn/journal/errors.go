package journal

import "errors"

// Why a journal can't be opened or written. Whatever the error, nothing that was
// in the file has been overwritten, and no money moves while it stands.
var (
	ErrInUse   = errors.New("another Veratill is open on this data folder")
	ErrForeign = errors.New("the journal file is not Veratill's")
	// ErrNewer means that a newer program wrote these books. They can be read up to its first entry
	// (Look), and nothing may act on them.
	ErrNewer    = errors.New("the journal was written by a newer Veratill")
	ErrDamaged  = errors.New("the journal is damaged")
	ErrReadOnly = errors.New("the journal can't be written here")
	ErrFull     = errors.New("the disk is full")
	// ErrDiffers means that a row of the tables is not what the entries amount to: somebody changed the file, or the disk did.
	ErrDiffers = errors.New("the tables of the books differ from the entries")
	// ErrFailed means that a commit failed. Whether it is on the disk is not known,
	// so nothing more is written until the program is started again.
	ErrFailed = errors.New("the journal could not save")
	// ErrNotFound means that the journal has no such row.
	ErrNotFound = errors.New("the journal does not have it")
	// ErrSold means that a backup is not put back because of what was written after it.
	ErrSold = errors.New("the journal went on after the backup")
	// ErrOtherBooks means that a backup does not belong to the journal that it was to take the place of.
	ErrOtherBooks = errors.New("the backup is of another journal")
	// ErrNumbersUsed means that the next STAN was used within the last 60 days: a bank may still know it.
	ErrNumbersUsed = errors.New("every STAN was used within the last 60 days")
)
