package reader

// Limits of what a chip answers.
const (
	maxDepth = 6   // of templates in templates
	maxTags  = 256 // in one answer
)

// object is a BER-TLV object, its value in the answer's own bytes.
type object struct {
	tag   uint32
	value []byte
}

// constructed reports whether the value is made of objects: ISO/IEC 7816-4, 5.2.2.
func (o object) constructed() bool {
	first := o.tag
	for first > 0xFF {
		first >>= 8
	}
	return first&0x20 != 0
}

// nextObject cuts the first object off. Zero bytes between objects are padding: EMV Book 3,
// annex B. It is false at the end, and rest is not empty then where b is no TLV.
func nextObject(b []byte) (o object, rest []byte, ok bool) {
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	tag, n := tagOf(b)
	if n == 0 {
		return object{}, b, false
	}
	length, m := lengthOf(b[n:])
	if m == 0 || length > len(b)-n-m {
		return object{}, b, false
	}
	return object{tag, b[n+m:][:length]}, b[n+m+length:], true
}

// tagOf reads a tag of at most three bytes, and how many it had; none where there is no tag.
func tagOf(b []byte) (tag uint32, n int) {
	for n < min(3, len(b)) {
		tag = tag<<8 | uint32(b[n])
		n++
		if n == 1 && b[0]&0x1F != 0x1F || n > 1 && b[n-1]&0x80 == 0 {
			return tag, n
		}
	}
	return 0, 0
}

// lengthOf reads a length of at most three bytes, and how many it had.
func lengthOf(b []byte) (length, n int) {
	if len(b) == 0 {
		return 0, 0
	}
	more := int(b[0] & 0x7F)
	switch {
	case b[0] < 0x80:
		return int(b[0]), 1
	case more == 0 || more > 2 || len(b) < 1+more:
		return 0, 0
	}
	for _, c := range b[1 : 1+more] {
		length = length<<8 | int(c)
	}
	return length, 1 + more
}

// walk calls visit for each object, templates before what is in them, until it returns
// false. It is false where b is no TLV or has more than a chip may answer.
func walk(b []byte, visit func(object) bool) bool {
	left := maxTags
	_, fine := walkIn(b, visit, 0, &left)
	return fine
}

func walkIn(b []byte, visit func(object) bool, depth int, left *int) (goOn, fine bool) {
	for {
		o, rest, ok := nextObject(b)
		if !ok {
			return true, len(rest) == 0
		}
		if *left--; *left < 0 || depth == maxDepth {
			return false, false
		}
		if !visit(o) {
			return false, true
		}
		if o.constructed() {
			if on, fine := walkIn(o.value, visit, depth+1, left); !on || !fine {
				return on, fine
			}
		}
		b = rest
	}
}

// find gives the value of the first object with a tag, at any depth.
func find(b []byte, tag uint32) (value []byte, is bool) {
	walk(b, func(o object) bool {
		if o.tag == tag {
			value, is = o.value, true
		}
		return !is
	})
	return value, is
}

// listed is an entry of a data object list: EMV Book 3, 5.4.
type listed struct {
	tag    uint32
	length int
}

// objectList reads a DOL. It is false where b is none.
func objectList(b []byte) (list []listed, ok bool) {
	for len(b) > 0 {
		tag, n := tagOf(b)
		if n == 0 || n == len(b) || len(list) == maxTags {
			return nil, false
		}
		list = append(list, listed{tag, int(b[n])})
		b = b[n+1:]
	}
	return list, true
}
