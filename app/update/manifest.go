// Package update brings a till to a newer version and back: a signed manifest is believed or
// not, a record says how far an update has come whatever happens to the power, and the first
// start of a new version is a trial after which the version before can come back. What it
// decides is pure; files, network and programs are reached in a thin shell around that.
package update

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"aead.dev/minisign"
)

// Limits of what is read from outside.
const (
	manifestMax = 64 << 10  // bytes of a manifest
	fileMax     = 512 << 20 // bytes of a file
	filesMax    = 64
	notesMax    = 2000 // characters
	textMax     = 500  // bytes of any other text
)

// Release is a version with its build, as FyneApp.toml counts them.
type Release struct {
	Version string `json:"version"` // 1.2.3
	Build   int    `json:"build"`   // 1, 2, 3 … of one version
}

// String is what a person reads.
func (r Release) String() string { return r.Version }

var versionForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})$`)

// Compare is negative where r is older than o, positive where it is newer. A version that is none is older than all.
func (r Release) Compare(o Release) int {
	a, b := r.numbers(), o.numbers()
	return cmp.Or(slices.Compare(a, b), cmp.Compare(r.Build, o.Build))
}

func (r Release) numbers() (n []int) {
	if !versionForm.MatchString(r.Version) {
		return nil
	}
	for _, part := range strings.Split(r.Version, ".") {
		x, _ := strconv.Atoi(part) // the form has been looked at
		n = append(n, x)
	}
	return n
}

// Kind is how a program gets onto a computer.
type Kind string

// The closed set of kinds.
const (
	Deb     Kind = "deb"     // Debian's package manager
	RPM     Kind = "rpm"     // Fedora's and openSUSE's
	Archive Kind = "archive" // .tar.gz, on Windows .zip: the program is replaced in its place
	Setup   Kind = "setup"   // the set-up of Windows
)

var kinds = []Kind{Deb, RPM, Archive, Setup}

// File is one file of a release.
type File struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	Kind   Kind   `json:"kind"`
	URL    string `json:"url"`
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // 64 hex digits, small
}

// Notes say what is new.
type Notes struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Manifest is what a publisher says of a release.
type Manifest struct {
	Format  int    `json:"format"`  // 1
	Program string `json:"program"` // the ID of FyneApp.toml
	Release
	Date  string `json:"date"` // YYYY-MM-DD
	Notes Notes  `json:"notes"`
	Files []File `json:"files"`
}

// Read believes a manifest that the publisher signed and that is about this program. Errors: a
// Fault of TooLarge, Unsigned, WrongSignature, BadManifest, WrongProgram or NotSetUp.
func Read(text, signature []byte, key, program string) (Manifest, error) {
	if len(text) > manifestMax || len(signature) > manifestMax {
		return Manifest{}, fault(TooLarge, "")
	}
	if key == "" {
		return Manifest{}, fault(NotSetUp, "")
	}
	var public minisign.PublicKey
	if err := public.UnmarshalText([]byte(key)); err != nil {
		return Manifest{}, fault(NotSetUp, "the publisher's key: %w", err)
	}
	var signed minisign.Signature
	if err := signed.UnmarshalText(signature); err != nil {
		return Manifest{}, fault(Unsigned, "%w", err)
	}
	if !minisign.Verify(public, text, signature) {
		return Manifest{}, fault(WrongSignature, "")
	}
	m, err := parse(text)
	if err != nil {
		return Manifest{}, err
	}
	if m.Program != program {
		return Manifest{}, fault(WrongProgram, "%q, and this is %q", m.Program, program)
	}
	return m, nil
}

// parse reads a manifest without asking who wrote it. Errors: a Fault of BadManifest or TooLarge.
func parse(text []byte) (Manifest, error) {
	var m Manifest
	if len(text) > manifestMax {
		return m, fault(TooLarge, "")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&m); err != nil {
		return Manifest{}, fault(BadManifest, "%w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Manifest{}, fault(BadManifest, "something follows it")
	}
	if err := m.Check(); err != nil {
		return Manifest{}, err
	}
	return m, nil
}

// Check holds a manifest to its ranges. The error is a Fault of BadManifest that names what is wrong.
func (m Manifest) Check() error {
	switch {
	case m.Format != 1:
		return fault(BadManifest, "format %d, this program knows 1", m.Format)
	case !versionForm.MatchString(m.Version):
		return fault(BadManifest, "version %.40q", m.Version)
	case m.Build < 0 || m.Build > 1_000_000_000:
		return fault(BadManifest, "build %d", m.Build)
	case !plain(m.Program, textMax, false) || m.Program == "":
		return fault(BadManifest, "the program's ID")
	case !plain(m.Notes.ZH, notesMax, true) || !plain(m.Notes.EN, notesMax, true):
		return fault(BadManifest, "the notes")
	case len(m.Files) == 0 || len(m.Files) > filesMax:
		return fault(BadManifest, "%d files", len(m.Files))
	}
	if d, err := time.Parse(time.DateOnly, m.Date); err != nil || d.Format(time.DateOnly) != m.Date {
		return fault(BadManifest, "date %.40q", m.Date)
	}
	for i, f := range m.Files {
		if err := f.check(); err != nil {
			return fault(BadManifest, "file %d: %w", i+1, err)
		}
		for _, other := range m.Files[:i] {
			if other.GOOS == f.GOOS && other.GOARCH == f.GOARCH && other.Kind == f.Kind {
				return fault(BadManifest, "file %d: there are two for %s/%s %s", i+1, f.GOOS, f.GOARCH, f.Kind)
			}
		}
	}
	return nil
}

func (f File) check() error {
	hash, err := hex.DecodeString(f.SHA256)
	switch {
	case !slices.Contains(kinds, f.Kind):
		return errors.New("its kind")
	case !plain(f.GOOS, 20, false) || !plain(f.GOARCH, 20, false) || f.GOOS == "" || f.GOARCH == "":
		return errors.New("its system")
	case f.Size < 1 || f.Size > fileMax:
		return errors.New("its size")
	case err != nil || len(hash) != 32 || strings.ToLower(f.SHA256) != f.SHA256:
		return errors.New("its hash")
	}
	_, err = address(f.URL)
	return err
}

// plain reports whether a text is short and has nothing in it that moves a cursor.
func plain(s string, most int, lines bool) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && !(lines && r == '\n') || unicode.Is(unicode.Bidi_Control, r)
	})
}

// address reads where something is to be fetched: https, or http on this very computer. The
// error is a Fault of BadAddress.
func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || len(text) > textMax {
		return nil, fault(BadAddress, "%.80q", text)
	}
	if u.User != nil || u.Host == "" || u.Opaque != "" || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u)) {
		return nil, fault(BadAddress, "%.80q", text)
	}
	return u, nil
}

func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}

// For is the file of a system and a way of installation. The error is a Fault of NoFile.
func (m Manifest) For(goos, goarch string, kind Kind) (File, error) {
	for _, f := range m.Files {
		if f.GOOS == goos && f.GOARCH == goarch && f.Kind == kind {
			return f, nil
		}
	}
	return File{}, fault(NoFile, "%s/%s %s", goos, goarch, kind)
}
