package terminal

// shown are the words of an intermediate status for the cashier's screen, where the terminal sends no texts of its own (PA00P015 table 17). They are
// English: a terminal that knows the shop's language sends it.
func shown(state int) []string {
	text := map[int]string{0x00: "Confirm the amount", 0x01: "See the PIN pad", 0x02: "See the PIN pad", 0x03: "Not accepted", 0x04: "Waiting for the host", 0x05: "Undoing a payment",
		0x06: "Sending bookings", 0x07: "Card not admitted", 0x08: "Card unknown", 0x09: "Card expired", 0x0A: "Insert card", 0x0B: "Remove card", 0x0C: "Card not readable",
		0x0D: "Processing error", 0x0E: "Please wait", 0x0F: "End of day begins", 0x10: "Invalid card", 0x12: "System malfunction", 0x13: "Payment not possible",
		0x14: "Credit too low", 0x15: "Wrong PIN", 0x16: "Limit too low", 0x17: "Please wait", 0x18: "PIN wrong too often", 0x19: "Card data incorrect", 0x1A: "Service mode",
		0x1D: "Declined", 0x28: "Select the currency", 0x29: "Select the language", 0x2B: "Emergency mode", 0x2C: "Select the application", 0x68: "Card inserted",
		0x69: "Select the currency", 0xC8: "The terminal waits for you", 0xC9: "Diagnosis begins"}
	switch {
	case state >= 0x41 && state <= 0x5D && text[state-0x40] != "": // the same, and the card is to be taken
		return []string{text[state-0x40], "Remove card"}
	case text[state] != "":
		return []string{text[state]}
	}
	return nil
}
