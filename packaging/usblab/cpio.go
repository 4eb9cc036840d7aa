package main

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// archive writes a cpio archive of the "newc" form, which the kernel unpacks as its first file
// system: Documentation/driver-api/early-userspace/buffer-format.rst. Folders are made as they are
// needed. Several archives one behind the other are one.
type archive struct {
	w     *bufio.Writer
	known map[string]bool // folders and files
	inode int
	size  int64
	err   error
}

func newArchive(w io.Writer) *archive {
	return &archive{w: bufio.NewWriterSize(w, 1<<20), known: map[string]bool{"": true, ".": true}}
}

// Types of inodes, as in st_mode.
const (
	typeFolder = 0o040000
	typeFile   = 0o100000
	typeLink   = 0o120000
)

// entry writes one head and the body of size bytes.
func (a *archive) entry(name string, mode uint32, size int64, body io.Reader) {
	if a.err != nil {
		return
	}
	a.inode++
	links := 1
	head := fmt.Sprintf("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00",
		a.inode, mode, 0, 0, links, 0, size, 0, 0, 0, 0, len(name)+1, 0, name)
	a.padded(int64(len(head)), strings.NewReader(head))
	a.padded(size, body)
}

// padded writes size bytes and fills up to a multiple of four.
func (a *archive) padded(size int64, body io.Reader) {
	if a.err != nil {
		return
	}
	if _, a.err = io.CopyN(a.w, body, size); a.err != nil {
		return
	}
	fill := (4 - size%4) % 4
	a.size += size + fill
	_, a.err = a.w.Write(make([]byte, fill))
}

// folder makes a folder and those above it.
func (a *archive) folder(name string) {
	name = strings.TrimPrefix(filepath.Clean(name), "/")
	if a.known[name] {
		return
	}
	a.folder(filepath.Dir(name))
	a.known[name] = true
	a.entry(name, typeFolder|0o755, 0, strings.NewReader(""))
}

// text writes a file.
func (a *archive) text(name, body string, mode uint32) {
	a.folder(filepath.Dir(name))
	a.entry(strings.TrimPrefix(name, "/"), typeFile|mode, int64(len(body)), strings.NewReader(body))
}

func (a *archive) link(name, to string) {
	a.folder(filepath.Dir(name))
	a.entry(strings.TrimPrefix(name, "/"), typeLink|0o777, int64(len(to)), strings.NewReader(to))
}

// file copies a file of this machine, once.
func (a *archive) file(name, from string) {
	name = strings.TrimPrefix(filepath.Clean(name), "/")
	if a.err != nil || a.known[name] {
		return
	}
	f, err := os.Open(from)
	if err != nil {
		a.err = err
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		a.err = err
		return
	}
	a.folder(filepath.Dir(name))
	a.known[name] = true
	a.entry(name, typeFile|uint32(info.Mode().Perm()), info.Size(), f)
}

// tree copies every file below a folder of this machine.
func (a *archive) tree(name, from string) {
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			a.file(filepath.Join(name, strings.TrimPrefix(path, from)), path)
		}
		return err
	})
	if a.err == nil {
		a.err = err
	}
}

// end writes the end of the archive and gives its size in bytes.
func (a *archive) end() (int64, error) {
	a.entry("TRAILER!!!", 0, 0, strings.NewReader(""))
	if a.err == nil {
		a.err = a.w.Flush()
	}
	return a.size, a.err
}
