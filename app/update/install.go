package update

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"veratill/assets/files"
	"veratill/txn/disk"
)

// Deadlines of other programs.
const (
	installLimit = 15 * time.Minute
	answerLimit  = 20 * time.Second
)

func exeSuffix(goos string) string {
	if goos == "windows" {
		return ".exe"
	}
	return ""
}

// runProgram runs a program to its end, with this one's input, so that it can ask for a password.
func runProgram(ctx context.Context, name string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, name, args...)
	c.Stdin = os.Stdin
	c.WaitDelay = time.Second
	return c.CombinedOutput()
}

// kindHere is how the program got onto this computer: whose file it is.
func (u *Updater) kindHere(ctx context.Context, program string) Kind {
	if u.GOOS == "windows" {
		if _, err := os.Stat(filepath.Join(filepath.Dir(program), "uninstall.exe")); err == nil {
			return Setup
		}
		return Archive
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	if _, err := u.Run(ctx, "dpkg-query", "-S", program); err == nil {
		return Deb
	}
	if _, err := u.Run(ctx, "rpm", "-qf", program); err == nil {
		return RPM
	}
	return Archive
}

// Install puts the new version into its place and asks it who it is. It waits for a backup: the
// record has to be BackedUp. With an error the version before is in its place still or again, and
// the new one is on offer as before. Faults: WrongState, NeedsAdmin, InstallFailed, NotInstalled,
// WrongSize, WrongHash, CantWrite, NoRoom. The caller holds Lock.
func (u *Updater) Install(ctx context.Context) error {
	r, err := u.Record()
	if err != nil {
		return err
	}
	if err := r.Ready(u.Me); err != nil {
		return err
	}
	pack := filepath.Join(u.Dir, r.Package)
	if r.State == BackedUp {
		if err := verifyFile(pack, r.Offer.File); err != nil { // as it was fetched
			return err
		}
	}
	if r, err = u.change(func(r Record) (Record, error) { return r.Begin(u.Now()) }); err != nil {
		return err
	}
	err = u.putInPlace(ctx, r, pack)
	if said, asked := u.Ask(ctx, r.Program); asked != nil || said != r.Offer.Release {
		if err == nil {
			err = fault(NotInstalled, "%s says that it is %q (%v)", r.Program, said.Version, asked)
		}
		if said != r.From {
			err = errors.Join(err, u.putPreviousBack(ctx, r))
		}
		f := FaultOf(err)
		_, saved := u.change(func(r Record) (Record, error) { return r.notBegun(f, u.Now()) })
		return errors.Join(f, saved)
	}
	return nil // whatever the package manager complained of: the new version is there and answers
}

func (u *Updater) putInPlace(ctx context.Context, r Record, pack string) error {
	ctx, cancel := context.WithTimeout(ctx, installLimit)
	defer cancel()
	//mutant:installed-as-verified
	in, err := verified(pack, r.Offer.File) // at this moment, and by nobody exchanged from here on
	if err != nil {
		return err
	}
	defer in.Close()
	switch r.Kind {
	case Deb:
		return u.asRoot(ctx, []string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends", pack})
	case RPM:
		if _, err := exec.LookPath("dnf"); err == nil {
			return u.asRoot(ctx, []string{"dnf", "install", "-y", pack})
		}
		return u.asRoot(ctx, []string{"rpm", "-U", pack})
	case Setup: // start asks for an administrator's word where that is needed, and waits
		out, err := u.Run(ctx, "cmd.exe", "/c", "start", "", "/wait", pack, "/S", "/UPDATE")
		return ran(InstallFailed, out, err)
	}
	fresh := r.Program + ".new"
	if err := unpack(in, "veratill"+exeSuffix(u.GOOS), fresh, u.GOOS == "windows"); err != nil {
		return err
	}
	return settleProgram(fresh, r.Program)
}

// asRoot runs a command as root: by itself, or through what this computer has for that.
func (u *Updater) asRoot(ctx context.Context, command []string) error {
	if os.Geteuid() != 0 {
		through, err := elevation(os.Getenv)
		if err != nil {
			return fault(NeedsAdmin, "sudo %s", strings.Join(command, " "))
		}
		command = append(through, command...)
	}
	out, err := u.Run(ctx, command[0], command[1:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) && command[0] == "pkexec" && (exit.ExitCode() == 126 || exit.ExitCode() == 127) {
		return fault(NeedsAdmin, "sudo %s", strings.Join(command[1:], " "))
	}
	return ran(InstallFailed, out, err)
}

// elevation is what asks for an administrator's password: a window where there is a desktop.
func elevation(getenv func(string) string) ([]string, error) {
	if getenv("DISPLAY")+getenv("WAYLAND_DISPLAY") != "" {
		if _, err := exec.LookPath("pkexec"); err == nil {
			return []string{"pkexec"}, nil
		}
	}
	if _, err := exec.LookPath("sudo"); err != nil {
		return nil, err
	}
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return []string{"sudo"}, nil
	}
	return []string{"sudo", "-n"}, nil // nobody can be asked
}

// ran puts the end of what a program said into the fault.
func ran(c Code, out []byte, err error) error {
	if err == nil {
		return nil
	}
	said := strings.TrimSpace(string(out))
	if len(said) > 400 {
		said = "…" + said[len(said)-400:]
	}
	return fault(c, "%w: %s", err, said)
}

// Ask asks a program who it is. A program that somebody else could have put there is not asked.
func (u *Updater) Ask(ctx context.Context, program string) (Release, error) {
	if err := Guarded(program); err != nil {
		return Release{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	out, err := u.Run(ctx, program, "version", "-json")
	if err != nil {
		return Release{}, ran(NotInstalled, out, err)
	}
	var said struct{ ID, Version, Build string }
	if err := json.Unmarshal(out, &said); err != nil {
		return Release{}, err
	}
	if said.ID != u.ID {
		return Release{}, errors.New("it is " + said.ID)
	}
	return ReleaseOf(said.Version, said.Build)
}

// Guarded reports whether a program may be run: nobody besides this user and an administrator could have put it there, or can exchange
// it. Faults: OthersWrite, CantWrite.
func Guarded(program string) error {
	f, err := guarded(program)
	if err != nil {
		return err
	}
	return write(f.Close())
}

// ReleaseOf reads a version and a build as they are stamped on a program.
func ReleaseOf(version, build string) (Release, error) {
	n, err := strconv.Atoi(build)
	return Release{version, n}, err
}

// unpack takes the program out of an archive, into a file that is durable when it returns.
func unpack(in *os.File, name, to string, zipped bool) error {
	if zipped {
		return unzip(in, name, to)
	}
	plain, err := gzip.NewReader(in)
	if err != nil {
		return fault(InstallFailed, "%w", err)
	}
	for all := tar.NewReader(plain); ; {
		h, err := all.Next()
		if err != nil {
			return fault(InstallFailed, "%s is not in it: %w", name, err)
		}
		if h.Typeflag == tar.TypeReg && path.Base(h.Name) == name {
			return keepProgram(all, to)
		}
	}
}

func unzip(pack *os.File, name, to string) error {
	info, err := pack.Stat()
	if err != nil {
		return write(err)
	}
	all, err := zip.NewReader(pack, info.Size())
	if err != nil {
		return fault(InstallFailed, "%w", err)
	}
	for _, f := range all.File {
		if f.Mode().IsRegular() && path.Base(f.Name) == name {
			in, err := f.Open()
			if err != nil {
				return fault(InstallFailed, "%w", err)
			}
			defer in.Close()
			return keepProgram(in, to)
		}
	}
	return fault(InstallFailed, "%s is not in it", name)
}

// keepProgram writes a program to a file of its own.
func keepProgram(from io.Reader, to string) error {
	out, err := fresh(to, 0o755)
	if err != nil {
		return write(err)
	}
	_, err = io.Copy(out, io.LimitReader(from, fileMax))
	return write(errors.Join(err, out.Chmod(0o755), out.Sync(), out.Close()))
}

func copyProgram(from, to string) error {
	in, err := files.Open(from, fileMax)
	if err != nil {
		return write(err)
	}
	defer in.Close()
	fresh := to + ".new"
	if err := keepProgram(in, fresh); err != nil {
		return err
	}
	return settleProgram(fresh, to)
}

// settleProgram gives a program its name. Windows lets no running program be replaced, but renamed.
func settleProgram(fresh, program string) error {
	err := os.Rename(fresh, program)
	if err != nil && exeSuffix(osName) != "" {
		if err = os.Rename(program, previousBeside(program)); err == nil {
			err = os.Rename(fresh, program)
		}
	}
	if err != nil {
		return write(err)
	}
	return write((disk.System{}).SyncDir(filepath.Dir(program)))
}
