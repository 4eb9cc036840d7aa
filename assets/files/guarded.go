package files

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrOthers means that somebody besides the owner and an administrator could have put a file there.
var ErrOthers = errors.New("others can write to it")

// Guarded opens a regular file of at most limitBytes that nobody besides this user and an administrator can have put there, and nobody
// can exchange: what is seen of the open file is what its name leads to later. The errors are Open's, and ErrOthers with what is to be mended.
func Guarded(path string, limitBytes int64) (*os.File, error) {
	f, err := Open(path, limitBytes)
	if err != nil {
		return nil, err
	}
	_, write, err := Others(f) // of what is open
	//mutant:others-put-no-file-there
	if err == nil && write {
		err = fmt.Errorf("%w: %s", ErrOthers, path)
	}
	if err == nil {
		var real string
		if real, err = filepath.Abs(path); err == nil {
			if real, err = filepath.EvalSymlinks(real); err == nil {
				//mutant:others-exchange-no-file
				err = guardedWay(real)
			}
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
