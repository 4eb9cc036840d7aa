// Command update is the publisher's side of updates: a key pair, and the signed manifest of a release.
//
//	update key -out DIR                  makes a key pair: veratill.key stays with the publisher, veratill.pub
//	                                     lies as packaging/update/veratill.pub in what is built
//	update manifest -key FILE -base URL -dist DIR -out DIR [-zh TEXT -en TEXT] [-date YYYY-MM-DD]
//	                                     writes DIR/manifest.json and DIR/manifest.json.minisig for the files of
//	                                     a release that lie in dist, to be fetched from URL/NAME
//
// The password of the key is asked of the environment variable VERATILL_UPDATE_PASSWORD; without it
// the key is written in clear, for its owner alone.
package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"aead.dev/minisign"
	"github.com/BurntSushi/toml"

	"veratill/app/update"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "update:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "key" && args[0] != "manifest" {
		return errors.New("say key or manifest")
	}
	flags := flag.NewFlagSet("update "+args[0], flag.ContinueOnError)
	to := flags.String("out", "", "`folder` that gets the files")
	if args[0] == "key" {
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return makeKey(*to, out)
	}
	var r release
	flags.StringVar(&r.key, "key", "", "the publisher's `file` veratill.key")
	flags.StringVar(&r.base, "base", "", "`URL` of the folder in which the files will lie")
	flags.StringVar(&r.dist, "dist", "dist", "`folder` of the files")
	flags.StringVar(&r.about, "fyneapp", "FyneApp.toml", "`file` that says which version it is")
	flags.StringVar(&r.notes.ZH, "zh", "", "what is new, in Chinese")
	flags.StringVar(&r.notes.EN, "en", "", "what is new, in English")
	flags.StringVar(&r.date, "date", time.Now().UTC().Format(time.DateOnly), "day of the release")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	return r.write(*to, out)
}

const passwordVariable = "VERATILL_UPDATE_PASSWORD"

// makeKey writes a new key pair. A key that is there already is never overwritten.
func makeKey(dir string, out io.Writer) error {
	if dir == "" {
		return errors.New("-out is missing")
	}
	secretFile := filepath.Join(dir, "veratill.key")
	if _, err := os.Lstat(secretFile); err == nil { // before a password is made slow to guess, which takes seconds
		return &fs.PathError{Op: "make", Path: secretFile, Err: fs.ErrExist}
	}
	public, private, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	secret, err := private.MarshalText()
	if password := os.Getenv(passwordVariable); err == nil && password != "" {
		secret, err = minisign.EncryptKey(password, private)
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	told, err := public.MarshalText()
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name    string
		content []byte
		mode    os.FileMode
	}{{"veratill.key", secret, 0o600}, {"veratill.pub", told, 0o644}} {
		if err := writeNew(filepath.Join(dir, f.name), f.content, f.mode); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "%s: keep it where nobody else reads it, and not in the repository\n%s: copy it to packaging/update/veratill.pub and build\n",
		filepath.Join(dir, "veratill.key"), filepath.Join(dir, "veratill.pub"))
	return err
}

func writeNew(path string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(append(content, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

type release struct {
	key, base, dist, about, date string
	notes                        update.Notes
}

// forms are how the files of a release are called; what else lies in dist is no part of it.
var forms = []struct {
	name         *regexp.Regexp
	goos, goarch string
	kind         update.Kind
}{
	{regexp.MustCompile(`^veratill_VERSION-\d+_amd64\.deb$`), "linux", "amd64", update.Deb},
	{regexp.MustCompile(`^veratill-VERSION-\d+\.x86_64\.rpm$`), "linux", "amd64", update.RPM},
	{regexp.MustCompile(`^veratill-VERSION-linux-amd64\.tar\.gz$`), "linux", "amd64", update.Archive},
	{regexp.MustCompile(`(?i)^veratill-VERSION-(windows-amd64-)?setup\.exe$`), "windows", "amd64", update.Setup},
	{regexp.MustCompile(`(?i)^veratill-VERSION-(windows-amd64|portable)\.zip$`), "windows", "amd64", update.Archive},
}

func (r release) write(to string, out io.Writer) error {
	if r.key == "" || r.base == "" || to == "" {
		return errors.New("-key, -base and -out have to be given")
	}
	private, err := minisign.PrivateKeyFromFile(os.Getenv(passwordVariable), r.key)
	if err != nil {
		text, readErr := os.ReadFile(r.key)
		if readErr != nil {
			return readErr
		}
		if err := private.UnmarshalText(text); err != nil {
			return fmt.Errorf("%s: %w (a password comes from %s)", r.key, err, passwordVariable)
		}
	}
	m, err := r.manifest()
	if err != nil {
		return err
	}
	if err := m.Check(); err != nil { // the till's own rules
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	comment := fmt.Sprintf("%s %s (build %d) of %s", m.Program, m.Version, m.Build, m.Date)
	signature := minisign.SignWithComments(private, text, comment, "signature of "+comment)
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	path := filepath.Join(to, "manifest.json")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(path+update.SignatureSuffix, signature, 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s and %s: %s %s (build %d), %d files\n", path, filepath.Base(path)+update.SignatureSuffix, m.Program, m.Version, m.Build, len(m.Files))
	return err
}

// manifest describes the files of dist that are of this version.
func (r release) manifest() (update.Manifest, error) {
	var about struct {
		Details struct {
			ID, Version string
			Build       int
		}
	}
	if _, err := toml.DecodeFile(r.about, &about); err != nil {
		return update.Manifest{}, err
	}
	d := about.Details
	m := update.Manifest{Format: 1, Program: d.ID, Release: update.Release{Version: d.Version, Build: d.Build}, Date: r.date, Notes: r.notes}
	names, err := os.ReadDir(r.dist)
	if err != nil {
		return m, err
	}
	for _, e := range names {
		for _, form := range forms {
			if !form.name.MatchString(strings.ReplaceAll(e.Name(), d.Version, "VERSION")) {
				continue
			}
			f := update.File{GOOS: form.goos, GOARCH: form.goarch, Kind: form.kind, URL: strings.TrimRight(r.base, "/") + "/" + e.Name()}
			if f.Size, f.SHA256, err = sum(filepath.Join(r.dist, e.Name())); err != nil {
				return m, err
			}
			m.Files = append(m.Files, f)
		}
	}
	if len(m.Files) == 0 {
		return m, fmt.Errorf("in %s is no file of version %s", r.dist, d.Version)
	}
	return m, nil
}

func sum(path string) (size int64, hash string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	all := sha256.New()
	size, err = io.Copy(all, f)
	return size, fmt.Sprintf("%x", all.Sum(nil)), err
}
