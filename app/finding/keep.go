package finding

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"veratill/app/office"
	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/disk"
)

// A kept file is its table, one row a line of JSON: the line in the file, and its cells. What says who the customers are is not in it.

// folder is where copies lie, in the data folder.
const folder = office.FiledFolder

// keptRow is one row of a copy. The first one says whether rows may be short, and has no cells.
type keptRow struct {
	Line   int      `json:"n"`
	Padded bool     `json:"padded,omitempty"`
	Cells  []string `json:"c,omitempty"`
}

// keep writes a copy, durable before its entry is: an entry without its file would lose what it said. It returns the copy's hash.
func (r *Reconciler) keep(f Read) (sha string, err error) {
	cells := clearing.Redacted(f.cells, f.File, f.Mapping)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	e := json.NewEncoder(z)
	e.SetEscapeHTML(false)
	err = e.Encode(keptRow{Padded: cells.Padded})
	for i, row := range cells.Rows {
		if err == nil {
			err = e.Encode(keptRow{Line: cells.Lines[i], Cells: row})
		}
	}
	if err = errors.Join(err, z.Close()); err != nil {
		return "", err
	}
	sum := sha256.Sum256(packed.Bytes())
	if err := r.ground.Disk.MakeDir(filepath.Join(r.ground.Dir, folder)); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum[:]), disk.Replace(r.ground.Disk, r.copyOf(f.SHA256), packed.Bytes())
}

func (r *Reconciler) copyOf(sha string) string {
	return filepath.Join(r.ground.Dir, folder, sha+".json.gz")
}

// again reads a file that was kept. The copy has to be the one that its entry names.
func (r *Reconciler) again(k txn.FileKept) (clearing.File, error) {
	raw, err := r.copied(k)
	if err != nil {
		return clearing.File{}, err
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return clearing.File{}, err
	}
	cells, err := readKept(z)
	if err != nil {
		return clearing.File{}, err
	}
	return clearing.Read(cells, clearing.Shop{Currency: r.ground.Currency, Where: r.ground.Where, Format: clearing.Format(k.Format), Mapping: mappingOf(k.Mapping)})
}

// CopyTo brings the copies of the files that count to another folder. One that is whole there already stays, and so does one that is not whole here.
func (r *Reconciler) CopyTo(dir string) error {
	kept, err := r.kept(context.Background())
	if err != nil || len(kept) == 0 {
		return err
	}
	there := NewReconciler(Ground{Dir: dir, Disk: r.ground.Disk})
	if err := r.ground.Disk.MakeDir(filepath.Join(dir, folder)); err != nil {
		return err
	}
	for _, k := range kept {
		if _, err := there.copied(k); err == nil {
			continue
		}
		//mutant:a-second-place-has-the-files
		if raw, err := r.copied(k); err == nil {
			if err := disk.Replace(r.ground.Disk, there.copyOf(k.SHA256), raw); err != nil {
				return err
			}
		}
	}
	return nil
}

// copied is the copy of a file as it lies there.
func (r *Reconciler) copied(k txn.FileKept) ([]byte, error) {
	raw, err := disk.ReadFile(r.ground.Disk, r.copyOf(k.SHA256))
	if err != nil {
		return nil, err
	}
	//mutant:a-kept-file-is-the-one-of-its-entry
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != k.KeptSHA256 {
		return nil, fmt.Errorf("%s was changed after it was kept", k.Name)
	}
	return raw, nil
}

func readKept(z io.Reader) (c clearing.Cells, err error) {
	d := json.NewDecoder(bufio.NewReader(io.LimitReader(z, mostUnpacked)))
	var head keptRow
	if err := d.Decode(&head); err != nil {
		return c, err
	}
	c.Padded = head.Padded
	for {
		var row keptRow
		err := d.Decode(&row)
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		c.Rows, c.Lines = append(c.Rows, row.Cells), append(c.Lines, row.Line)
	}
}
