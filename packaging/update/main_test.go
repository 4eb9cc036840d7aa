package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veratill/app/update"
)

// What the publisher signs the till believes, with the key as it is stamped; a key is never written over another.
func TestManifestIsBelieved(t *testing.T) {
	tried := passwords
	if testing.Short() {
		tried = passwords[:1] // a key with a password takes 8 s
	}
	for _, password := range tried {
		t.Setenv(passwordVariable, password)
		dir := t.TempDir()
		dist := filepath.Join(dir, "dist")
		if err := os.Mkdir(dist, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"veratill_0.2.0-7_amd64.deb", "veratill-0.2.0-7.x86_64.rpm", "veratill-0.2.0-linux-amd64.tar.gz", "veratill_0.1.0-7_amd64.deb", "notes.txt"} {
			if err := os.WriteFile(filepath.Join(dist, name), []byte(name), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		about := filepath.Join(dir, "FyneApp.toml")
		if err := os.WriteFile(about, []byte("[Details]\nID = \"org.veratill.test\"\nVersion = \"0.2.0\"\nBuild = 7\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		if err := run([]string{"key", "-out", dir}, &said); err != nil {
			t.Fatal(err)
		}
		if err := run([]string{"key", "-out", dir}, &said); err == nil {
			t.Error("a key was overwritten")
		}
		key := filepath.Join(dir, "veratill.key")
		if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		args := []string{"manifest", "-key", key, "-base", "https://example.org/veratill/", "-dist", dist, "-out", dir, "-fyneapp", about, "-date", "2026-12-01"}
		if err := run(args, &said); err != nil {
			t.Fatal(err)
		}
		m, err := update.Read(read(t, dir, "manifest.json"), read(t, dir, "manifest.json.minisig"), keyLine(t, dir), "org.veratill.test")
		if err != nil || m.Version != "0.2.0" || m.Build != 7 || len(m.Files) != 3 {
			t.Fatalf("%+v, %v", m, err)
		}
		deb, err := m.For("linux", "amd64", update.Deb)
		if err != nil || deb.URL != "https://example.org/veratill/veratill_0.2.0-7_amd64.deb" || deb.Size != 26 {
			t.Errorf("%+v, %v", deb, err)
		}
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// keyLine is the key as packaging/ldflags takes it: the second line.
func keyLine(t *testing.T, dir string) string {
	t.Helper()
	return strings.Split(string(read(t, dir, "veratill.pub")), "\n")[1]
}

// What is missing or not of the release is said, and nothing is signed.
func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{nil, {"sign"}, {"key"}, {"manifest"}, {"manifest", "-key", filepath.Join(dir, "none"), "-base", "https://a.b", "-out", dir}} {
		if err := run(args, &bytes.Buffer{}); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
	if err := run([]string{"key", "-out", dir}, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{"https://example.org", "http://example.org"} { // nothing of this version is there; no secret line
		err := run([]string{"manifest", "-key", filepath.Join(dir, "veratill.key"), "-base", base, "-dist", dir, "-out", dir, "-fyneapp", "../../FyneApp.toml"}, &bytes.Buffer{})
		if err == nil {
			t.Error("an empty release was signed")
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err == nil {
		t.Error("a manifest was written")
	}
}
