package present

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/money"
)

// AuditEntry is what a record of the journal says of people or rules.
type AuditEntry struct {
	Seq     int64        `json:"entry"`
	AtMs    int64        `json:"atMs"`
	By      string       `json:"by"`
	For     string       `json:"for,omitempty"`
	Why     string       `json:"why,omitempty"`
	Kind    string       `json:"kind"` // one of a closed set of words
	Number  int64        `json:"number,omitempty"`
	State   string       `json:"state,omitempty"` // of a case
	Attempt txn.ID       `json:"attempt,omitempty"`
	Amount  money.Amount `json:"amount,omitzero"`
	Detail  string       `json:"detail,omitempty"` // as somebody typed it, or a word of a closed set
}

// AuditPage is what a look back found.
type AuditPage struct {
	Entries []AuditEntry `json:"entries"`
	More    bool         `json:"more"` // there is more behind it
}

// LogLine is a line of the program's log.
type LogLine struct {
	At    time.Time
	Level string
	What  string
	Whole string // as it stands in the file
}

// Check is what the till found of itself and of this computer.
type Check struct {
	Name   string
	Level  string // ok, warning or bad
	Detail string // the program's own text
}

// AuditRow is an entry in a list.
func (w *Words) AuditRow(e AuditEntry) EntryRow {
	at := time.UnixMilli(e.AtMs)
	row := EntryRow{Tone: Plain, Time: at.Format("2006-01-02 15:04:05"), Title: w.auditWhat(e), Small: joined(w.auditWho(e), w.auditDetail(e)), State: strconv.FormatInt(e.Seq, 10)}
	if e.Amount.Minor != 0 {
		row.Amount = Money(e.Amount.Minor, e.Amount.Currency)
	}
	switch e.Kind {
	case "numbers-moved", "renewed", "newer", "settled differed", "settled answered no", "settled lost":
		row.Tone = Warning
	}
	return row
}

// auditDetail is what somebody typed, or the words of a closed set in this language.
func (w *Words) auditDetail(e AuditEntry) string {
	if e.Kind == "numbers-moved" {
		return w.Closed("audit.why.", e.Detail)
	}
	return e.Detail
}

func (w *Words) auditWhat(e AuditEntry) string {
	what := w.Text("audit."+slug(e.Kind), "n", strconv.FormatInt(e.Number, 10))
	if e.State != "" {
		what = joined(what, w.CaseState(txn.CaseState(e.State)))
	}
	if e.Attempt != 0 {
		what = joined(what, w.Text("audit.attempt", "n", e.Attempt.String()))
	}
	return what
}

// auditWho is who did it, for whom and why.
func (w *Words) auditWho(e AuditEntry) string {
	who := e.By
	if who == txn.ByTill.By {
		who = w.Text("audit.till")
	}
	if e.For != "" {
		who = w.Text("audit.for", "who", who, "for", e.For)
	}
	return joined(who, e.Why)
}

// AuditHas reports whether an entry has every word of what is looked for, in whatever language the words are: a day, a person, a kind, a number.
func (w *Words) AuditHas(text string) func(AuditEntry) bool {
	return func(e AuditEntry) bool {
		row := w.AuditRow(e)
		return hasWords(strings.Join([]string{row.Time, row.Title, row.Small, row.Amount, row.State, w.Date(time.UnixMilli(e.AtMs))}, " "), text)
	}
}

// hasWords reports whether a text has every word of what is looked for.
func hasWords(text, looked string) bool {
	text = strings.ToLower(text)
	for word := range strings.FieldsSeq(strings.ToLower(looked)) {
		//mutant:a-search-wants-every-word
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// AuditNote says what a look back found.
func AuditNote(p AuditPage) Note {
	key := "audit.title"
	switch {
	case len(p.Entries) == 0:
		key = "audit.none"
	case p.More:
		key = "audit.more"
	}
	return Note{Tone: Plain, Key: key, Pairs: []string{"n", strconv.Itoa(len(p.Entries))}}
}

// LogRow is a line of the log in a list.
func (w *Words) LogRow(l LogLine) EntryRow {
	row := EntryRow{Tone: Plain, Time: l.At.Local().Format("2006-01-02 15:04:05"), Title: l.What, State: w.Closed("log.", strings.ToLower(l.Level))}
	switch l.Level {
	case "ERROR":
		row.Tone = Bad
	case "WARN":
		row.Tone = Warning
	}
	return row
}

// LogWith are the lines that have every word of what is looked for.
func LogWith(all []LogLine, text string) []LogLine {
	return slices.DeleteFunc(slices.Clone(all), func(l LogLine) bool { return !hasWords(l.At.Local().Format(time.DateTime)+" "+l.Whole, text) })
}

// LogNote says what there is of the log.
func LogNote(shown, all int) Note {
	key := "log.title"
	if shown == 0 {
		key = "log.none"
	}
	return Note{Tone: Plain, Key: key, Pairs: []string{"n", strconv.Itoa(shown), "all", strconv.Itoa(all)}}
}

// Roles are who sees to what a check found, in the order in which a page shows them.
var checkRoles = []string{"cashier", "manager", "installer"}

// roleOf is who sees to a check; what is on no list is the installer's.
func roleOf(name string) string {
	switch name {
	case string(Reader), string(Printer), string(Scanner):
		return "cashier"
	case "backup", "numbers", "payments not known yet", "settlement", "articles", "printer's signs", string(Bank), "payment codes":
		return "manager"
	}
	return "installer"
}

// CheckRole is a heading of the doctor's page with what is under it: what has to be looked at first.
type CheckRole struct {
	Heading string
	Checks  []Check
}

// CheckRoles puts checks under those who see to them.
func (w *Words) CheckRoles(all []Check) (roles []CheckRole) {
	for _, role := range checkRoles {
		of := slices.DeleteFunc(slices.Clone(all), func(c Check) bool { return roleOf(c.Name) != role })
		slices.SortStableFunc(of, func(a, b Check) int { return cmp.Compare(levelRank(b.Level), levelRank(a.Level)) })
		if len(of) > 0 {
			roles = append(roles, CheckRole{w.Text("check.role." + role), of})
		}
	}
	return roles
}

func levelRank(level string) int { return slices.Index([]string{"ok", "warning", "bad"}, level) }

// CheckRow is a check in a list.
func (w *Words) CheckRow(c Check) EntryRow {
	tone := map[string]Tone{"ok": Good, "warning": Warning, "bad": Bad}[c.Level]
	return EntryRow{Tone: tone, Title: w.Closed("check.", c.Name), State: w.Text("check.level." + c.Level)}
}

// ChecksNote says what the checks come to.
func ChecksNote(all []Check) Note {
	worst := 0
	for _, c := range all {
		worst = max(worst, levelRank(c.Level))
	}
	return [...]Note{{Tone: Good, Key: "check.good"}, {Tone: Warning, Key: "check.warning"}, {Tone: Bad, Key: "check.bad"}}[worst]
}
