package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"aead.dev/minisign"
	"github.com/rogpeppe/go-internal/testscript"

	"veratill/app/update"
)

// A copy of the test's binary is the program in a version of its own: what it is stands behind it.
const (
	stampBytes = 64
	stampHead  = "VERATILL-STAMP "
)

// becomeVersion makes this process the version that its file is stamped with, or does nothing.
func becomeVersion() {
	f, err := os.Open("/proc/self/exe")
	if err != nil {
		return
	}
	info, err := f.Stat()
	if err != nil {
		return
	}
	end := make([]byte, stampBytes)
	if _, err := f.ReadAt(end, info.Size()-stampBytes); err != nil || f.Close() != nil {
		return
	}
	said, stamped := strings.CutPrefix(string(end), stampHead)
	if !stamped {
		return
	}
	words := strings.Fields(said)
	id, version, build, updateKey = "org.veratill.test", words[0], "1", os.Getenv("TEST_UPDATE_KEY")
	if limit, err := time.ParseDuration(os.Getenv("TEST_TRIAL_LIMIT")); err == nil {
		trialLimit = limit
	}
	if os.Getenv(update.TrialVariable) != "" {
		misbehave(words[1:])
	}
	main()
}

// misbehave is what a version that does not come up does instead.
func misbehave(how []string) {
	for _, word := range how {
		switch word {
		case "crash":
			panic("this version does not come up")
		case "hang":
			time.Sleep(time.Minute)
			os.Exit(exitFault)
		case "unsaved": // the record can't be written
			if err := os.Mkdir(filepath.Join("till", "updates", "record.json.new"), 0o700); err != nil {
				panic(err)
			}
		case "format": // as a migration does
			db, err := sql.Open("sqlite", filepath.Join("till", demoFolder, "journal.db"))
			if err == nil {
				_, err = db.Exec("PRAGMA user_version = 99")
			}
			if err != nil || db.Close() != nil {
				panic(err)
			}
		}
	}
}

// stamped is the test's binary as a version of the program.
var stamped = sync.OnceValues(func() ([]byte, error) { return os.ReadFile("/proc/self/exe") })

func programOf(ts *testscript.TestScript, words []string) []byte {
	binary, err := stamped()
	ts.Check(err)
	return fmt.Appendf(bytes.Clone(binary), "%-*s", stampBytes, stampHead+strings.Join(words, " "))
}

// program PLACE VERSION [HOW…] puts a version of the program somewhere.
func putProgram(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(os.RemoveAll(path))
	program := programOf(ts, args[1:])
	// A child that another script begins now would hold the file open for writing until it is the other program, and
	// this one could not be begun meanwhile.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	ts.Check(os.WriteFile(path, program, 0o755))
}

// publisher is the key pair of all scripts.
var publisher = sync.OnceValues(func() (minisign.PrivateKey, error) {
	public, private, err := minisign.GenerateKey(nil)
	if err == nil {
		err = os.Setenv("TEST_UPDATE_KEY", public.String())
	}
	return private, err
})

// publish VERSION [HOW…] serves a signed release, and lets till/settings.toml ask for it. Of the
// words, forged signs with a stranger's key, and changed serves another file than was signed.
func publish(ts *testscript.TestScript, _ bool, args []string) {
	private, err := publisher()
	ts.Check(err)
	ts.Setenv("TEST_UPDATE_KEY", os.Getenv("TEST_UPDATE_KEY"))
	words := strings.Join(args, " ")
	pack := packed(ts, programOf(ts, args))
	files := map[string][]byte{"/veratill.tar.gz": pack}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, ok := files[r.URL.Path]; ok {
			w.Write(body)
			return
		}
		http.NotFound(w, r)
	}))
	ts.Defer(server.Close)
	about := testAbout()
	m := update.Manifest{Format: 1, Program: "org.veratill.test", Release: update.Release{Version: args[0], Build: 1}, Date: "2026-12-01",
		Notes: update.Notes{ZH: "更快", EN: "It is faster."}, Files: []update.File{{GOOS: about[0], GOARCH: about[1], Kind: update.Archive,
			URL: server.URL + "/veratill.tar.gz", Size: int64(len(pack)), SHA256: fmt.Sprintf("%x", sha256.Sum256(pack))}}}
	text, err := json.Marshal(m)
	ts.Check(err)
	if strings.Contains(words, "forged") {
		_, private, err = minisign.GenerateKey(nil)
		ts.Check(err)
	}
	files["/manifest.json"], files["/manifest.json.minisig"] = text, minisign.Sign(private, text)
	if strings.Contains(words, "changed") {
		other := bytes.Clone(pack)
		other[len(other)/2] ^= 1
		files["/veratill.tar.gz"] = other
	}
	ts.Check(os.MkdirAll(ts.MkAbs("till"), 0o755))
	ts.Check(os.WriteFile(ts.MkAbs("till/settings.toml"), fmt.Appendf(nil, "[till]\nmode = \"demonstration\"\n[update]\nmanifest = %q\n", server.URL+"/manifest.json"), 0o600))
}

func testAbout() [2]string {
	goos, goarch, _ := strings.Cut(about().System, "/")
	return [2]string{goos, goarch}
}

func packed(ts *testscript.TestScript, program []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.NoCompression)
	ts.Check(err)
	a := tar.NewWriter(z)
	ts.Check(a.WriteHeader(&tar.Header{Name: "veratill/veratill", Typeflag: tar.TypeReg, Mode: 0o755, Size: int64(len(program))}))
	_, err = io.Copy(a, bytes.NewReader(program))
	ts.Check(err)
	ts.Check(a.Close())
	ts.Check(z.Close())
	return out.Bytes()
}

// runs CODE PROGRAM ARGS… runs a version of the program and wants that exit code, as exits does.
func runs(ts *testscript.TestScript, _ bool, args []string) {
	var out, errOut strings.Builder
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, ts.MkAbs(args[1]), args[2:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = ts.MkAbs("."), &out, &errOut, time.Second
	cmd.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"), "DISPLAY=", "WAYLAND_DISPLAY=",
		"TEST_UPDATE_KEY="+ts.Getenv("TEST_UPDATE_KEY"), "TEST_TRIAL_LIMIT="+ts.Getenv("TEST_TRIAL_LIMIT"))
	ended := cmd.Run()
	ts.Check(os.WriteFile(ts.MkAbs("out"), []byte(out.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err"), []byte(errOut.String()), 0o600))
	ts.Logf("%s%s", out.String(), errOut.String())
	if got := fmt.Sprint(cmd.ProcessState.ExitCode()); got != args[0] {
		ts.Fatalf("%v ended with %s, want %s (%v)", args[1:], got, args[0], ended)
	}
}
