package update

import (
	"errors"
	"fmt"
)

// Code is what kept an update from going on. No money moves by any of them, and the books stay
// as they are. What a person is told stands in the languages as update.fault.CODE, and what to do
// next as update.fault.CODE.next.
type Code string

// The closed set of codes.
const (
	NotSetUp       Code = "not set up"      // the program has no publisher's key
	NoAddress      Code = "no address"      // the settings name no manifest
	BadAddress     Code = "bad address"     // it is not https
	Offline        Code = "offline"         // nobody answers there
	Refused        Code = "refused"         // the server gives something else than what was asked for
	TooLarge       Code = "too large"       // more bytes than a manifest has, or than were announced
	Unsigned       Code = "unsigned"        // there is no signature that can be read
	WrongSignature Code = "wrong signature" // it is not the publisher's, or of another text
	BadManifest    Code = "bad manifest"    // signed, and not what a manifest is
	WrongProgram   Code = "wrong program"   // it is about another program
	Replayed       Code = "replayed"        // a newer one was seen before
	Older          Code = "older"           // what is to be installed is not newer than what runs
	NoFile         Code = "no file"         // nothing in it for this system and way of installation
	WrongSize      Code = "wrong size"
	WrongHash      Code = "wrong hash"
	NoRoom         Code = "no room"      // the disk is full
	CantWrite      Code = "not writable" // the folder of updates
	RecordDamaged  Code = "record damaged"
	OtherUser      Code = "other user"     // the data folder is somebody else's
	OthersWrite    Code = "others write"   // what is to be believed, run or installed others could have put there
	InUse          Code = "in use"         // a till is open on the books, or an update is under way
	DayOpen        Code = "day open"       // something was sold since the last Z
	Owed           Code = "owed"           // a payment or a paper has not ended
	BackupFailed   Code = "backup failed"  // it could not be made
	BackupDamaged  Code = "backup damaged" // it is not whole, or not of these books
	Nothing        Code = "nothing"        // no update is known
	WrongState     Code = "wrong state"    // not what comes next
	NeedsAdmin     Code = "needs administrator"
	InstallFailed  Code = "install failed"
	NotInstalled   Code = "not installed" // the program in its place is not the new one
	NoPrevious     Code = "no previous"   // the version before is not there any more
	Crashed        Code = "crashed"       // the new version ended before it was ready
	Silent         Code = "silent"        // it was not ready in time
	Interrupted    Code = "interrupted"   // its first start was cut short
	Sold           Code = "sold"          // it has written what the version before can't read
	RestoreFailed  Code = "restore failed"
)

// Codes lists the closed set.
var Codes = []Code{NotSetUp, NoAddress, BadAddress, Offline, Refused, TooLarge, Unsigned, WrongSignature, BadManifest, WrongProgram,
	Replayed, Older, NoFile, WrongSize, WrongHash, NoRoom, CantWrite, RecordDamaged, OtherUser, OthersWrite, InUse, DayOpen, Owed, BackupFailed,
	BackupDamaged, Nothing, WrongState, NeedsAdmin, InstallFailed, NotInstalled, NoPrevious, Crashed, Silent, Interrupted, Sold, RestoreFailed}

// Fault is an error with its code; the cause is for the small print.
type Fault struct {
	Code  Code
	Cause error // may be nil
}

func (f *Fault) Error() string {
	if f.Cause == nil {
		return string(f.Code)
	}
	return fmt.Sprintf("%s: %v", f.Code, f.Cause)
}

func (f *Fault) Unwrap() error { return f.Cause }

// Detail is the cause as small print, or nothing.
func (f *Fault) Detail() string {
	if f.Cause == nil {
		return ""
	}
	return f.Cause.Error()
}

// fault makes a fault whose cause is put into words; no words, no cause.
func fault(c Code, format string, args ...any) *Fault {
	if format == "" {
		return &Fault{Code: c}
	}
	return &Fault{Code: c, Cause: fmt.Errorf(format, args...)}
}

// FaultOf is the fault of an error; one that has none counts as a folder that can't be written.
func FaultOf(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Code: CantWrite, Cause: err}
}

// Is reports whether an error is a fault of a code.
func Is(err error, c Code) bool {
	var f *Fault
	return errors.As(err, &f) && f.Code == c
}
