package present

import "veratill/txn/sale"

// UpdateStep is what is done before an update is installed.
type UpdateStep string

// The closed set of steps, in order.
const (
	UpdateFetching  UpdateStep = "fetching"
	UpdateBackingUp UpdateStep = "backing up"
	UpdateChecking  UpdateStep = "checking" // the backup
	UpdateClosing   UpdateStep = "closing"  // the till, to be opened again
)

// UpdateSteps lists the closed set.
var UpdateSteps = []UpdateStep{UpdateFetching, UpdateBackingUp, UpdateChecking, UpdateClosing}

// Update is what is known of updates of this till. The zero value is a till that asks nobody.
type Update struct {
	SetUp     bool
	State     string // a closed word, empty where none is known: offered, backed up, installing, trial, good, went back
	Version   string // of the newer one
	From      string // the version before it
	Notes     sale.Name
	Fault     string // closed word: what kept it from going on, or why it went back
	Detail    string // small print
	Hindrance string // closed word: why it can't be installed now, though it is on offer
	News      bool   // it was not installed or went back, and nobody was told yet
}

// Ready reports whether it can be installed now.
func (u Update) Ready() bool {
	return (u.State == "offered" || u.State == "backed up") && u.Hindrance == ""
}

// Retriable reports whether it can be put on offer once more.
func (u Update) Retriable() bool { return u.State == "went back" }

// UpdateFact is the row of the manager's page.
func (w *Words) UpdateFact(u Update) Fact {
	f := Fact{Label: w.Text("update.row"), Value: w.Text("update.none")}
	switch {
	case u.State != "" && u.State != "good":
		f.Value = w.Text("update.version", "version", u.Version, "state", w.Closed("update.state.", u.State))
	case !u.SetUp:
		f.Value = w.Text("update.off")
	}
	return f
}

// UpdateFaultNote is what a person is told of a fault: what happened, that no money moved, what to do next.
func UpdateFaultNote(code, detail string) Note {
	return Note{Tone: Warning, Key: "update.fault." + slug(code), Charged: "update.no-money", Detail: detail}
}

// UpdateBusy is what stands on the screen while an update is prepared.
func (w *Words) UpdateBusy(s UpdateStep) Message {
	return Message{Tone: Plain, What: w.Closed("update.busy.", string(s)), Charged: w.Text("update.no-money"), Next: w.Text("update.busy.wait")}
}

// UpdateAsk is the question before an update is installed.
func (w *Words) UpdateAsk(u Update) Message {
	return w.Tell(Note{Tone: Plain, Key: "update.ask", Pairs: []string{"version", u.Version, "notes", w.Name(u.Notes)}}, "CNY")
}

// UpdateNews is what is told first after a version went back, or was not installed.
func (u Update) UpdateNews() Note {
	if !u.Retriable() {
		return UpdateFaultNote(u.Fault, u.Detail)
	}
	return Note{Tone: Warning, Key: "update.back", Pairs: []string{"version", u.Version, "from", u.From}}
}
