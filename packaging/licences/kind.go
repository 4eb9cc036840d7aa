package main

import (
	"slices"
	"strings"
)

// sign is how a licence's text is known: all of these words are in it, spaces and case
// apart, and none of those.
type sign struct {
	kind string
	has  []string
	not  []string
}

// signs also know licences that are not allowed, so that they are named and not unknown.
var signs = []sign{
	{kind: "Apache-2.0", has: []string{"apache license version 2.0, january 2004"}},
	{kind: "Apache-2.0", has: []string{"licensed under the apache license, version 2.0"}},
	{kind: "MIT", has: []string{"permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files"}},
	{kind: "BSD-3-Clause", has: []string{"redistribution and use in source and binary forms", "to endorse or promote products"}},
	{kind: "BSD-2-Clause", has: []string{"redistribution and use in source and binary forms"}, not: []string{"to endorse or promote products"}},
	{kind: "ISC", has: []string{"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"}},
	{kind: "ISC", has: []string{"permission to use, copy, modify, and distribute this software for any purpose with or without fee"}},
	{kind: "Zlib", has: []string{"altered source versions must be plainly marked as such"}},
	{kind: "Unlicense", has: []string{"this is free and unencumbered software released into the public domain"}},
	{kind: "blessing", has: []string{"may you do good and not evil"}},
	{kind: "blessing", has: []string{"code and documentation in sqlite has been dedicated to the public domain by the authors"}},
	{kind: "CC0-1.0", has: []string{"cc0 1.0 universal"}},
	{kind: "OFL-1.1", has: []string{"sil open font license version 1.1"}},
	{kind: "Bitstream-Vera", has: []string{"bitstream vera fonts copyright"}},
	{kind: "CC-BY-4.0", has: []string{"creative commons attribution 4.0 international"}},
	{kind: "CC-BY-3.0", has: []string{"creative commons attribution 3.0"}},
	{kind: "CC-BY-SA", has: []string{"attribution-sharealike"}},
	{kind: "MPL-2.0", has: []string{"mozilla public license version 2.0"}},
	{kind: "LGPL", has: []string{"gnu lesser general public license version"}},
	{kind: "GPL", has: []string{"gnu general public license version"}},
	{kind: "AGPL", has: []string{"gnu affero general public license version"}},
}

// allowed are the licences under which the program may be given away as a whole under
// its own, Apache-2.0, with their texts beside it.
var allowed = []string{"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "Unlicense", "blessing", "CC0-1.0",
	"OFL-1.1", "Bitstream-Vera", "CC-BY-4.0", "CC-BY-3.0"}

// allowedInTests are further ones for what is never given away with the program.
var allowedInTests = []string{"MPL-2.0"}

// passedOver are files that look like a licence of code and are none, with the reason.
var passedOver = map[string]string{
	"modernc.org/memory/LICENSE-LOGO": "where the picture in its README comes from",
}

// unknown is the kind of a text that no sign fits, and of a module without any.
const unknown = "unknown"

// kindsOf names every licence whose text is in a text.
func kindsOf(text string) (kinds []string) {
	text = strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r <= ' ' || r == '*' || r == '#' || r == '>' }), " ")
	for _, s := range signs {
		fits := !slices.ContainsFunc(s.not, func(w string) bool { return strings.Contains(text, w) })
		for _, w := range s.has {
			fits = fits && strings.Contains(text, w)
		}
		if fits && !slices.Contains(kinds, s.kind) {
			kinds = append(kinds, s.kind)
		}
	}
	if len(kinds) == 0 {
		kinds = []string{unknown}
	}
	return kinds
}
