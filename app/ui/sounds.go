package ui

import (
	"veratill/app/present"
	"veratill/app/sound"
	"veratill/txn"
)

// sound plays a sound, unless the cashier wants none.
func (t *till) sound(k sound.Kind) {
	//mutant:sounds-can-be-switched-off
	if !t.silent && t.opts.Sound != nil {
		t.opts.Sound(k)
	}
}

// switchSound switches the sounds off or on, for the next start too.
func (t *till) switchSound() {
	t.silent = !t.silent
	word := "on"
	if t.silent {
		word = "off"
	}
	t.keep("sound", word)
	t.sound(sound.Taken)
	t.dress(t.kit.look)
}

// ofResult is what the end of a payment or a void sounds like.
func ofResult(r present.Result) sound.Kind {
	switch a := r.Attempt; {
	case !r.Begun() && r.Charged == txn.ChargedNo:
		return sound.Refused
	//mutant:what-is-not-known-sounds-so
	case a.State != txn.Claimed && r.Charged == txn.ChargedUnknown || a.Open():
		return sound.Unknown
	case a.State == txn.Declined || a.State == txn.Reversed:
		return sound.Declined
	}
	return sound.Approved
}
