package update

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"veratill/assets/files"
	"veratill/txn/disk"
)

// SignatureSuffix is what the address of a signature has behind the manifest's.
const SignatureSuffix = ".minisig"

// Deadlines of what is fetched.
const (
	manifestLimit = 30 * time.Second
	fileLimit     = 30 * time.Minute
)

// newClient follows an address only to where this program would go by itself, and never from a
// line that is secret to one that is not.
func newClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = manifestLimit
	return &http.Client{Transport: t, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) >= 5 {
			return errors.New("too many redirections")
		}
		if _, err := address(r.URL.String()); err != nil {
			return err
		}
		if via[0].URL.Scheme == "https" && r.URL.Scheme != "https" {
			return fault(BadAddress, "it leads from https to http")
		}
		return nil
	}}
}

// get begins to fetch something. Faults: Offline, Refused, BadAddress.
func get(ctx context.Context, c *http.Client, u *url.URL) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fault(BadAddress, "%w", err)
	}
	r.Header.Set("User-Agent", "veratill-update")
	r.Header.Set("Accept-Encoding", "identity") // sizes and hashes are of the bytes as they lie there
	answer, err := c.Do(r)
	if err != nil {
		if Is(err, BadAddress) {
			return nil, FaultOf(err)
		}
		return nil, fault(Offline, "%w", err)
	}
	if answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		return nil, fault(Refused, "%s answers %s", u.Host, answer.Status)
	}
	return answer, nil
}

// small fetches a whole text of a manifest's size at most.
func small(ctx context.Context, c *http.Client, u *url.URL) ([]byte, error) {
	answer, err := get(ctx, c, u)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, manifestMax+1))
	if err != nil {
		return nil, fault(Offline, "%w", err)
	}
	if len(text) > manifestMax {
		return nil, fault(TooLarge, "%s", u.Host)
	}
	return text, nil
}

// fetchManifest fetches a manifest and its signature.
func fetchManifest(ctx context.Context, c *http.Client, from string) (text, signature []byte, err error) {
	u, err := address(from)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, manifestLimit)
	defer cancel()
	if text, err = small(ctx, c, u); err != nil {
		return nil, nil, err
	}
	s := *u
	s.Path, s.RawPath = u.Path+SignatureSuffix, ""
	signature, err = small(ctx, c, &s)
	if Is(err, Refused) {
		err = fault(Unsigned, "%w", err)
	}
	return text, signature, err
}

// download fetches a file under a name that it gets only when it has been verified. Faults:
// Offline, Refused, WrongSize, WrongHash, NoRoom, CantWrite.
func download(ctx context.Context, c *http.Client, f File, path string) error {
	if verifyFile(path, f) == nil {
		return nil // it has been fetched before
	}
	u, err := address(f.URL)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, fileLimit)
	defer cancel()
	answer, err := get(ctx, c, u)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	part := path + ".part"
	if err := store(answer.Body, part, f.Size); err != nil {
		return errors.Join(err, disk.RemoveAny(disk.System{}, part))
	}
	if err := verifyFile(part, f); err != nil {
		return errors.Join(err, disk.RemoveAny(disk.System{}, part))
	}
	if err := os.Rename(part, path); err != nil {
		return write(err)
	}
	return write((disk.System{}).SyncDir(filepath.Dir(path)))
}

// store writes a body and makes it durable. One byte more than size is enough to know that it is too long.
func store(body io.Reader, path string, size int64) error {
	out, err := fresh(path, 0o600)
	if err != nil {
		return write(err)
	}
	n, err := io.Copy(onlyWriter{out}, io.LimitReader(body, size+1))
	var failed writeError
	switch closing := errors.Join(out.Sync(), out.Close()); {
	case errors.As(err, &failed):
		return write(failed.error)
	case err != nil:
		return fault(Offline, "after %d of %d bytes: %w", n, size, err)
	default:
		return write(closing)
	}
}

// onlyWriter marks the errors of writing, so that they are told from those of the line.
type onlyWriter struct{ w io.Writer }

type writeError struct{ error }

func (o onlyWriter) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil {
		err = writeError{err}
	}
	return n, err
}

// verifyFile holds a file to its size and its hash. Faults: WrongSize, WrongHash, CantWrite.
func verifyFile(path string, f File) error {
	in, err := verified(path, f)
	if err != nil {
		return err
	}
	return write(in.Close())
}

// verified opens a file that holds to its size and its hash, and that nobody else can have put there or can exchange. It is read from its
// beginning. Faults: WrongSize, WrongHash, OthersWrite, CantWrite.
func verified(path string, f File) (*os.File, error) {
	in, err := guarded(path)
	if err != nil {
		return nil, err
	}
	err = sumOf(in, f)
	if err == nil {
		_, err = in.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// guarded is files.Guarded with its faults.
func guarded(path string) (*os.File, error) {
	f, err := files.Guarded(path, fileMax)
	if errors.Is(err, files.ErrOthers) {
		return nil, fault(OthersWrite, "%w", err)
	}
	return f, write(err)
}

// fresh makes a file anew: what had its name, and might be somebody else's or a link, is taken away and not written to.
func fresh(path string, perm os.FileMode) (*os.File, error) {
	if err := disk.RemoveAny(disk.System{}, path); err != nil {
		return nil, err
	}
	return files.OpenAs(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
}

func sumOf(in io.Reader, f File) error {
	sum := sha256.New()
	n, err := io.Copy(sum, in)
	switch {
	case err != nil:
		return write(err)
	case n != f.Size:
		return fault(WrongSize, "%d bytes, and %d were announced", n, f.Size)
	case hex.EncodeToString(sum.Sum(nil)) != f.SHA256:
		return fault(WrongHash, "")
	}
	return nil
}

// write names an error of this computer's disk.
func write(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.ENOSPC) {
		return fault(NoRoom, "%w", err)
	}
	return fault(CantWrite, "%w", err)
}

// packageName is what a file of a release is called here, whatever it is called there.
func packageName(r Release, f File) string {
	ends := map[Kind]string{Deb: "deb", RPM: "rpm", Archive: "tar.gz", Setup: "exe"}
	end := ends[f.Kind]
	if f.Kind == Archive && f.GOOS == "windows" {
		end = "zip"
	}
	return fmt.Sprintf("veratill-%s-%d.%s", r.Version, r.Build, end)
}
