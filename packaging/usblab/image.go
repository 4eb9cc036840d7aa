package main

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

//go:embed init
var initScript string

// image is what QEMU boots.
type image struct {
	kernel, initrd string
	size           int64 // of initrd in bytes
}

// module is the path of this module; guestPackage marks the tests that run in the lab.
const (
	module       = "veratill"
	guestPackage = module + "/packaging/usblab/guest"
)

// ruleFile is the rule of udev that the package installs, from the repository's folder.
const ruleFile = "packaging/linux/70-veratill.rules"

// makeImage puts together the cached part, with the kernel's modules and udev, and the binaries of
// this run.
func makeImage(cache, dir, program, flags string) (image, error) {
	base, err := cachedBase(cache)
	if err != nil {
		return image{}, err
	}
	tests, err := buildTests(dir)
	if err != nil {
		return image{}, err
	}
	img := image{kernel: filepath.Join(base, "vmlinuz"), initrd: filepath.Join(dir, "initrd")}
	f, err := os.Create(img.initrd)
	if err != nil {
		return image{}, err
	}
	defer f.Close()
	first, err := os.Open(filepath.Join(base, "base.cpio"))
	if err != nil {
		return image{}, err
	}
	defer first.Close()
	begun, err := io.Copy(f, first)
	if err != nil {
		return image{}, err
	}
	a := newArchive(f)
	a.text("init", initScript, 0o755)
	a.text("lab/flags", flags, 0o644)
	a.text("lab/modules", strings.Join(slices.DeleteFunc(slices.Clone(wanted), func(m string) bool { return m == "dummy_hcd" }), " "), 0o644)
	for _, t := range tests {
		a.program("lab/"+filepath.Base(t), t)
	}
	if program != "" {
		a.program("lab/veratill", program)
	}
	rule, err := os.ReadFile(ruleFile)
	if err != nil {
		return image{}, err
	}
	a.text("lab/70-veratill.rules", string(rule), 0o644)
	size, err := a.end()
	img.size = begun + size
	return img, errors.Join(err, f.Close())
}

// cachedBase gives the folder with vmlinuz and base.cpio, and makes it if this kernel, or this
// program, is a new one.
func cachedBase(cache string) (string, error) {
	deb, err := fetchKernel(cache)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "usblab-"+strings.TrimSuffix(filepath.Base(deb), ".deb")+"-"+baseVersion())
	if _, err := os.Stat(filepath.Join(dir, "base.cpio")); err == nil {
		return dir, nil
	}
	fmt.Println("unpacking", filepath.Base(deb))
	fresh, err := os.MkdirTemp(cache, "usblab-new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh)
	k, err := unpackKernel(deb, fresh)
	if err != nil {
		return "", err
	}
	if err := writeBase(k, filepath.Join(fresh, "base.cpio")); err != nil {
		return "", err
	}
	old, err := filepath.Glob(filepath.Join(cache, "usblab-linux-image-*"))
	for _, name := range old {
		if name != dir {
			err = errors.Join(err, os.RemoveAll(name))
		}
	}
	if err := errors.Join(err, os.RemoveAll(k.modules)); err != nil {
		return "", err
	}
	if err := os.Rename(fresh, dir); err != nil {
		if _, other := os.Stat(filepath.Join(dir, "base.cpio")); other == nil { // another run was faster
			return dir, nil
		}
		return "", err
	}
	return dir, nil
}

// layout is raised when writeBase makes something else of the same files.
const layout = "1"

// The rules of udev that are needed: nodes, their groups and rights.
const (
	rules       = "/usr/lib/udev/rules.d"
	deviceRules = "50-udev-default.rules"
)

// baseVersion changes with whatever is in the base beside the kernel.
func baseVersion() string {
	version := strings.Join(wanted, " ")
	for _, name := range []string{"/bin/busybox", "/bin/udevadm", filepath.Join(rules, deviceRules)} {
		version += sha256Of(name)
	}
	sum := sha256.Sum256([]byte(layout + version + groups()))
	return hex.EncodeToString(sum[:6])
}

// groups are those that udev's rules name; udev says so of each that it does not find.
func groups() string {
	text := "root:x:0:\n"
	for i, name := range []string{"tty", "dialout", "kmem", "input", "video", "render", "disk", "lp", "tape", "audio", "cdrom", "kvm", "sgx"} {
		text += fmt.Sprintf("%s:x:%d:\n", name, 101+i)
	}
	return text
}

func writeBase(k kernel, to string) error {
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer f.Close()
	a := newArchive(f)
	for _, dir := range []string{"proc", "sys", "dev", "tmp", "run", "bin", "sbin", "etc", "usr/bin", "lab"} {
		a.folder(dir)
	}
	a.file("bin/busybox", "/bin/busybox")
	a.program("bin/udevadm", "/bin/udevadm")
	a.link("sbin/systemd-udevd", "/bin/udevadm")
	a.file(filepath.Join(rules, deviceRules), filepath.Join(rules, deviceRules))
	a.text("etc/passwd", "root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n", 0o644)
	a.text("etc/group", groups(), 0o644)
	a.tree("", k.modules)
	_, err = a.end()
	return errors.Join(err, f.Close())
}

// library is a line of ldd's that names a file.
var library = regexp.MustCompile(`(?m)(?:=> |^\s*)(/\S+) \(0x`)

// program copies a program and the libraries that it is linked to.
func (a *archive) program(name, from string) {
	a.file(name, from)
	out, err := exec.Command("ldd", from).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "not a dynamic") {
		a.err = errors.Join(a.err, fmt.Errorf("ldd %s: %w: %s", from, err, out))
	}
	for _, l := range library.FindAllStringSubmatch(string(out), -1) {
		a.file(l[1], l[1])
	}
}

// buildTests compiles the tests of each package that runs in the lab.
func buildTests(dir string) ([]string, error) {
	list := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}`, "./packaging/usblab/...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var tests []string
	for line := range strings.Lines(string(out)) {
		field := strings.Fields(line)
		if !slices.Contains(field[1:], guestPackage) {
			continue
		}
		name := strings.ReplaceAll(strings.TrimPrefix(field[0], module+"/packaging/usblab/"), "/", "-")
		file := filepath.Join(dir, name+".test")
		build := exec.Command("go", "test", "-c", "-o", file, field[0])
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return nil, fmt.Errorf("%s: %w", field[0], err)
		}
		tests = append(tests, file)
	}
	if len(tests) == 0 {
		return nil, errors.New("no package has tests for the lab")
	}
	return tests, nil
}
