package reader

import (
	"errors"
	"fmt"
)

// Faults of a track. None of them says anything of what was on it.
var (
	ErrStart     = errors.New("track 2 does not begin with ;")
	ErrEnd       = errors.New("track 2 does not end with ?")
	ErrTooLong   = errors.New("track 2 is longer than 37 characters")
	ErrSeparator = errors.New("track 2 has no = between number and expiry")
	ErrPAN       = errors.New("card number is not 12 to 19 digits")
	ErrExpiry    = errors.New("expiry is not YYMM with a month 01 to 12")
	ErrService   = errors.New("service code is not three digits")
	ErrCharacter = errors.New("track 2 has a character that it cannot hold")
	ErrChecksum  = errors.New("track 2 fails its check character")
	ErrTrailing  = errors.New("there is text behind the track")
)

// Lengths of ISO/IEC 7813 track 2, sentinels and check character not counted.
const (
	maxTrack = 37
	minPAN   = 12
	maxPAN   = 19
)

// ParseTrack2 reads ";PAN=YYMMSSS…?", with D for = as terminals write it, and with
// the check character behind ? when there is one. The card keeps its own copy; the
// caller clears b. Errors are those above and never hold a part of the track.
func ParseTrack2(b []byte) (Card, error) {
	if len(b) == 0 || b[0] != ';' {
		return Card{}, ErrStart
	}
	end := -1
	for i, c := range b {
		if c == '?' {
			end = i
			break
		}
	}
	switch {
	case end < 0 && len(b)-1 > maxTrack:
		return Card{}, ErrTooLong
	case end < 0:
		return Card{}, ErrEnd
	case end-1 > maxTrack:
		return Card{}, ErrTooLong
	case len(b) > end+2:
		return Card{}, ErrTrailing
	}
	if err := parse(b[1:end]); err != nil {
		return Card{}, err
	}
	if len(b) == end+2 && b[end+1] != lrc(b[:end+1]) {
		return Card{}, ErrChecksum
	}
	body := append(make([]byte, 0, maxTrack), b[1:end]...)
	sep := 0
	for i, c := range body {
		if c == 'D' || c == '=' {
			body[i], sep = '=', i
			break
		}
	}
	return Card{track: &secret{b: body, sep: sep}}, nil
}

// parse checks what stands between the sentinels.
func parse(b []byte) error {
	sep := -1
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9':
		case (c == '=' || c == 'D') && sep < 0:
			sep = i
		case sep >= 0 && c >= ':' && c <= '>' && c != '=': // other characters of the track's five-bit set
		default:
			return ErrCharacter
		}
	}
	if sep < 0 {
		return ErrSeparator
	}
	if sep < minPAN || sep > maxPAN {
		return ErrPAN
	}
	rest := b[sep+1:]
	if len(rest) < 4 || !digits(rest[:4]) {
		return ErrExpiry
	}
	if month := int(rest[2]-'0')*10 + int(rest[3]-'0'); month < 1 || month > 12 {
		return ErrExpiry
	}
	if len(rest) < 7 || !digits(rest[4:7]) {
		return ErrService
	}
	return nil
}

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// lrc is the check character: exclusive or of the four low bits of everything from
// start to end sentinel, in the track's set from '0' (ISO/IEC 7811-2).
func lrc(b []byte) byte {
	var x byte
	for _, c := range b {
		if c == 'D' {
			c = '='
		}
		x ^= c - '0'
	}
	return '0' + x&0x0F
}

// luhn is the check of ISO/IEC 7812-1.
func luhn(pan []byte) bool {
	sum := 0
	for i, c := range pan {
		d := int(c - '0')
		if (len(pan)-i)%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// FileError is a fault of a file of tracks: where it is, and never what stands there.
type FileError struct {
	File string
	Line int // 1, 2, …; 0 when the file as a whole is meant
	Err  error
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	}
	return fmt.Sprintf("%s, line %d: %v", e.File, e.Line, e.Err)
}

// Unwrap gives the cause.
func (e *FileError) Unwrap() error { return e.Err }
