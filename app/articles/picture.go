package articles

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // what a shop's pictures are
	_ "image/png"
	"path/filepath"

	"veratill/assets"
	"veratill/assets/files"
)

// Bounds of a picture: a camera's is smaller, and a tile shows a hundredth of it.
const (
	pictureBytes = 4 << 20
	pictureSide  = 4096 // pixels
)

var errPicture = errors.New("picture")

// Picture is the picture of an item that the list at path names: a PNG or a JPEG beside the list, or one that the program draws for its
// demonstration. The error says why there is none to show; the item is sold all the same.
func Picture(path, name string) ([]byte, error) {
	if path == "" {
		return assets.Picture(name)
	}
	if name == "" || name != filepath.Base(name) {
		return nil, fmt.Errorf("%w: %q is no name of a file beside the list", errPicture, name)
	}
	raw, err := files.Read(filepath.Join(filepath.Dir(path), name), pictureBytes)
	if err != nil {
		return nil, err
	}
	size, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	switch {
	case err != nil || kind != "png" && kind != "jpeg":
		return nil, fmt.Errorf("%w: %s is no PNG and no JPEG", errPicture, name)
	//mutant:a-picture-is-bounded
	case size.Width > pictureSide || size.Height > pictureSide:
		return nil, fmt.Errorf("%w: %s has %d × %d pixels: make it no larger than %d", errPicture, name, size.Width, size.Height, pictureSide)
	}
	return raw, nil
}
