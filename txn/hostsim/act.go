package hostsim

import (
	"fmt"
	"time"

	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
)

// act lets an answer out, or does with it what the rule says. The book is written already.
func (h *Host) act(l *line, r request, m iso8583.Message, rule Rule) {
	if h.cfg.Echoes && r.Has(12) {
		m.Copy(r.Message, 12, 13)
	}
	for n, text := range rule.Fields {
		m.Set(n, text)
	}
	switch rule.Do {
	case Silent:
	case CutAfter, CutBefore:
		l.conn.Close()
	case Restart:
		h.forgetKeys()
		h.cutAll()
	case Late:
		h.holdBack(l, r, m, rule)
	case Delay:
		time.AfterFunc(rule.wait(), func() { h.send(l, r, m) })
	case Twice:
		h.send(l, r, m)
		h.send(l, r, m)
	case Garbage:
		l.write(h.cfg.Profile.Frame([]byte("this is no message at all"), &r.headers))
	case Oversized:
		l.write([]byte{0xFF, 0xFF, 0, 0, 0, 0})
	default:
		h.sendAltered(l, r, m, rule.Do)
	}
}

// sendAltered sends an answer with the one thing wrong that is asked for.
func (h *Host) sendAltered(l *line, r request, m iso8583.Message, do Do) {
	if do == WrongMAC && !h.cfg.Profile.MAC {
		do = WrongAmount
	}
	switch do {
	case WrongAmount:
		m.Set(4, fmt.Sprintf("%012d", 1+number(m.Get(4))))
	case WrongSTAN:
		m.Set(11, fmt.Sprintf("%06d", 1+number(m.Get(11))%999999))
	case WrongTerminal:
		m.Set(41, "OTHER001")
	}
	frame, err := h.frame(r, m)
	if err != nil {
		h.say(err.Error())
		return
	}
	switch do {
	case WrongMAC:
		frame[len(frame)-1] ^= 1
	case Truncated:
		l.write(frame[:len(frame)/2])
		l.conn.Close()
		return
	}
	h.say("> " + oneLine(m))
	l.write(frame)
}

func (h *Host) send(l *line, r request, m iso8583.Message) { h.sendAltered(l, r, m, Answer) }

// holdBack answers when the till's reversal shows that it has given up, or at last after a while.
func (h *Host) holdBack(l *line, r request, m iso8583.Message, rule Rule) {
	asked, err := bank.Read(h.cfg.Profile, r.Message)
	if err != nil {
		h.send(l, r, m)
		return
	}
	late := &lateAnswer{}
	late.send = func(on *line) { late.once.Do(func() { h.send(on, r, m) }) }
	h.mu.Lock()
	h.late[asked.Key] = late
	h.mu.Unlock()
	wait := rule.wait()
	if wait == 0 {
		wait = defaultLate
	}
	time.AfterFunc(wait, func() { late.send(l) })
}

func (h *Host) forgetKeys() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.keys)
}

func number(text string) (n int64) {
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil {
		return 0
	}
	return n
}
