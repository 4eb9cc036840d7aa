package finding

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"veratill/assets/files"
	"veratill/txn/clearing"
)

const (
	mostBytes    = 128 << 20 // of a file, as it comes
	mostUnpacked = 96 << 20  // and of what is packed into it
	mostFiles    = 64        // in an archive
)

var errUnpacked = errors.New("it unpacks to more than 96 MiB, which no bill does")

// tables are what a file may hold: one, or each of an archive's.
func tables(raw []byte) ([]clearing.Cells, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil, fmt.Errorf("the file is packed with gzip, and can't be unpacked: %w", err)
		}
		text, err := unpack(z)
		if err != nil {
			return nil, err
		}
		return tables(text)
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return archived(raw)
	case bytes.HasPrefix(raw, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return nil, errors.New("the file is an old workbook (.xls): save it as .xlsx or CSV")
	}
	c, err := clearing.Split(files.Text(raw))
	return []clearing.Cells{c}, err
}

// unpack reads to an end that comes in time.
func unpack(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostUnpacked+1))
	//mutant:a-bomb-is-no-bill
	if len(text) > mostUnpacked {
		return nil, errUnpacked
	}
	if err != nil {
		return nil, fmt.Errorf("the file can't be unpacked: %w", err)
	}
	return text, nil
}

// archived are the tables of a zip archive: a workbook's first sheet that has any cells, or each text.
func archived(raw []byte) (all []clearing.Cells, err error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, fmt.Errorf("the archive can't be opened: %w", err)
	}
	if len(z.File) > mostFiles*16 {
		return nil, fmt.Errorf("the archive has %d files, which no bill has", len(z.File))
	}
	left := int64(mostUnpacked)
	for _, f := range z.File {
		if f.Name == "[Content_Types].xml" {
			return workbook(raw)
		}
		if f.FileInfo().IsDir() || len(all) == mostFiles {
			continue
		}
		text, err := member(f, &left)
		if err != nil {
			return nil, err
		}
		if c, err := clearing.Split(files.Text(text)); err == nil {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("the archive holds no file")
	}
	return all, nil
}

// member unpacks one file of an archive, of which so much may be left.
func member(f *zip.File, left *int64) ([]byte, error) {
	if f.Flags&1 != 0 {
		return nil, errors.New("the archive asks for a password: unpack it first, and take what is in it")
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("the archive can't be unpacked: %w", err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, *left+1))
	//mutant:a-bomb-is-no-bill/archive
	if *left -= int64(len(text)); *left < 0 {
		return nil, errUnpacked
	}
	if err != nil {
		return nil, fmt.Errorf("the archive can't be unpacked: %w", err)
	}
	return text, nil
}

// workbook is a spreadsheet's first sheet that has rows.
func workbook(raw []byte) ([]clearing.Cells, error) {
	book, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{RawCellValue: true, UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: 32 << 20})
	if err != nil {
		return nil, fmt.Errorf("the workbook can't be read: %w", err)
	}
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			return nil, fmt.Errorf("the workbook can't be read: %w", err)
		}
		c := clearing.Cells{Padded: true}
		for i, row := range rows {
			for at, cell := range row {
				row[at] = shortest(strings.TrimSpace(cell))
			}
			c.Rows, c.Lines = append(c.Rows, row), append(c.Lines, i+1)
		}
		if len(c.Rows) > 0 {
			return []clearing.Cells{c}, nil
		}
	}
	return nil, &clearing.RefusedError{Trouble: clearing.FileEmpty}
}

// floated is a figure as a workbook keeps 80.1: with the last bits of a floating point number.
var floated = regexp.MustCompile(`^-?\d+\.\d{9,}$`)

// shortest is the shortest figure that a workbook's number stands for.
func shortest(cell string) string {
	if !floated.MatchString(cell) {
		return cell
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return cell
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
