package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	cdx "github.com/CycloneDX/cyclonedx-go"
)

// extras are the libraries that -also names.
type extras []module

// String implements flag.Value.
func (e *extras) String() string { return "" }

// Set implements flag.Value.
func (e *extras) Set(text string) error {
	parts := strings.SplitN(text, "=", 4)
	if len(parts) != 4 {
		return fmt.Errorf("%q is not NAME=VERSION=LICENCE=FILE", text)
	}
	*e = append(*e, module{path: parts[0], version: parts[1], kinds: []string{parts[2]}, texts: []string{parts[3]}})
	return nil
}

// inside are the modules that the program holds on a system, and Go's own library, which is under
// the text of golang.org/x/sys: not every distribution of Go has its own beside it.
func inside(all []module, goos string) []module {
	var held []module
	for _, m := range all {
		if !slices.Contains(m.goos, goos) {
			continue
		}
		held = append(held, m)
		if m.path == "golang.org/x/sys" {
			held = append(held, module{path: "std", version: strings.TrimPrefix(runtime.Version(), "go"), kinds: m.kinds, texts: m.texts})
		}
	}
	return held
}

// give writes what goes along with a package.
func give(dir string, held []module) error {
	text, err := thirdParty(held)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "THIRD-PARTY.txt"), text, 0o644); err != nil {
		return err
	}
	var bom bytes.Buffer
	bill, err := bill(held)
	if err != nil {
		return err
	}
	if err := cdx.NewBOMEncoder(&bom, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bill, cdx.SpecVersion1_6); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "sbom.cdx.json"), bom.Bytes(), 0o644)
}

// thirdParty is every licence's text once, under the names of those that have it.
func thirdParty(held []module) ([]byte, error) {
	var texts []string
	having := map[string][]string{}
	for _, m := range held {
		if len(m.texts) == 0 {
			return nil, fmt.Errorf("%s has no text of its licence", m.path)
		}
		for _, file := range m.texts {
			raw, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			text := strings.TrimSpace(strings.ReplaceAll(string(raw), "\r\n", "\n"))
			if having[text] == nil {
				texts = append(texts, text)
			}
			if name := strings.TrimSpace(m.path + " " + m.version); !slices.Contains(having[text], name) {
				having[text] = append(having[text], name)
			}
		}
	}
	var out bytes.Buffer
	out.WriteString("Veratill is under the Apache License 2.0. What others made and is inside, with its licences:\n")
	for _, text := range texts {
		fmt.Fprintf(&out, "\n%s\n%s\n%s\n\n%s\n", strings.Repeat("=", 78), strings.Join(having[text], "\n"), strings.Repeat("=", 78), text)
	}
	return out.Bytes(), nil
}

// bill is the bill of materials. It has no time and no serial number: the same program has the same bill.
func bill(held []module) (*cdx.BOM, error) {
	var app struct {
		Details struct{ ID, Name, Version string }
	}
	if _, err := toml.DecodeFile("FyneApp.toml", &app); err != nil {
		return nil, err
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Component: &cdx.Component{Type: cdx.ComponentTypeApplication, Name: app.Details.Name, Version: app.Details.Version,
		BOMRef: app.Details.ID, Licenses: &cdx.Licenses{{Expression: "Apache-2.0"}}}}
	parts := make([]cdx.Component, 0, len(held))
	for _, m := range held {
		parts = append(parts, component(m))
	}
	bom.Components = &parts
	return bom, nil
}

func component(m module) cdx.Component {
	c := cdx.Component{Type: cdx.ComponentTypeLibrary, Name: m.path, Version: m.version, BOMRef: strings.TrimSuffix(m.path+"@"+m.version, "@"),
		Description: purposes[m.path], Licenses: &cdx.Licenses{{Expression: strings.Join(m.kinds, " AND ")}}}
	host, _, _ := strings.Cut(m.path, "/")
	if strings.Contains(host, ".") || m.path == "std" {
		c.PackageURL = "pkg:golang/" + m.path + "@" + m.version
	}
	return c
}
