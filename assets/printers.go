package assets

import _ "embed" // the two files below

// Printers is what is known of receipt printers by their models: a part of the ESC/POS
// printer database of receipt-print-hq (CC BY 4.0; the file names its source and what was
// left out), and PrinterCorrections, this program's own layer over it with a source for
// each line. devices/printer reads both.
var (
	//go:embed printers/capabilities.json
	Printers []byte
	//go:embed printers/veratill.json
	PrinterCorrections []byte
)
