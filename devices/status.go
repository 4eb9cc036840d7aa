package devices

import "time"

// Health is how a device is, in one word for a status chip.
type Health uint8

// The healths. The zero value is Offline: what has not been heard of is not ready.
const (
	Offline   Health = iota // cannot be reached, or says so itself
	Ready                   // will do what it is asked
	Busy                    // at work
	Attention               // works now, but a person should see to it
)

var healthNames = [...]string{"offline", "ready", "busy", "attention"}

// String is the code as it stands in logs and JSON.
func (h Health) String() string {
	if int(h) < len(healthNames) {
		return healthNames[h]
	}
	return "unknown"
}

// Reason is why a device is not simply ready.
type Reason string

// The reasons. Codes only: what a screen says of them is the screen's.
const (
	None         Reason = ""
	Unreachable  Reason = "unreachable"   // no connection: cable, address, power
	Connecting   Reason = "connecting"    // the first connection is being made: a job may be given and waits for it
	NoAnswer     Reason = "no answer"     // connected, but tells no status
	SaysOffline  Reason = "offline"       // the device reports it without a cause
	PaperOut     Reason = "paper out"     //
	PaperNearEnd Reason = "near end"      // near its end; still prints
	CoverOpen    Reason = "cover open"    //
	Cutter       Reason = "cutter"        // jammed
	Mechanical   Reason = "mechanical"    // a recoverable fault
	Broken       Reason = "broken"        // an unrecoverable fault: switch off and call
	Hot          Reason = "hot"           // goes away by itself
	Feeding      Reason = "feeding"       // a person holds the feed button
	PortMissing  Reason = "port missing"  // no such serial port
	PortDenied   Reason = "port denied"   // no permission for it
	PortBusy     Reason = "port busy"     // another program has it
	Interrupted  Reason = "interrupted"   // the connection broke while at work
	TimedOut     Reason = "timed out"     // no proof came in time
	Closed       Reason = "closed"        // the till has closed it
	FileDamaged  Reason = "file damaged"  // a virtual device's file cannot be read
	Cancelled    Reason = "cancelled"     // the till gave up waiting
	Clearing     Reason = "clearing"      // waits for the device to forget a job
	BadJob       Reason = "bad job"       // nothing that could be sent
	Unplugged    Reason = "unplugged"     // it was, or it is not on the bus
	Refused      Reason = "refused"       // the device refuses a request (a USB stall)
	NotSupported Reason = "not supported" // this build or system has no way to such a device
)

// Status is a device's state, since a time.
type Status struct {
	Health Health
	Reason Reason
	Since  time.Time // when Health or Reason last changed
	Detail string    // the last error, for the device's page and the log; never card data
}

// Same reports whether a screen would show both alike.
func (s Status) Same(o Status) bool { return s.Health == o.Health && s.Reason == o.Reason }
