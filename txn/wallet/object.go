package wallet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// object is a JSON object. Its names are exact, and none comes twice: an answer that says a thing in two ways says nothing.
type object map[string]any

// mostDeep bounds how deep the values of an answer lie in each other.
const mostDeep = 16

var errObject = errors.New("it is no JSON object")

// readObject reads an answer's JSON strictly where it matters: one object, no name twice, no text behind it. Fields that are
// not known are none of its business.
func readObject(text []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := readValue(d, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errObject, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows it", errObject)
	}
	o, ok := v.(object)
	if !ok {
		return nil, errObject
	}
	return o, nil
}

func readValue(d *json.Decoder, deep int) (any, error) {
	if deep > mostDeep {
		return nil, errors.New("too deep")
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return readMembers(d, deep)
	case json.Delim('['):
		for d.More() { // lists decide nothing: they are read over
			if _, err := readValue(d, deep+1); err != nil {
				return nil, err
			}
		}
		_, err := d.Token()
		return nil, err
	}
	return token, nil
}

func readMembers(d *json.Decoder, deep int) (object, error) {
	o := object{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := name.(string)
		//mutant:no-name-twice
		if _, twice := o[key]; twice {
			return nil, fmt.Errorf("it says %.40q twice", key)
		}
		if o[key], err = readValue(d, deep+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return o, err
}

// in is an object within; an empty one where there is none.
func (o object) in(name string) object {
	inner, _ := o[name].(object)
	return inner
}

// says reports whether an answer has a value of this name.
func (o object) says(name string) bool { return o[name] != nil }

// text is a value as text, whether it came as a text or as a number; empty where it is neither.
func (o object) text(name string) string {
	switch v := o[name].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// mostFen bounds a sum: 10 million yuan.
const mostFen = 1_000_000_000

// fen is a sum in fen; ok is false where it is not one.
func fen(text string) (minor int64, ok bool) {
	if text == "" || len(text) > 10 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	minor, err := strconv.ParseInt(text, 10, 64)
	return minor, err == nil && minor <= mostFen
}

// yuan is a sum in yuan, such as 12.5 or 12.50, in fen; ok is false where it is not one.
func yuan(text string) (minor int64, ok bool) {
	whole, part, point := strings.Cut(text, ".")
	if whole == "" || point && (part == "" || len(part) > 2) {
		return 0, false
	}
	return fen(whole + (part + "00")[:2])
}

// inYuan writes fen as yuan with two places.
func inYuan(minor int64) string { return fmt.Sprintf("%d.%02d", minor/100, minor%100) }
