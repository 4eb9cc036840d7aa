package shop_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"veratill/app/desk"
	"veratill/app/present"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// parked parks lines and waits for it.
func parked(c *counter, lines []sale.CartLine) error { return <-c.Park(present.Parked{Lines: lines}) }

// Parked sales and preferences survive a restart.
func TestParked(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	weighed := sale.NewCart(money.CNY)
	apples := sale.Item{Code: "101", Name: sale.Name{ZH: "苹果", EN: "Apples"}, Initials: "pg", Group: "fresh", UnitPriceMinor: 1180, TaxRatePPM: 90_000, Unit: sale.Kilogram}
	if _, err := weighed.Add(apples, 123_456); err != nil {
		t.Fatal(err)
	}
	for _, lines := range [][]sale.CartLine{weighed.Lines(), filled(200).Lines()} {
		if err := parked(c, lines); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.SavePreference("language", "en"); err != nil {
		t.Fatal(err)
	}
	c.Close()
	c = demo(t, dir)
	all, err := c.Parked()
	if err != nil || len(all) != 2 || all[0].At.IsZero() {
		t.Fatalf("parked are %+v, %v", all, err)
	}
	back, err := c.Recall(all[0].ID)
	if err != nil || !reflect.DeepEqual(back.Lines, weighed.Lines()) {
		t.Errorf("recalled %+v, %v", back, err)
	}
	if left, err := c.Parked(); err != nil || len(left) != 1 || left[0].TotalMinor() != 200 || c.About().Language != "en" {
		t.Errorf("left %+v, %v, language %s", left, err, c.About().Language)
	}
	if _, err := c.Recall("5"); err == nil {
		t.Error("a sale that is not there was recalled")
	}
}

// A file of parked sales that is damaged, or that another version wrote, is reported once and
// kept byte for byte, also where one was kept before; then the till parks as ever.
func TestParkedFileThatCannotBeReadIsKeptAside(t *testing.T) {
	for name, text := range map[string]string{
		"cut": `[[{"item":{"code":"1"`,
		"of a version before": `[[{"item":{"code":"1","name":{"zh":"可乐","en":"Cola"},"initials":"kl","group":"drinks","unitPriceMinor":300,"taxBasisPoints":1300},
			"quantityMilli":1000,"amountMinor":300,"taxMinor":35}]]`,
		"without a unit": `[[{"item":{"code":"1","unitPriceMinor":300},"quantityE5":100000}]]`,
		"with a discount that this version would drop": `[[{"item":{"code":"1","unitPriceMinor":300,"unit":"piece"},"quantityE5":100000,"discounts":[{"amountMinor":50}]}]]`,
		"half a piece": `[[{"item":{"code":"1","unitPriceMinor":300,"unit":"piece"},"quantityE5":50000}]]`,
	} {
		for call, do := range map[string]func(*counter) error{
			"parked": func(c *counter) error { _, err := c.Parked(); return err },
			"park":   func(c *counter) error { return parked(c, filled(200).Lines()) },
			"recall": func(c *counter) error { _, err := c.Recall("1"); return err },
		} {
			t.Run(name+"/"+call, func(t *testing.T) {
				dir := t.TempDir()
				c := demo(t, dir)
				write(t, filepath.Join(dir, "parked-unreadable-1.json"), "kept before")
				write(t, filepath.Join(dir, "parked.json"), text)
				if err := do(c); !errors.Is(err, desk.ErrParkedUnreadable) {
					t.Errorf("it gave %v", err)
				}
				for file, want := range map[string]string{"parked-unreadable-1.json": "kept before", "parked-unreadable-2.json": text} {
					if got, err := os.ReadFile(filepath.Join(dir, file)); err != nil || string(got) != want {
						t.Errorf("%s holds %q, %v", file, got, err)
					}
				}
				if err := parked(c, filled(200).Lines()); err != nil {
					t.Fatal(err)
				}
				if all, err := c.Parked(); err != nil || len(all) != 1 {
					t.Errorf("%+v, %v", all, err)
				}
			})
		}
	}
}

// Where the file cannot even be opened, nothing is parked over it.
func TestParkedFileThatCannotBeOpenedIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	path := filepath.Join(dir, "parked.json")
	if err := os.Symlink(path, path); err != nil { // a loop, which nobody can follow
		t.Skipf("SKIPPED: no link can be made here: %v", err)
	}
	if err := parked(c, filled(200).Lines()); err == nil {
		t.Error("a sale was parked")
	}
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("%v, %v", info, err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
