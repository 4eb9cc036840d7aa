package hostsim

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
)

// defaultLate is when a late answer comes if no reversal does: after the longest reply wait.
const defaultLate = 95 * time.Second

// Config of a host.
type Config struct {
	Profile   *iso8583.Profile
	MasterKey []byte  // 16 bytes, for profiles with a MAC
	Ledger    string  // file; empty keeps the book in memory
	Script    *Script // nil lets the amounts decide
	// Before is asked before the script, with a message's type and amount; nil, and a nil answer, leave it to that.
	Before   func(mti string, amountMinor int64) *Rule
	KeyBytes int // DE62 of a sign-in: 24, 40 (default) or 60
	Now      func() time.Time
	// Values says what an answer holds where that is the bank's to choose. Nil gives what people
	// can read: RRNs that count, six random digits for an approval code, and the time by Now.
	Values bank.Source
	// Log is told one redacted line a message; nil for silence.
	Log func(line string)
	// Matching is what the bank knows a payment again by, Repeats that it answers a known number with what it said first in place of 94,
	// and Doubles that it says 94 of a sale with the card and the amount of the one before.
	Matching bank.Matching
	Repeats  bool
	Doubles  bool
	// Overnight says that it keeps what it approved on an earlier day (bank.Book), and Echoes that it says DE12 and DE13 of a request back, in place of a time of its own.
	Overnight bool
	Echoes    bool
}

// Host is the simulated bank.
type Host struct {
	cfg Config

	mu     sync.Mutex
	ledger *ledger
	keys   map[string][]byte // MAK by terminal, since its sign-in
	lines  map[*line]bool
	late   map[bank.Key]*lateAnswer
	last   sold // of a bank that looks for doubles
}

// lateAnswer waits for the till to give up.
type lateAnswer struct {
	once sync.Once
	send func(on *line)
}

// New opens the ledger. The host does nothing until Serve.
func New(cfg Config) (*Host, error) {
	if cfg.Profile == nil {
		return nil, errors.New("a host needs a profile")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.KeyBytes == 0 {
		cfg.KeyBytes = 40
	}
	if cfg.Script == nil {
		cfg.Script = amountScript()
	}
	book, err := openLedger(cfg.Ledger)
	if err != nil {
		return nil, err
	}
	book.book.Matching, book.book.Repeats, book.book.Overnight = cfg.Matching, cfg.Repeats, cfg.Overnight
	return &Host{cfg: cfg, ledger: book, keys: map[string][]byte{},
		lines: map[*line]bool{}, late: map[bank.Key]*lateAnswer{}}, nil
}

// line is one till's connection.
type line struct {
	conn net.Conn
	mu   sync.Mutex
}

func (l *line) write(frame []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	if _, err := l.conn.Write(frame); err != nil {
		l.conn.Close() // the reader notices and ends
	}
}

// Serve answers until ctx ends or the listener fails. It closes the listener.
func (h *Host) Serve(ctx context.Context, listener net.Listener) error {
	stop := context.AfterFunc(ctx, func() { listener.Close(); h.cutAll() })
	defer stop()
	var running sync.WaitGroup
	defer running.Wait()
	for {
		conn, err := listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		l := &line{conn: conn}
		h.mu.Lock()
		h.lines[l] = true
		h.mu.Unlock()
		running.Go(func() { h.attend(l) })
	}
}

// Rows is the book as it stands: the newest row of each number.
func (h *Host) Rows() []bank.Row {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ledger.book.Rows()
}

// Closings are what the book holds of settlements, with the payments of their uploads.
func (h *Host) Closings() ([]bank.Closing, []bank.Item) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ledger.book.Closings()
}

func (h *Host) cutAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.lines {
		l.conn.Close()
	}
}

func (h *Host) attend(l *line) {
	defer func() {
		l.conn.Close()
		h.mu.Lock()
		delete(h.lines, l)
		h.mu.Unlock()
	}()
	in := bufio.NewReader(l.conn)
	for {
		body, headers, err := h.cfg.Profile.ReadFrame(in)
		if errors.Is(err, iso8583.ErrUnreadable) {
			h.say("unreadable frame")
			continue
		}
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
				h.say("line ended: " + err.Error())
			}
			return
		}
		m, err := h.cfg.Profile.Unpack(body)
		if err != nil {
			h.say(err.Error())
			continue
		}
		h.say("< " + oneLine(m))
		h.handle(l, request{Message: m, body: body, headers: headers})
	}
}

func (h *Host) say(text string) {
	if h.cfg.Log != nil {
		h.cfg.Log(text)
	}
}

func oneLine(m iso8583.Message) string { return strings.ReplaceAll(m.Redacted(), "\n", " ") }

// request is a message with the bytes that its MAC is over.
type request struct {
	iso8583.Message
	body    []byte
	headers iso8583.Headers
}

func (h *Host) handle(l *line, r request) {
	if len(r.MTI) == 4 && (r.MTI[2]-'0')%2 == 1 {
		h.say("an answer, not a request")
		return
	}
	switch r.MTI[1] {
	case '8':
		h.network(l, r)
	case '2', '4':
		h.money(l, r)
	case '3', '5':
		h.settle(l, r)
	default:
		h.reply(l, r, h.answer(r, "12"))
	}
}

// network answers sign-in, echo and sign-off.
func (h *Host) network(l *line, r request) {
	m := h.answer(r, "00")
	wanted := r.Get(70)
	if text := r.Get(60); len(text) >= 11 && h.cfg.Profile.Style == iso8583.UnionPayPOS {
		wanted = text[8:11]
	}
	if h.cfg.Profile.MAC && r.MTI == "0800" && (wanted == "001" || wanted == "003" || wanted == "004") {
		private, err := h.newKeys(trim(r.Get(41)))
		if err != nil {
			m.Set(39, "96")
			h.say(err.Error())
		} else {
			m.Set(62, string(private))
		}
	}
	h.act(l, r, m, h.rule(r, 0, false))
}

// newKeys makes the working keys of a terminal and wraps them for it.
func (h *Host) newKeys(terminal string) ([]byte, error) {
	sizes := map[int][]int{24: {8, 8}, 40: {16, 16}, 60: {16, 16, 16}}[h.cfg.KeyBytes]
	var keys [][]byte
	for _, size := range sizes {
		key := make([]byte, size)
		if _, err := rand.Read(key); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	private, err := iso8583.SealKeys(h.cfg.MasterKey, keys...)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keys[terminal] = keys[1]
	return private, nil
}

func (h *Host) mak(r request) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.keys[trim(r.Get(41))]
}

// answer is one that decides nothing about money.
func (h *Host) answer(r request, code string) iso8583.Message {
	h.mu.Lock()
	defer h.mu.Unlock()
	return bank.Answer(h.cfg.Profile, r.Message, code, h.source())
}

func (h *Host) reply(l *line, r request, m iso8583.Message) { h.act(l, r, m, Rule{Do: Answer}) }

func (h *Host) rule(r request, amountMinor int64, void bool) Rule {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cfg.Before != nil {
		if rule := h.cfg.Before(r.MTI, amountMinor); rule != nil {
			return *rule
		}
	}
	return h.cfg.Script.find(r.MTI, panOf(r), amountMinor, void)
}

// panOf is the number of the card that a message is about: its own field, or the beginning of the track.
func panOf(r request) string {
	if pan := r.Get(2); pan != "" {
		return pan
	}
	pan, _, _ := strings.Cut(strings.ReplaceAll(r.Get(35), "D", "="), "=")
	return pan
}

func trim(text string) string { return strings.TrimSpace(text) }

// frame seals an answer with the terminal's key; without one it goes out unsigned.
func (h *Host) frame(r request, m iso8583.Message) ([]byte, error) {
	mak := h.mak(r)
	var body []byte
	var err error
	if mak == nil {
		body, err = h.cfg.Profile.Pack(m)
	} else {
		body, err = h.cfg.Profile.Seal(m, mak)
	}
	if err != nil {
		return nil, fmt.Errorf("answer: %w", err)
	}
	return h.cfg.Profile.Frame(body, &r.headers), nil
}
