package update

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"aead.dev/minisign"

	"veratill/assets"
	"veratill/packaging/nasty"
)

const programID = "org.veratill.test"

// whole is a manifest in order.
func whole() Manifest {
	return Manifest{Format: 1, Program: programID, Release: Release{"0.2.0", 2}, Date: "2026-12-01", Notes: Notes{"更快", "Faster"},
		Files: []File{{"linux", "amd64", Archive, "https://example.org/veratill.tar.gz", 1000, strings.Repeat("0a", 32)},
			{"linux", "amd64", Deb, "https://example.org/veratill.deb", 1000, strings.Repeat("0b", 32)}}}
}

func text(t *testing.T, m Manifest) []byte {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// publisher makes a key pair.
func publisher(t *testing.T) (public string, private minisign.PrivateKey) {
	t.Helper()
	pub, private, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return pub.String(), private
}

func wants(t *testing.T, what string, err error, code Code) {
	t.Helper()
	if !Is(err, code) {
		t.Errorf("%s: %v, want %q", what, err, code)
	}
}

// Only what the publisher signed, whole and about this program, is believed.
func TestRead(t *testing.T) {
	key, private := publisher(t)
	other, stranger := publisher(t)
	m := text(t, whole())
	signature := minisign.Sign(private, m)
	if got, err := Read(m, signature, key, programID); err != nil || got.Version != "0.2.0" {
		t.Fatalf("%+v, %v", got, err)
	}
	changed := []byte(strings.Replace(string(m), "0.2.0", "0.3.0", 1))
	wants(t, "another text", errOf(Read(changed, signature, key, programID)), WrongSignature)
	wants(t, "another key", errOf(Read(m, signature, other, programID)), WrongSignature)
	wants(t, "a stranger's", errOf(Read(m, minisign.Sign(stranger, m), key, programID)), WrongSignature)
	wants(t, "none", errOf(Read(m, nil, key, programID)), Unsigned)
	wants(t, "a page", errOf(Read(m, []byte("<html>404</html>"), key, programID)), Unsigned)
	wants(t, "no key", errOf(Read(m, signature, "", programID)), NotSetUp)
	wants(t, "half a key", errOf(Read(m, signature, key[:20], programID)), NotSetUp)
	wants(t, "another program", errOf(Read(m, signature, key, "org.veratill.till")), WrongProgram)
	big := append(slices.Clone(m), make([]byte, manifestMax)...)
	wants(t, "too large", errOf(Read(big, minisign.Sign(private, big), key, programID)), TooLarge)
	for _, c := range []string{"untrusted comment", "trusted comment"} { // the comments that a tool writes
		if !strings.Contains(string(signature), c) {
			t.Errorf("the signature has no %s", c)
		}
	}
	forged := strings.Replace(string(signature), "trusted comment: timestamp", "trusted comment: Timestamp", 1)
	if forged != string(signature) {
		wants(t, "a changed comment", errOf(Read(m, []byte(forged), key, programID)), WrongSignature)
	}
}

func errOf(_ Manifest, err error) error { return err }

// What is signed may still be nonsense.
func TestParseRefuses(t *testing.T) {
	for name, change := range map[string]func(m *Manifest){
		"format":        func(m *Manifest) { m.Format = 2 },
		"no version":    func(m *Manifest) { m.Version = "" },
		"a word":        func(m *Manifest) { m.Version = "1.0.0-beta" },
		"a zero ahead":  func(m *Manifest) { m.Version = "01.0.0" },
		"two numbers":   func(m *Manifest) { m.Version = "1.0" },
		"build":         func(m *Manifest) { m.Build = -1 },
		"no program":    func(m *Manifest) { m.Program = "" },
		"no date":       func(m *Manifest) { m.Date = "" },
		"a date":        func(m *Manifest) { m.Date = "2026-02-30" },
		"long notes":    func(m *Manifest) { m.Notes.ZH = strings.Repeat("新", notesMax+1) },
		"escapes":       func(m *Manifest) { m.Notes.EN = "\x1b[2J" },
		"right to left": func(m *Manifest) { m.Notes.EN = "\u202etxt.exe" },
		"no files":      func(m *Manifest) { m.Files = nil },
		"many files":    func(m *Manifest) { m.Files = make([]File, filesMax+1) },
		"twice":         func(m *Manifest) { m.Files[1] = m.Files[0] },
		"kind":          func(m *Manifest) { m.Files[0].Kind = "script" },
		"system":        func(m *Manifest) { m.Files[0].GOOS = "" },
		"empty":         func(m *Manifest) { m.Files[0].Size = 0 },
		"huge":          func(m *Manifest) { m.Files[0].Size = fileMax + 1 },
		"hash":          func(m *Manifest) { m.Files[0].SHA256 = "0a" },
		"capitals":      func(m *Manifest) { m.Files[0].SHA256 = strings.Repeat("0A", 32) },
		"http":          func(m *Manifest) { m.Files[0].URL = "http://example.org/a" },
		"a file":        func(m *Manifest) { m.Files[0].URL = "file:///etc/passwd" },
		"a password":    func(m *Manifest) { m.Files[0].URL = "https://a:b@example.org/a" },
		"no host":       func(m *Manifest) { m.Files[0].URL = "https:///a" },
		"localhost":     func(m *Manifest) { m.Files[0].URL = "http://localhost/a" }, // a name is what a network says
	} {
		m := whole()
		change(&m)
		if _, err := parse(text(t, m)); !Is(err, BadManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, nonsense := range map[string]string{"nothing": "", "a page": "<html>", "a list": "[]", "something behind": string(text(t, whole())) + "{}"} {
		if _, err := parse([]byte(nonsense)); !Is(err, BadManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := whole()
	m.Files[0].URL = "http://127.0.0.1:8080/a"
	if _, err := parse(text(t, m)); err != nil {
		t.Errorf("this computer itself: %v", err)
	}
}

// Versions are numbers, and a build counts within a version.
func TestCompare(t *testing.T) {
	order := []Release{{"", 9}, {"0.0.0", 0}, {"0.1.0", 1}, {"0.1.0", 2}, {"0.1.9", 1}, {"0.1.10", 1}, {"0.2.0", 1}, {"1.0.0", 1}, {"10.0.0", 1}}
	for i, a := range order {
		for j, b := range order {
			if got := a.Compare(b); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%v and %v: %d", a, b, got)
			}
		}
	}
}

func TestFor(t *testing.T) {
	if f, err := whole().For("linux", "amd64", Deb); err != nil || !strings.HasSuffix(f.URL, ".deb") {
		t.Errorf("%+v, %v", f, err)
	}
	for _, of := range [][2]string{{"windows", "amd64"}, {"linux", "arm64"}} {
		_, err := whole().For(of[0], of[1], Deb)
		wants(t, of[0]+of[1], err, NoFile)
	}
	_, err := whole().For("linux", "amd64", RPM)
	wants(t, "rpm", err, NoFile)
}

// Every fault has its words in both languages: what happened, and what to do next.
func TestEveryFaultHasItsWords(t *testing.T) {
	for _, language := range assets.Languages {
		texts, err := assets.Language(language)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range Codes {
			key := "update.fault." + strings.ReplaceAll(string(c), " ", "-")
			if texts[key] == "" || texts[key+".next"] == "" {
				t.Errorf("%s lacks %s or its .next", language, key)
			}
		}
		for _, s := range States {
			if key := "update.state." + strings.ReplaceAll(string(s), " ", "-"); s != None && texts[key] == "" {
				t.Errorf("%s lacks %s", language, key)
			}
		}
	}
	if f := FaultOf(errors.New("x")); f.Code != CantWrite {
		t.Error(f)
	}
}

// Whatever bytes come as a manifest: what is taken holds to its ranges, and is read the same after it was written.
func FuzzManifest(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		m, err := parse(b)
		if err != nil {
			if !Is(err, BadManifest) && !Is(err, TooLarge) {
				t.Fatalf("%v is no fault of a manifest", err)
			}
			return
		}
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := parse(again); err != nil || read.Release != m.Release || !slices.Equal(read.Files, m.Files) {
			t.Fatalf("%s is read otherwise: %v", again, err)
		}
		for _, file := range m.Files {
			if strings.ContainsAny(packageName(m.Release, file), "/\\") {
				t.Fatalf("%q leaves the folder", packageName(m.Release, file))
			}
		}
	})
}
