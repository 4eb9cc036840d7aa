package present

// Sign is what a typed character means: whatever the layout of the keyboard, or the language that is typed in, a figure is a figure, and
// a comma or a Chinese full stop is the decimal mark.
func Sign(x rune) rune {
	switch {
	case x >= '０' && x <= '９':
		return x - '０' + '0'
	case x == ',' || x == '，' || x == '。' || x == '．':
		return '.'
	case x == '＋':
		return '+'
	case x == '－' || x == '−':
		return '-'
	case x == '＊' || x == '×':
		return '*'
	}
	return x
}

// NotUnderstood says that a character was not taken: nothing that is typed is passed over in silence.
func NotUnderstood(x rune) Note {
	return Note{Tone: Warning, Key: "pad.not-understood", Pairs: []string{"sign", string(x)}}
}
