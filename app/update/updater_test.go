//go:build unix

package update

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"
)

var ctx = context.Background()

// scene is a till with a program in its place and a publisher with a server.
type scene struct {
	*Updater
	t       *testing.T
	server  *httptest.Server
	private minisign.PrivateKey
	served  map[string][]byte
	place   string
}

// program is a script that answers as a version, and does something when it is started otherwise.
func program(version, started string) []byte {
	return fmt.Appendf(nil, "#!/bin/sh\nif [ \"$1\" = version ]; then echo '{\"id\":%q,\"version\":%q,\"build\":\"1\"}'; exit; fi\n%s\n", programID, version, started)
}

func newScene(t *testing.T) *scene {
	t.Helper()
	key, private := publisher(t)
	dir := t.TempDir()
	s := &scene{t: t, private: private, served: map[string][]byte{}, place: filepath.Join(dir, "opt", "veratill")}
	s.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := s.served[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Write(body)
	}))
	t.Cleanup(s.server.Close)
	s.put(s.place, program("0.1.0", "exit 7"))
	s.Updater = New(&Updater{Dir: filepath.Join(dir, "updates"), Address: s.server.URL + "/manifest.json", Key: key, ID: programID,
		Me: Release{"0.1.0", 1}, GOOS: "linux", GOARCH: "amd64", Program: s.place, Running: s.place, Client: s.client()})
	s.Kind = func(context.Context, string) Kind { return Archive }
	return s
}

// client is the till's own, which believes the server's certificate.
func (s *scene) client() *http.Client {
	c := newClient()
	c.Transport.(*http.Transport).TLSClientConfig = s.server.Client().Transport.(*http.Transport).TLSClientConfig
	return c
}

func (s *scene) put(path string, content []byte) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o755); err != nil {
		s.t.Fatal(err)
	}
}

// archive packs a program as the tarball does.
func archive(t *testing.T, program []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	a := tar.NewWriter(z)
	for name, body := range map[string][]byte{"veratill-0.2.0/README": []byte("x"), "veratill-0.2.0/veratill": program} {
		if err := a.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o755, Size: int64(len(body))}); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(a.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// publish serves a release with this program in it; change alters the manifest before it is signed.
func (s *scene) publish(version string, started string, change func(m *Manifest)) {
	s.t.Helper()
	pack := archive(s.t, program(version, started))
	s.served["/veratill.tar.gz"] = pack
	m := Manifest{Format: 1, Program: programID, Release: Release{version, 1}, Date: "2026-12-01", Files: []File{{"linux", "amd64", Archive,
		s.server.URL + "/veratill.tar.gz", int64(len(pack)), fmt.Sprintf("%x", sha256.Sum256(pack))}}}
	if change != nil {
		change(&m)
	}
	text, err := json.Marshal(m)
	if err != nil {
		s.t.Fatal(err)
	}
	s.served["/manifest.json"], s.served["/manifest.json.minisig"] = text, minisign.Sign(s.private, text)
}

// backUp goes as far as a backup.
func (s *scene) backUp() {
	s.t.Helper()
	if _, err := s.Check(ctx); err != nil {
		s.t.Fatal(err)
	}
	if err := s.Fetch(ctx); err != nil {
		s.t.Fatal(err)
	}
	name := s.BackupName()
	s.put(filepath.Join(s.Dir, name), []byte("books"))
	if err := s.BackedUp(Backup{Name: name, Books: "/books", Entries: 1, Head: "00"}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) state(want State) Record {
	s.t.Helper()
	r, err := s.Record()
	if err != nil || r.State != want {
		s.t.Errorf("the record says %q (%s %s, %v), want %q", r.State, r.Fault, r.Detail, err, want)
	}
	return r
}

func (s *scene) runs(version string) {
	s.t.Helper()
	if said, err := s.Ask(ctx, s.place); err != nil || said.Version != version {
		s.t.Errorf("in its place is %v (%v), want %s", said, err, version)
	}
}

// becomeGood is what a new version does when it has come up.
const becomeGood = `sed -i 's/"state": "trial"/"state": "good"/' "$DIR/record.json"; sleep 0.3; exit 12`

// From an offer to a version that has come up: its exit code is the till's, and what is no longer needed goes.
func TestUpdated(t *testing.T) {
	s := newScene(t)
	t.Setenv("DIR", s.Dir)
	s.publish("0.2.0", becomeGood, nil)
	s.backUp()
	s.state(BackedUp)
	if err := s.Install(ctx); err != nil {
		t.Fatal(err)
	}
	s.state(Installing)
	s.runs("0.2.0")
	var up time.Time
	code, err := s.Watch(ctx, nil, 20*time.Second, func() {
		if running, err := s.Lock(); err != nil {
			t.Error(err)
		} else {
			running()
		}
		up = time.Now()
	})
	if err != nil || code != 12 || up.IsZero() || time.Since(up) < 200*time.Millisecond {
		t.Errorf("it ended with %d, %v; it was up at %v", code, err, up)
	}
	s.state(Good)
}

// A version that has come up may find the next update before it ends: that is no business of who watched its start.
func TestNextUpdateWhileItRuns(t *testing.T) {
	s := newScene(t)
	t.Setenv("DIR", s.Dir)
	s.publish("0.2.0", `sed -i 's/"state": "trial"/"state": "good"/' "$DIR/record.json"; sleep 0.3
sed -i 's/"state": "good"/"state": "offered"/' "$DIR/record.json"; exit 7`, nil)
	s.backUp()
	if err := s.Install(ctx); err != nil {
		t.Fatal(err)
	}
	if code, err := s.Watch(ctx, nil, 20*time.Second, func() {}); err != nil || code != 7 {
		t.Errorf("it ended with %d, %v", code, err)
	}
	s.state(Offered)
}

// A new version that ends, or is not ready in time, is stopped, and the one before gets its place again.
func TestGoesBack(t *testing.T) {
	for _, c := range []struct {
		name, started string
		limit         time.Duration
		want          Code
		moved         bool
	}{
		{"crash", "kill -SEGV $$", 20 * time.Second, Crashed, false},
		{"an exit in peace", "exit 0", 20 * time.Second, Crashed, true},
		{"silence", "exec sleep 60", 500 * time.Millisecond, Silent, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			s.publish("0.2.0", c.started, nil)
			s.backUp()
			if err := s.Install(ctx); err != nil {
				t.Fatal(err)
			}
			_, err := s.Watch(ctx, nil, c.limit, func() { t.Error("it came up") })
			wants(t, "the trial", err, c.want)
			s.state(Trial)
			restored := false
			err = s.GoBack(ctx, FaultOf(err), func(books string) (bool, error) { return c.moved, nil }, func(books, backup string) error {
				restored = books == "/books" && filepath.Dir(backup) == s.Dir
				return nil
			})
			if err != nil || restored != c.moved {
				t.Errorf("%v, restored %v", err, restored)
			}
			if r := s.state(WentBack); r.Fault != c.want || r.Told || r.Gone.Version != "0.2.0" {
				t.Errorf("%+v", r)
			}
			s.runs("0.1.0")
			if _, err := s.Check(ctx); err != nil {
				t.Error(err)
			}
			s.state(WentBack)
			if r, err := s.Again(); err != nil || r.State != Offered || r.Program != s.place {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// Where the new version sold nothing is taken back, and the next start tries it again.
func TestNeverBackBehindASale(t *testing.T) {
	s := newScene(t)
	s.publish("0.2.0", "exit 1", nil)
	s.backUp()
	if err := s.Install(ctx); err != nil {
		t.Fatal(err)
	}
	_, err := s.Watch(ctx, nil, time.Minute, func() { t.Error("it came up") })
	err = s.GoBack(ctx, FaultOf(err), func(string) (bool, error) { return true, nil }, func(string, string) error { return fault(Sold, "") })
	wants(t, "going back", err, Sold)
	s.state(Installing)
	s.runs("0.2.0")
	err = s.GoBack(ctx, fault(Crashed, ""), nil, nil)
	wants(t, "without a trial", err, WrongState)
}

// Books that can't be restored leave the record as it is: the next start goes back again.
func TestRestoringThatFails(t *testing.T) {
	s := newScene(t)
	s.publish("0.2.0", "exit 1", nil)
	s.backUp()
	if err := s.Install(ctx); err != nil {
		t.Fatal(err)
	}
	_, err := s.Watch(ctx, nil, time.Minute, func() { t.Error("it came up") })
	why := FaultOf(err)
	err = s.GoBack(ctx, why, func(string) (bool, error) { return true, nil }, func(string, string) error { return errors.New("the disk") })
	wants(t, "going back", err, RestoreFailed)
	if osName != "windows" { // whose rights are told otherwise
		backup := s.path(s.state(Trial).Backup.Name)
		s.put(backup, []byte("books"))
		if err := os.Chmod(backup, 0o606); err != nil {
			t.Fatal(err)
		}
		err = s.GoBack(ctx, why, func(string) (bool, error) { return true, nil }, func(string, string) error { t.Error("it becomes the books"); return nil })
		wants(t, "a backup that others can write", err, RestoreFailed)
	}
	s.state(Trial)
	_, err = s.Watch(ctx, nil, time.Minute, func() { t.Error("it came up") })
	wants(t, "a trial that had begun", err, Interrupted)
	if err := s.GoBack(ctx, why, func(string) (bool, error) { return false, nil }, nil); err != nil {
		t.Error(err)
	}
	s.state(WentBack)
}

// Somebody who ends the first start by hand has said nothing against the new version.
func TestEndedByHand(t *testing.T) {
	s := newScene(t)
	s.publish("0.2.0", "exec sleep 60", nil)
	s.backUp()
	if err := s.Install(ctx); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	if _, err := s.Watch(ended, nil, time.Minute, func() { t.Error("it came up") }); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	s.state(Installing)
}

// Nothing that is not the publisher's, whole and newer gets into the program's place.
func TestRefusedUpdates(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *scene)
		want   Code
	}{
		"no server":          {func(s *scene) { s.server.Close() }, Offline},
		"no manifest":        {func(s *scene) { delete(s.served, "/manifest.json") }, Refused},
		"no signature":       {func(s *scene) { delete(s.served, "/manifest.json.minisig") }, Unsigned},
		"a changed manifest": {func(s *scene) { s.served["/manifest.json"] = append(s.served["/manifest.json"], ' ') }, WrongSignature},
		"endless":            {func(s *scene) { s.served["/manifest.json"] = make([]byte, manifestMax+1) }, TooLarge},
		"plain http":         {func(s *scene) { s.Address = "http://example.org/manifest.json" }, BadAddress},
		"no address":         {func(s *scene) { s.Address = "" }, NoAddress},
		"no key":             {func(s *scene) { s.Key = "" }, NotSetUp},
		"another program":    {func(s *scene) { s.publish("0.2.0", "", func(m *Manifest) { m.Program = "org.example" }) }, WrongProgram},
		"another system":     {func(s *scene) { s.GOOS = "plan9" }, NoFile},
		"another way":        {func(s *scene) { s.Kind = func(context.Context, string) Kind { return Deb } }, NoFile},
		"an older version":   {func(s *scene) { s.Me = Release{"0.3.0", 1} }, Nothing},
		"the same version":   {func(s *scene) { s.publish("0.1.0", "", nil) }, Nothing},
		"a file away":        {func(s *scene) { delete(s.served, "/veratill.tar.gz") }, Refused},
		"a byte too many": {func(s *scene) { s.served["/veratill.tar.gz"] = append(s.served["/veratill.tar.gz"], 0) },
			WrongSize},
		"a byte too few": {func(s *scene) { p := s.served["/veratill.tar.gz"]; s.served["/veratill.tar.gz"] = p[:len(p)-1] }, WrongSize},
		"another byte":   {func(s *scene) { s.served["/veratill.tar.gz"][40] ^= 1 }, WrongHash},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.publish("0.2.0", "", nil)
			c.change(s)
			_, err := s.Check(ctx)
			if err == nil {
				err = s.Fetch(ctx)
			}
			wants(t, name, err, c.want)
			if err := s.Install(ctx); !Is(err, Nothing) && !Is(err, WrongState) {
				t.Errorf("installing: %v", err)
			}
			s.runs("0.1.0")
			if left, _ := filepath.Glob(filepath.Join(s.Dir, "*.part")); len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
}

// An older manifest than was seen is a replay, whoever signed it.
func TestReplay(t *testing.T) {
	s := newScene(t)
	s.publish("0.3.0", "", nil)
	if _, err := s.Check(ctx); err != nil {
		t.Fatal(err)
	}
	s.publish("0.2.0", "", nil)
	_, err := s.Check(ctx)
	wants(t, "the older one", err, Replayed)
	if r := s.state(Offered); r.Offer.Version != "0.3.0" {
		t.Errorf("%s is on offer", r.Offer.Version)
	}
}

// A redirection leads nowhere that the till would not go by itself.
func TestRedirections(t *testing.T) {
	s := newScene(t)
	plain := httptest.NewServer(s.server.Config.Handler)
	defer plain.Close()
	to := ""
	lead := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }))
	defer lead.Close()
	s.publish("0.2.0", "", nil)
	for _, c := range []struct {
		to   string
		want Code
	}{{plain.URL + "/manifest.json", BadAddress}, {"http://example.org/m", BadAddress}, {lead.URL, Offline}} {
		to = c.to
		s.Address = lead.URL + "/manifest.json"
		_, err := s.Check(ctx)
		wants(t, c.to, err, c.want)
	}
	s.Address = plain.URL + "/manifest.json" // http, on this very computer
	if _, err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}

// What was changed after it was fetched is not installed; nor is what turns out to be another version.
func TestInstallLooksAgain(t *testing.T) {
	s := newScene(t)
	s.publish("0.2.0", "", nil)
	s.backUp()
	r := s.state(BackedUp)
	s.put(filepath.Join(s.Dir, r.Package), []byte("something else"))
	wants(t, "another file", s.Install(ctx), WrongSize)
	s.state(BackedUp)
	s.runs("0.1.0")

	s = newScene(t)
	s.publish("0.2.0", "", nil)
	pack := archive(t, program("0.1.5", ""))
	s.served["/veratill.tar.gz"] = pack
	s.publishFile(pack)
	s.backUp()
	wants(t, "another version in it", s.Install(ctx), NotInstalled)
	if r := s.state(Offered); r.Fault != NotInstalled {
		t.Errorf("%+v", r)
	}
	s.runs("0.1.0") // the copy that was taken of it is in its place again

	s = newScene(t)
	pack = archive(t, []byte("#!/nonsense\n"))
	s.served["/veratill.tar.gz"] = pack
	s.publish("0.2.0", "", nil)
	s.served["/veratill.tar.gz"] = pack
	s.publishFile(pack)
	s.backUp()
	wants(t, "a program that can't run", s.Install(ctx), NotInstalled)
	s.runs("0.1.0")
}

// publishFile signs a manifest of 0.2.0 with other bytes.
func (s *scene) publishFile(pack []byte) {
	s.t.Helper()
	s.publish("0.2.0", "", func(m *Manifest) {
		m.Files[0].Size, m.Files[0].SHA256 = int64(len(pack)), fmt.Sprintf("%x", sha256.Sum256(pack))
	})
	s.served["/veratill.tar.gz"] = pack
}

// A package goes through the package manager, which the till only asks; what it says stands in the fault.
func TestPackageManager(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root installs packages without being asked")
	}
	for kind, command := range map[Kind]string{Deb: "apt-get install -y --no-install-recommends", RPM: "rpm -U", Setup: "cmd.exe /c start  /wait"} {
		s := newScene(t)
		s.Kind = func(context.Context, string) Kind { return kind }
		s.publish("0.2.0", "", func(m *Manifest) { m.Files[0].Kind = kind })
		var asked string
		fails := true
		s.Run = func(ctx context.Context, name string, args ...string) ([]byte, error) {
			if name == s.place || strings.HasPrefix(name, s.Dir) {
				return runProgram(ctx, name, args...)
			}
			asked = strings.Join(append([]string{name}, args...), " ")
			if fails {
				return []byte("E: no such luck"), errors.New("exit status 100")
			}
			s.put(s.place, program("0.2.0", ""))
			return nil, nil
		}
		s.backUp()
		err := s.Install(ctx)
		wants(t, string(kind), err, InstallFailed)
		if !strings.Contains(FaultOf(err).Detail(), "no such luck") {
			t.Error(err)
		}
		s.state(Offered)
		fails = false
		s.backUp()
		if err := s.Install(ctx); err != nil {
			t.Error(err)
		}
		s.state(Installing)
		if !strings.Contains(asked, command) && !strings.Contains(asked, "dnf install") {
			t.Errorf("%s: %s", kind, asked)
		}
	}
}

// The version before is only what says that it is that, and what nobody else could have put there.
func TestPrevious(t *testing.T) {
	s := newScene(t)
	s.publish("0.2.0", "", nil)
	s.backUp()
	mine := filepath.Join(s.Dir, s.state(BackedUp).Previous)
	s.put(mine, program("0.1.0", ""))
	beside := previousBeside(s.place)
	r := s.state(BackedUp)
	find := func(want string) {
		t.Helper()
		if got, err := s.Previous(ctx, r); err != nil || got != want {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
	find(mine)
	s.put(beside, program("0.0.9", "")) // of the update before
	find(mine)
	s.put(beside, program("0.1.0", ""))
	find(beside)
	if err := os.Chmod(beside, 0o777); err != nil {
		t.Fatal(err)
	}
	find(mine)
	if err := os.Remove(mine); err != nil {
		t.Fatal(err)
	}
	_, err := s.Previous(ctx, r)
	wants(t, "none", err, NoPrevious)
}

// Old files go: all but the record, what it names, and the two newest backups.
func TestTidy(t *testing.T) {
	s := newScene(t)
	s.publish("0.2.0", "", nil)
	s.backUp()
	r := s.state(BackedUp)
	old := time.Now().Add(-time.Hour)
	for i, name := range []string{"books-1.db", "books-2.db", "books-3.db", "veratill-0.0.9-1.tar.gz", "x.part"} {
		s.put(filepath.Join(s.Dir, name), []byte("x"))
		if err := os.Chtimes(filepath.Join(s.Dir, name), old, old.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	s.Tidy()
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{"books-3.db", r.Backup.Name, recordFile, r.Package, r.Previous}
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("left are %v, want %v", names, want)
	}
}

// One program at a time, and in no other user's folder.
func TestMineAlone(t *testing.T) {
	s := newScene(t)
	unlock, err := s.Lock()
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Lock()
	wants(t, "twice", err, InUse)
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := Mine(dir); err != nil {
		t.Error(err)
	}
	if err := Mine(filepath.Join(dir, "none")); err != nil {
		t.Error(err)
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(dir, 12345, 12345); err != nil {
			t.Fatal(err)
		}
		wants(t, "somebody else's", Mine(dir), OtherUser)
	}
}

// An administrator is asked in a window where there is a desktop, else by sudo; where nobody can be asked, never waited for.
func TestElevation(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	s := newScene(t)
	desktop := func(name string) string { return map[string]string{"WAYLAND_DISPLAY": "wayland-0"}[name] }
	none := func(string) string { return "" }
	if _, err := elevation(none); err == nil {
		t.Error("somebody was found")
	}
	s.put(filepath.Join(bin, "sudo"), []byte("#!/bin/sh\n"))
	for _, getenv := range []func(string) string{none, desktop} {
		if got, err := elevation(getenv); err != nil || got[0] != "sudo" {
			t.Errorf("%v, %v", got, err)
		}
	}
	s.put(filepath.Join(bin, "pkexec"), []byte("#!/bin/sh\n"))
	if got, err := elevation(desktop); err != nil || !slices.Equal(got, []string{"pkexec"}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := elevation(none); err != nil || got[0] != "sudo" {
		t.Errorf("%v, %v", got, err)
	}
}

// What others could have put there, or could exchange, is neither believed, nor installed, nor run.
func TestOthersBringNoUpdate(t *testing.T) {
	if osName == "windows" {
		t.Skip("SKIPPED: rights are told otherwise there")
	}
	mode := func(path string, mode os.FileMode) {
		t.Helper()
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	s := newScene(t)
	s.publish("0.2.0", "", nil)
	s.backUp()
	r := s.state(BackedUp)
	record, pack := filepath.Join(s.Dir, recordFile), filepath.Join(s.Dir, r.Package)
	for _, c := range []struct {
		path        string
		open, again os.FileMode
	}{{record, 0o602, 0o600}, {record, 0o620, 0o600}, {s.Dir, 0o702, 0o700}} {
		mode(c.path, c.open)
		_, err := s.Record()
		wants(t, "a record that others can write: "+c.path, err, OthersWrite)
		wants(t, "installing by it", s.Install(ctx), OthersWrite)
		mode(c.path, c.again)
		s.state(BackedUp) // it is not put aside: its owner mends its rights
	}
	mode(pack, 0o602)
	wants(t, "a package that others can write", s.Install(ctx), OthersWrite)
	mode(pack, 0o600)

	// It is exchanged after it was looked at, and before it is unpacked: what is installed is verified at that moment.
	s.Now = func() time.Time { s.put(pack, []byte("something else")); return time.Now() }
	wants(t, "a package that is exchanged meanwhile", s.Install(ctx), WrongSize)
	s.runs("0.1.0")

	// A program that others can write is not started on trial.
	s = newScene(t)
	s.publish("0.2.0", "", nil)
	s.backUp()
	if err := s.Install(ctx); err != nil {
		t.Fatal(err)
	}
	mode(s.place, 0o757)
	_, err := s.Watch(ctx, nil, time.Second, func() { t.Error("it came up") })
	wants(t, "a program that others can write", err, Crashed)
	if !strings.Contains(err.Error(), "others can write") {
		t.Error(err)
	}
	wants(t, "running it", Guarded(s.place), OthersWrite)
}
