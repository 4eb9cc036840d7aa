package present

import "strings"

// Device is one that stands on the counter, or that the settings name and is not there.
type Device struct {
	Address string // as the settings have it
	Uses    []Part // what it can be used as, the likeliest first; a serial line may be several things
	InUse   Part   // what it is used as now; empty when it is not
	Name    string // maker and product, as it says
	Serial  string
	Where   string // its socket or line
	Problem string // a closed word as on a chip, such as "port denied"; empty when nothing is known against it
	Detail  string // what the system said, and what to do; never card data
}

// Swipe is what may be shown of a card that was only tried.
type Swipe struct {
	Masked string
	Scheme string
	Chip   bool   // read from the chip, not from the stripe
	Code   string // a closed word when it would be refused here: "card expired", "chip card swiped"
}

// Drawer is what the cash drawer's sensor says.
type Drawer string

// The states of a drawer. Not every drawer has a sensor.
const (
	DrawerUnknown Drawer = "unknown"
	DrawerOpen    Drawer = "open"
	DrawerClosed  Drawer = "closed"
)

// PrinterAddress makes an address of what a person types: a bare host or IP is a network printer.
func PrinterAddress(typed string) string {
	typed = strings.TrimSpace(typed)
	if strings.Contains(typed, "://") || strings.HasPrefix(typed, "serial:") || strings.HasPrefix(typed, "usb:") || strings.HasPrefix(typed, "windows:") {
		return typed
	}
	return "tcp://" + typed
}

// DeviceTitle is what a device is called on the screen.
func (w *Words) DeviceTitle(d Device) string {
	switch {
	case d.Name != "":
		return d.Name
	case strings.HasPrefix(d.Address, "wedge:"):
		return w.Text("devices.wedge")
	case strings.HasPrefix(d.Address, "virtual:"):
		return w.Text("devices.virtual")
	}
	return d.Address
}

// DeviceRow is a line of the list of devices: its name, what it is, and how it stands.
func (w *Words) DeviceRow(d Device) (title, note, state string, tone Tone) {
	title = w.DeviceTitle(d)
	note = d.Where
	if d.Serial != "" {
		note += " · " + d.Serial
	}
	switch {
	case d.Problem != "":
		return title, note, w.Closed("chip.", d.Problem), Warning
	case d.InUse != "":
		return title, note, w.Text("devices.in-use", "part", w.Text("part."+string(d.InUse))), Good
	}
	return title, note, w.Text("devices.free"), Plain
}

// DeviceFacts are what the page says of the marked device.
func (w *Words) DeviceFacts(d Device) []Fact {
	facts := []Fact{{Label: w.Text("device.address"), Value: d.Address}}
	if d.Where != "" {
		facts = append(facts, Fact{Label: w.Text("devices.where"), Value: d.Where})
	}
	if d.Serial != "" {
		facts = append(facts, Fact{Label: w.Text("devices.serial"), Value: d.Serial})
	}
	return facts
}

// DeviceMessage is the sentence about the marked device: what it is, and what to do with it.
func (w *Words) DeviceMessage(d Device) Message {
	title, _, state, tone := w.DeviceRow(d)
	m := Message{Tone: tone, What: w.Text("device.head", "part", title, "word", state)}
	switch {
	case d.Problem != "":
		m.Next, m.Detail = w.Text("devices.problem"), d.Detail
		if key := "chip." + slug(d.Problem) + ".next"; w.Has(key) {
			m.Next = w.Text(key)
		}
	case d.InUse != "":
		m.Next = w.Text("devices.in-use.next")
	case len(d.Uses) > 0:
		m.Next = w.Text("devices.free.next", "part", w.Text("part."+string(d.Uses[0])))
	}
	return m
}

// Swiped is the result of a try with a card.
func (w *Words) Swiped(s Swipe) Message {
	way := "devices.swiped.stripe"
	if s.Chip {
		way = "devices.swiped.chip"
	}
	m := Message{Tone: Good, What: w.Text(way), Next: w.Scheme(s.Scheme) + " " + s.Masked, Small: w.Text("devices.swiped.nothing")}
	if s.Code != "" {
		m.Tone, m.Small = Warning, w.Closed("code.", s.Code)
	}
	return m
}
