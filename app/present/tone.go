package present

import "veratill/txn"

// Tone is what a colour means. The meaning never changes from screen to screen,
// and a tone never stands alone: an icon and a word go with it.
type Tone string

// The tones of the palette.
const (
	Plain    Tone = "plain"
	Muted    Tone = "muted"
	Waiting  Tone = "waiting"  // blue, ring
	Good     Tone = "approved" // green, tick
	Bad      Tone = "declined" // red, cross
	Unknown  Tone = "unknown"  // violet, question mark
	Warning  Tone = "warning"  // amber, triangle
	Training Tone = "training" // orange
)

// toneOf is the tone of an attempt's state.
func toneOfBill(s txn.BillState) Tone {
	switch s {
	case txn.BillPaid:
		return Good
	case txn.BillPartPaid:
		return Warning
	case txn.BillOpen:
		return Waiting
	}
	return Muted
}

func toneOf(s txn.State) Tone {
	switch s {
	case txn.Approved:
		return Good
	case txn.Declined:
		return Bad
	case txn.Reversing, txn.Unresolved:
		return Unknown
	case txn.Claimed, txn.Kept:
		return Warning
	case txn.Reversed, txn.Voided:
		return Muted
	default:
		return Waiting
	}
}

// ToneOfHealth is the tone of a chip.
func ToneOfHealth(h Health) Tone {
	switch h {
	case Ready:
		return Good
	case Busy:
		return Waiting
	case Attention:
		return Warning
	default:
		return Bad
	}
}
