package shop_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// The page that the window makes lies in the data folder with the key by which the till signs; a till that signs nothing makes none.
func TestTheWindowMakesThePageForReceipts(t *testing.T) {
	dir := t.TempDir()
	c := signing(t, dir, "")
	path, key, err := c.ReceiptPage(context.Background())
	if err != nil || filepath.Dir(path) != dir || !c.About().Signed {
		t.Fatalf("%s, signed %v: %v", path, c.About().Signed, err)
	}
	if page := content(t, path); key == "" || !strings.Contains(page, `"id":"`+key+`"`) {
		t.Errorf("the page does not have the key %q", key)
	}
	off := openedAt(t, "[till]\nmode = \"cash\"\n", nil)
	if path, _, err := off.ReceiptPage(context.Background()); err == nil || off.About().Signed {
		t.Errorf("a till that signs nothing made %s", path)
	}
}
