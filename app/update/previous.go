package update

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const osName = runtime.GOOS

// packaged is where the packages keep the program that they replace.
const packaged = "/usr/lib/veratill/veratill.previous"

// previousBeside is where the set-up of Windows keeps it: beside the program.
func previousBeside(program string) string {
	end := exeSuffix(osName)
	return strings.TrimSuffix(program, end) + ".previous" + end
}

// candidates are where the version before may be: what the package or the set-up kept, then the copy that was taken.
func (u *Updater) candidates(r Record) []string {
	var all []string
	if r.Kind == Deb || r.Kind == RPM {
		all = append(all, packaged)
	}
	if r.Program != "" {
		all = append(all, previousBeside(r.Program))
	}
	if r.Previous != "" {
		all = append(all, filepath.Join(u.Dir, r.Previous))
	}
	return all
}

// Previous finds the version before: a program that says itself that it is that. The error is a
// Fault of NoPrevious.
func (u *Updater) Previous(ctx context.Context, r Record) (string, error) {
	for _, program := range u.candidates(r) {
		if said, err := u.Ask(ctx, program); err == nil && said == r.From {
			return program, nil
		}
	}
	return "", fault(NoPrevious, "%s", r.From.Version)
}

// putPreviousBack gives the program's place to the version before, where this user may write there;
// a package's place only an administrator's word opens. Where neither is so the record alone sends
// each start to the version before.
func (u *Updater) putPreviousBack(ctx context.Context, r Record) error {
	program, err := u.Previous(ctx, r)
	if err != nil {
		return err
	}
	if r.Kind == Archive {
		return copyProgram(program, r.Program)
	}
	if _, err := u.Ask(ctx, r.Program); err == nil || osName == "windows" {
		return nil // it runs far enough to hand over
	}
	if os.Geteuid() == 0 {
		return copyProgram(program, r.Program)
	}
	return u.asRoot(ctx, []string{"install", "-m", "0755", program, r.Program})
}
