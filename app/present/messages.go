package present

import (
	"strconv"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/messages"
)

// MessageRow is a message with the bank in a list.
func (w *Words) MessageRow(m messages.Message) EntryRow {
	tone := map[messages.Way]Tone{messages.Sent: Plain, messages.Received: Plain, messages.Late: Warning, messages.Nothing: Unknown}[m.Way]
	return EntryRow{Tone: tone, Time: time.UnixMilli(m.AtMs).Format("15:04:05.000"), Title: w.Closed("message.", string(m.Way)), Small: m.Kind, State: w.says(m.Verdict)}
}

// says is what a message was taken to mean. A verdict is a word of a closed set, which another one may follow that says why: the first one is told,
// and one that has no words in this language is not.
func (w *Words) says(verdict string) string {
	for words := strings.Fields(strings.ReplaceAll(verdict, ",", "")); len(words) > 0; words = words[:len(words)-1] {
		if key := "message.says." + strings.Join(words, "-"); w.Has(key) {
			return w.Text(key)
		}
	}
	return ""
}

// CodeOf is the code of an answer of a bank (ISO 8583: DE39); empty where the message has none.
func CodeOf(m messages.Message) string {
	for _, f := range m.Fields {
		if name, _, _ := strings.Cut(f.Name, " "); name == "DE39" {
			return f.Value
		}
	}
	return ""
}

// MessageFields are the fields of a message: what is withheld has its length alone.
func (w *Words) MessageFields(m messages.Message) (fields []Fact) {
	for _, f := range m.Fields {
		value := f.Value
		if value == "" {
			value = w.Text("message.withheld", "n", strconv.Itoa(f.Length))
		}
		fields = append(fields, Fact{f.Name, value})
	}
	return fields
}

// MessagesNote says what there is of the messages about a payment.
func MessagesNote(k messages.Kept) Note {
	switch {
	case k.Altered > 0:
		return Note{Tone: Warning, Key: "messages.altered", Pairs: []string{"n", strconv.Itoa(k.Altered)}}
	case len(k.Messages) == 0:
		return Note{Tone: Plain, Key: "messages.none", Pairs: []string{"months", strconv.Itoa(messages.Months)}}
	}
	return Note{Tone: Plain, Key: "messages.title", Pairs: []string{"n", strconv.Itoa(len(k.Messages)), "line", k.Messages[0].Line}}
}

// HasMessages reports whether a line was asked about a payment: cash and a person's word have no messages.
func HasMessages(m txn.Matter) bool {
	return m.Attempt.ID != 0 && m.Attempt.Tender != txn.Cash && !m.Attempt.Tender.ByWord()
}
