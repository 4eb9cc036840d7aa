package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// wanted are the kernel's modules for the lab; what they need comes along.
var wanted = []string{"xhci-pci", "usbhid", "hid-generic", "evdev", "ftdi_sio", "usblp", "cdc-acm",
	"libcomposite", "usb_f_printer", "usb_f_hid", "usb_f_acm", "usb_f_fs", "vhci-hcd", "dummy_hcd"}

// errSkip is something that this machine has not: the lab is left out, aloud.
var errSkip = errors.New("skipped")

// kernelPackage finds the package on which Debian's linux-image-amd64 depends now: the newest
// kernel with every driver. (The -cloud kernel has no USB.)
var kernelPackage = regexp.MustCompile(`(?m)^\s*Depends: (linux-image-[0-9][^ ]*-amd64)$`)

// hashLine is apt's hash of the package's file.
var hashLine = regexp.MustCompile(`(?m)^SHA256: ([0-9a-f]{64})$`)

// fetchKernel brings the kernel's package into the cache and gives its file. apt-get checks what
// it fetches against the signed list; the hash of that list is held against the file once more each
// time that it is taken from the cache.
func fetchKernel(cache string) (string, error) {
	out, err := exec.Command("apt-cache", "depends", "linux-image-amd64").Output()
	found := kernelPackage.FindSubmatch(out)
	if err != nil || found == nil {
		return newestCached(cache)
	}
	name := string(found[1])
	shown, err := exec.Command("apt-cache", "show", "--no-all-versions", name).Output()
	hash := hashLine.FindSubmatch(shown)
	if err != nil || hash == nil {
		return newestCached(cache)
	}
	file := filepath.Join(cache, name+"_"+string(hash[1][:16])+".deb")
	if sha256Of(file) == string(hash[1]) {
		return file, nil
	}
	if err := download(name, file, cache); err != nil {
		if old, other := newestCached(cache); other == nil {
			return old, nil
		}
		return "", err
	}
	if got := sha256Of(file); got != string(hash[1]) {
		os.Remove(file)
		return "", fmt.Errorf("%s has the hash %s, and apt's list says %s", name, got, hash[1])
	}
	return file, nil
}

// newestCached is the kernel of an earlier run, where apt knows none: its name holds the first half
// of its hash.
func newestCached(cache string) (string, error) {
	files, err := filepath.Glob(filepath.Join(cache, "linux-image-*-amd64_*.deb"))
	if err != nil {
		return "", err
	}
	sort.Strings(files)
	for i := len(files) - 1; i >= 0; i-- {
		_, half, _ := strings.Cut(strings.TrimSuffix(filepath.Base(files[i]), ".deb"), "_")
		if strings.HasPrefix(sha256Of(files[i]), half) {
			return files[i], nil
		}
	}
	return "", fmt.Errorf("%w: apt knows no linux-image-amd64 (Debian's kernel), and none is in %s", errSkip, cache)
}

func download(name, file, cache string) error {
	dir, err := os.MkdirTemp(cache, "fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command("apt-get", "download", "-qq", name)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s can't be fetched: %v: %s", errSkip, name, err, strings.TrimSpace(string(out)))
	}
	got, err := filepath.Glob(filepath.Join(dir, "*.deb"))
	if err != nil || len(got) != 1 {
		return fmt.Errorf("apt-get download %s left %v", name, got)
	}
	return os.Rename(got[0], file)
}

// sha256Of is a file's hash, empty for one that can't be read.
func sha256Of(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// kernel is what is unpacked of the package: vmlinuz, and a tree of the modules that are wanted.
type kernel struct{ image, modules string }

// unpackKernel makes it in dir, which holds nothing else.
func unpackKernel(deb, dir string) (kernel, error) {
	all := filepath.Join(dir, "all")
	if err := command("dpkg", "-x", deb, all); err != nil {
		return kernel{}, err
	}
	defer os.RemoveAll(all) // 400 MB
	images, err := filepath.Glob(filepath.Join(all, "boot/vmlinuz-*"))
	if err != nil || len(images) != 1 {
		return kernel{}, fmt.Errorf("%s has the kernels %v", deb, images)
	}
	version := strings.TrimPrefix(filepath.Base(images[0]), "vmlinuz-")
	k := kernel{filepath.Join(dir, "vmlinuz"), filepath.Join(dir, "modules")}
	if err := os.Rename(images[0], k.image); err != nil {
		return kernel{}, err
	}
	tree := all
	if _, err := os.Stat(filepath.Join(all, "usr/lib/modules", version)); err == nil { // Debian 13
		tree = filepath.Join(all, "usr")
	}
	return k, k.pick(tree, version)
}

// pick copies the wanted modules and those that they need, unpacked, with a list of their needs.
func (k kernel) pick(tree, version string) error {
	if err := command("depmod", "-b", tree, version); err != nil {
		return err
	}
	below := filepath.Join("lib/modules", version)
	target := filepath.Join(k.modules, below)
	for _, name := range wanted {
		out, err := exec.Command("modprobe", "-d", tree, "-S", version, "--show-depends", name).CombinedOutput()
		if err != nil {
			return fmt.Errorf("module %s: %w: %s", name, err, out)
		}
		for line := range strings.Lines(string(out)) {
			field := strings.Fields(line)
			if len(field) < 2 || field[0] != "insmod" { // builtin
				continue
			}
			_, part, _ := strings.Cut(field[1], below+"/")
			if err := copyModule(field[1], filepath.Join(target, part)); err != nil {
				return err
			}
		}
	}
	for _, list := range []string{"modules.builtin", "modules.order"} {
		b, err := os.ReadFile(filepath.Join(tree, below, list))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(target, list), b, 0o644); err != nil {
			return err
		}
	}
	return command("depmod", "-b", k.modules, version)
}

// copyModule copies one module, and unpacks it where the package has it packed.
func copyModule(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	unpack := []string{"cat", from}
	if name, packed := strings.CutSuffix(to, ".xz"); packed {
		to, unpack = name, []string{"xz", "-dc", from}
	}
	b, err := exec.Command(unpack[0], unpack[1:]...).Output()
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	return os.WriteFile(to, b, 0o644)
}

func command(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}
