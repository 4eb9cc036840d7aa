package main

import (
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// floor is a raw write that everything is compared with: 256 bytes and fdatasync.
type floor struct {
	file  *os.File
	room  int64 // 0 where each write is appended; else the writes go round in so many bytes that are there already
	at    int64
	block [256]byte
	took  []time.Duration
}

// floors are the two raw writes. An append makes the file longer, which costs a file system more than its data.
type floors struct{ append, overwrite *floor }

func newFloors(dir string) (floors, error) {
	f := floors{&floor{}, &floor{room: 4 << 20}}
	for name, one := range map[string]*floor{"appended": f.append, "overwritten": f.overwrite} {
		var err error
		if one.file, err = os.Create(filepath.Join(dir, name)); err != nil {
			return f, err
		}
		if _, err = one.file.Write(make([]byte, one.room)); err != nil {
			return f, err
		}
		if err = one.file.Sync(); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (f floors) close() {
	f.append.file.Close()
	f.overwrite.file.Close()
}

func (f *floor) write() error {
	begun := time.Now()
	if _, err := f.file.WriteAt(f.block[:], f.at); err != nil {
		return err
	}
	if err := syscall.Fdatasync(int(f.file.Fd())); err != nil {
		return err
	}
	f.took = append(f.took, time.Since(begun))
	if f.at += int64(len(f.block)); f.room > 0 {
		f.at %= f.room
	}
	return nil
}

// say prints a median over that of both floors.
func (f floors) say(name string, median float64) {
	say(name+"_over_fdatasync", median/p50(f.append.took), 3)
	say(name+"_over_overwrite", median/p50(f.overwrite.took), 3)
}
