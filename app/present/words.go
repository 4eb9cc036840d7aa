package present

import (
	"strconv"
	"strings"

	"veratill/assets"
	"veratill/txn/sale"
)

// Words is one language of the screen. It is not changed after it was made.
type Words struct {
	language string
	texts    map[string]string
}

// NewWords reads a language that the program carries: "zh" or "en".
func NewWords(language string) (*Words, error) {
	texts, err := assets.Language(language)
	if err != nil {
		return nil, err
	}
	return &Words{language, texts}, nil
}

// AnyWords is a language, or another one where its words can't be read, or none at all: then each key shows itself. A till sells
// without words too.
func AnyWords(language string) *Words {
	for _, one := range append([]string{language}, assets.Languages...) {
		if words, err := NewWords(one); err == nil {
			return words
		}
	}
	return &Words{language: assets.Languages[0]}
}

// Language is "zh" or "en".
func (w *Words) Language() string { return w.language }

// Has reports whether the catalogue has a key.
func (w *Words) Has(key string) bool { _, ok := w.texts[key]; return ok }

// Text is the text of a key; pairs are the names in braces and what stands for
// them. A key that is missing shows itself: a test keeps that from happening.
func (w *Words) Text(key string, pairs ...string) string {
	text, ok := w.texts[key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

// Counted is Text for n of something, which stands for {n}. Where n is 1 and a language
// has another text for one, under the key with ".one" behind it, it is that.
func (w *Words) Counted(key string, n int, pairs ...string) string {
	if n == 1 && w.Has(key+".one") {
		key += ".one"
	}
	return w.Text(key, append(pairs, "n", strconv.Itoa(n))...)
}

// Closed is the word for one of a closed set, such as "paper out" in "chip.";
// a word that is not in the catalogue shows itself, because hiding it would be worse.
func (w *Words) Closed(prefix, code string) string {
	if key := prefix + slug(code); w.Has(key) {
		return w.texts[key]
	}
	return code
}

// Name is an article's name in this language, or the other one where it has none.
func (w *Words) Name(n sale.Name) string {
	if (w.language == "zh" && n.ZH != "") || n.EN == "" {
		return n.ZH
	}
	return n.EN
}

func slug(code string) string { return strings.ReplaceAll(strings.ToLower(code), " ", "-") }

// Sentences puts sentences one after the other: with a space, except in Chinese.
func (w *Words) Sentences(first, second string) string {
	if w.language == "zh" {
		return first + second
	}
	return joinedBy(" ", first, second)
}
