package files

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

const atOnce = 0

// What an entry of an access list lets somebody do.
const (
	readMask  = windows.FILE_READ_DATA | windows.GENERIC_READ | windows.GENERIC_ALL
	writeMask = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.DELETE | windows.WRITE_DAC | windows.WRITE_OWNER |
		windows.GENERIC_WRITE | windows.GENERIC_ALL
)

// Others says what people besides the owner and an administrator may do with a file or folder. One that belongs to somebody
// else than this user, the administrators and the system can be written by others.
func Others(f *os.File) (read, write bool, err error) {
	sd, err := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return true, true, err
	}
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return true, true, err
	}
	owner, _, err := sd.Owner()
	if err != nil {
		return true, true, err
	}
	if !trustee(owner, me.User.Sid) {
		return true, true, nil
	}
	list, _, err := sd.DACL()
	if err != nil || list == nil { // no list lets everybody do everything
		return true, true, err
	}
	for i := range uint32(list.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &ace); err != nil {
			return true, true, err
		}
		if ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 || ace.Header.AceType == windows.ACCESS_DENIED_ACE_TYPE {
			continue
		}
		if ace.Header.AceType == windows.ACCESS_ALLOWED_ACE_TYPE && trustee((*windows.SID)(unsafe.Pointer(&ace.SidStart)), me.User.Sid) {
			continue
		}
		read, write = read || ace.Mask&readMask != 0, write || ace.Mask&writeMask != 0
	}
	return read, write, nil
}

// trustee reports whether somebody may do anything with this user's files anyway: this user, the owner of a file as such, an
// administrator, the system, or Windows' own installer.
func trustee(sid, me *windows.SID) bool {
	if sid.Equals(me) {
		return true
	}
	for _, known := range []windows.WELL_KNOWN_SID_TYPE{windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid, windows.WinCreatorOwnerSid, windows.WinCreatorOwnerRightsSid} {
		if sid.IsWellKnown(known) {
			return true
		}
	}
	return sid.String() == "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464" // TrustedInstaller
}

// guardedWay says whether others could put something else into the folder of a file. Those above it give their rights to no file that is
// moved, so that what stands in it then is theirs.
func guardedWay(real string) error {
	dir := filepath.Dir(real)
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	_, write, err := Others(f)
	if err == nil && write {
		err = fmt.Errorf("%w: the folder %s", ErrOthers, dir)
	}
	return errors.Join(err, f.Close())
}

// MakeOwn makes a folder, and those above it, to which its owner and an administrator alone can write. A new one takes no rights from the
// folder above: the set-up lets every user of this computer write to the till's.
func MakeOwn(dir string) error {
	if _, err := os.Stat(dir); err == nil || !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	sd, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;" + me.User.Sid.String() + ")")
	if err != nil {
		return err
	}
	list, _, err := sd.DACL()
	if err != nil {
		return err
	}
	return windows.SetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
}
