package devices

// Kind is what a device is for.
type Kind string

// The kinds. SerialLine is a port behind which anything may be.
const (
	PrinterKind Kind = "printer"
	ReaderKind  Kind = "reader"
	ScannerKind Kind = "scanner"
	SerialLine  Kind = "serial"
)

// Found is a device that stands on the counter, as a list shows it.
type Found struct {
	URL          URL
	Kind         Kind
	Maker        string // as the device says; empty where it says nothing
	Product      string
	SerialNumber string // empty where it has none: then only its numbers tell it from others
	Where        string // the socket, such as "bus 1 port 2", or the name of a line
	// Problem is why it can't be opened as it is; None when nothing is known against it.
	Problem Reason
	Detail  string // what to do about Problem, for the device's page
}

// Name is what a person calls it: its maker and product, or its address.
func (f Found) Name() string {
	switch {
	case f.Maker != "" && f.Product != "":
		return f.Maker + " " + f.Product
	case f.Maker+f.Product != "":
		return f.Maker + f.Product
	}
	return f.URL.String()
}
