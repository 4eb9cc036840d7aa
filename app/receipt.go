package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"veratill/app/doctor"
	"veratill/app/present"
	"veratill/app/shop"
	"veratill/assets/files"
	"veratill/escpos"
	"veratill/txn/journal"
	"veratill/txn/receipt"
	"veratill/txn/vault"
)

// checking are the flags of receipt.
type checking struct {
	place
	keys, to, qr, language string
	rotate, asJSON         bool
}

// receiptCommand checks signed receipts, gives the public keys away, and makes the page by which customers check.
func receiptCommand(ctx context.Context, c *call) int {
	r := checking{place: place{looking: true}}
	r.folder(c)
	c.flags.StringVar(&r.keys, "keys", "", "`file` of public keys: what receipt keys gives, of several tills one behind the other (default: the data folder's)")
	c.flags.StringVar(&r.to, "o", "", "`file` for the keys or the page; without it the output")
	c.flags.StringVar(&r.qr, "qr", "", "`file` for a PNG picture of the newest key's code, as it stands on each Z")
	c.flags.StringVar(&r.language, "lang", "en", "`language` of the answer: zh or en")
	c.flags.BoolVar(&r.rotate, "rotate", false, "make a new key first; what the old one signed is checked by it for ever. The till has to be closed")
	c.flags.BoolVar(&r.asJSON, "json", false, "answer in JSON")
	words, code, done := c.parseAround()
	if done {
		return code
	}
	switch {
	case len(words) > 1 && words[0] == "verify":
		return r.verify(c, words[1:])
	case len(words) == 1 && words[0] == "keys":
		return r.giveKeys(ctx, c)
	case len(words) == 1 && words[0] == "page":
		return r.page(c)
	}
	return c.misused("say verify TEXT, verify FILE, verify -, keys, or page")
}

// mostKeysBytes and mostTextBytes bound what is read.
const (
	mostKeysBytes = 16 << 20
	mostTextBytes = 16 << 20
)

// errNoKeys is a folder whose till signs nothing.
var errNoKeys = errors.New("no receipt was ever signed here. Put signed = true under [receipt] in the settings, and start the till; or name a file of public keys with -keys")

// ring reads the public keys by which receipts are believed.
func (r *checking) ring() (receipt.Ring, error) {
	path := r.keys
	if path == "" {
		o, err := r.options()
		if err != nil {
			return nil, err
		}
		path = filepath.Join(o.Dir, vault.PublicKeysName)
	}
	text, err := files.Read(path, mostKeysBytes)
	if errors.Is(err, fs.ErrNotExist) && r.keys == "" {
		return nil, errNoKeys
	} else if err != nil {
		return nil, err
	}
	ring, err := receipt.ReadRing(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return ring, nil
}

// giveKeys gives the public keys away, and makes a new one first where that is asked for.
func (r *checking) giveKeys(ctx context.Context, c *call) int {
	for _, path := range []string{r.to, r.qr} { // before a key is rotated whose list could not be written then
		if _, err := os.Lstat(path); path != "" && err == nil {
			return c.fail(newOnly(fs.ErrExist, path))
		}
	}
	if r.rotate {
		if err := r.rotateKey(ctx, c); err != nil {
			return c.fail(fmt.Errorf("the key is as it was: %w", err))
		}
	}
	ring, err := r.ring()
	if err != nil {
		return c.fail(err)
	}
	if r.qr != "" {
		if err := keyPicture(r.qr, ring[len(ring)-1]); err != nil {
			return c.fail(err)
		}
	}
	var text bytes.Buffer
	for _, till := range ring {
		e := json.NewEncoder(&text)
		e.SetIndent("", "  ")
		if err := e.Encode(till); err != nil {
			return c.fail(err)
		}
	}
	return r.give(c, text.Bytes())
}

// give writes to the file that was named, or to the output.
func (r *checking) give(c *call, text []byte) int {
	var err error
	if r.to != "" {
		err = giveFile(r.to, text)
	} else {
		_, err = c.out.Write(text)
	}
	if err != nil {
		return c.fail(err)
	}
	return exitOK
}

// giveFile writes the file that a command line names for what is to be given away.
func giveFile(path string, content []byte) error {
	//mutant:a-file-that-is-there-stays
	return newOnly(files.WriteNew(path, content, 0o644), path)
}

// newOnly says of a file that is there already what to do: none is written over, because it may be the shop's books or keys.
func newOnly(err error, path string) error {
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, and nothing was written over it: name another file, or move that one away", path)
	}
	return err
}

// rotateKey makes a new key in a folder on which no till runs.
func (r *checking) rotateKey(ctx context.Context, c *call) error {
	if r.keys != "" {
		return errors.New("-rotate is for the key of a data folder, and -keys names another list")
	}
	o, err := r.books(ctx, c)
	if err != nil {
		return err
	}
	if err := ownAccount(o.Dir); err != nil {
		return err
	}
	if !o.Settings.Receipt.Signed {
		return errNoKeys
	}
	var failed error
	err = journal.Peek(ctx, o.Dir, journal.Options{}, func(j *journal.Journal) {
		signer, err := vault.OpenSigner(o.Dir, shop.SignerOptions(o, j.Identity().Books))
		if failed = err; err == nil {
			failed = signer.Rotate(j.Next().Attempt - 1)
		}
	})
	if errors.Is(err, journal.ErrInUse) {
		return fmt.Errorf("%w. Close the till first", err)
	}
	return errors.Join(err, failed)
}

// keyPicture draws the code of a till's newest key as paper has it.
func keyPicture(path string, till receipt.Till) error {
	text, err := till.Text()
	if err != nil {
		return err
	}
	encoder, err := escpos.NewEncoder(escpos.Profile{})
	if err != nil {
		return err
	}
	var doc escpos.Document
	doc.Add(escpos.Feed{Lines: 1}, escpos.QR{Data: text, Module: 8, Level: escpos.QRMedium, Align: escpos.Center}, escpos.Feed{Lines: 1})
	b, err := encoder.Append(nil, &doc)
	if err != nil {
		return err
	}
	return writePicture(path, escpos.Decode(b, escpos.DecodeOptions{}))
}

// page makes the page by which anybody checks this shop's receipts, with its keys in it.
func (r *checking) page(c *call) int {
	ring, err := r.ring()
	if err != nil {
		return c.fail(err)
	}
	text, err := present.ReceiptPage(ring)
	if err != nil {
		return c.fail(err)
	}
	return r.give(c, []byte(text))
}

// receiptChecks look at the key of receipts, where they are to be signed.
func receiptChecks(o shop.Options) []doctor.Check {
	if !o.Settings.Receipt.Signed {
		return nil
	}
	check := doctor.Check{Name: "signed receipts", Level: doctor.Good, Detail: "the till makes its key when it starts"}
	text, err := files.Read(filepath.Join(o.Dir, vault.PublicKeysName), mostKeysBytes)
	switch ring, wrong := receipt.ReadRing(text); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil || wrong != nil:
		check.Level, check.Detail = doctor.Warning, fmt.Sprintf("the list of public keys can't be read, and the next start puts it aside: %v", errors.Join(err, wrong))
	default:
		keys := ring[0].Keys
		check.Detail = fmt.Sprintf("by the key %s, of %s; public keys in all: %d", keys[len(keys)-1].ID, time.UnixMilli(keys[len(keys)-1].MadeMs).Format(time.DateOnly), len(keys))
	}
	if info, err := os.Stat(filepath.Join(o.Dir, vault.SignerName)); err == nil && (!info.Mode().IsRegular() || info.Size() != ed25519.SeedSize) {
		check.Level, check.Detail = doctor.Warning, "the file "+vault.SignerName+" is no key: move it away, and the next start makes another one"
	}
	return []doctor.Check{check}
}
