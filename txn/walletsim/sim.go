// Package walletsim is four providers of payment codes in a box: WeChat Pay (API v3), Alipay, UnionPay QR, and an aggregator in the manner of
// 收钱吧. It stands in for them in the tests and in the demonstration, and other tills may be tried with it. Each provider's requests are
// verified, and its answers signed, with keys that it makes. Its ledger is durable before it answers, and a script makes it misbehave in
// every way that a provider or a network does.
package walletsim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Config of a simulator.
type Config struct {
	Keys   *Keys
	Ledger string  // file; empty keeps the book in memory
	Script *Script // nil lets the amounts decide
	Now    func() time.Time
	// Log is told one line a request, without payment codes; nil for silence.
	Log func(line string)
}

// Sim is the four providers.
type Sim struct {
	cfg    Config
	mu     sync.Mutex
	ledger *ledger
	last   map[string]reply  // by provider and question: what a replay says again
	faces  map[string]face   // by provider
	shown  map[string]string // payment codes by provider and number, for echoes: they are in no file
}

// asked is a request as every provider understands it.
type asked struct {
	provider    string
	question    string
	number      string
	back        string
	amountMinor int64
	backMinor   int64
	code        string
	partner     bool // asked by a service provider, for one of its shops
}

// The questions, as a script names them.
const (
	pay       = "pay"
	ask       = "ask"
	undo      = "undo"
	giveBack  = "give back"
	askedBack = "ask about giving back"
	checkIn   = "check in" // of the aggregator's terminal
)

var questions = []string{pay, ask, undo, giveBack, askedBack, checkIn}

// reply is an answer before anything was done to it on its way.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// face is how a provider looks from outside.
type face interface {
	// read verifies and reads a request; refusal is the answer to one that does not hold.
	read(r *http.Request, body []byte) (a asked, refusal *reply)
	// answer composes and signs what is said of an outcome; at is the provider's clock.
	answer(a asked, o outcome, at time.Time) reply
}

// china is the zone of the providers' days and moments.
var china = time.FixedZone("", 8*60*60)

// mostRequest bounds a request, in bytes.
const mostRequest = 64 << 10

// New opens the ledger. The simulator does nothing until Serve.
func New(cfg Config) (*Sim, error) {
	if cfg.Keys == nil {
		return nil, errors.New("a simulator needs keys")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Script == nil {
		cfg.Script = AmountScript()
	}
	book, err := openLedger(cfg.Ledger)
	if err != nil {
		return nil, err
	}
	k := cfg.Keys
	return &Sim{cfg: cfg, ledger: book, last: map[string]reply{}, shown: map[string]string{}, faces: map[string]face{"wechat": &weChat{k, cfg.Now}, "alipay": &aliPay{k}, "unionpay": &unionPay{k}, "upay": &upay{k, cfg.Now}}}, nil
}

// Serve answers until ctx ends or the listener fails, with TLS where secure is asked for. It closes the listener.
func (s *Sim) Serve(ctx context.Context, listener net.Listener, secure bool) error {
	server := &http.Server{Handler: s, ReadHeaderTimeout: 30 * time.Second, ErrorLog: nil}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	var err error
	if secure {
		server.TLSConfig = s.cfg.Keys.tls()
		err = server.ServeTLS(listener, "", "")
	} else {
		err = server.Serve(listener)
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// Orders is the book as it stands, oldest first.
func (s *Sim) Orders() []Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ledger.settle(s.cfg.Now().UnixMilli()) // what customers typed since; an error is met by the next request
	return s.ledger.orders()
}

// faceOf says whose request a path is.
func (s *Sim) faceOf(path string) face {
	switch {
	case strings.HasPrefix(path, "/v3/"):
		return s.faces["wechat"]
	case path == "/gateway.do":
		return s.faces["alipay"]
	case strings.HasPrefix(path, "/qrcGtwWeb-web/"):
		return s.faces["unionpay"]
	case strings.HasPrefix(path, "/upay/v2/"), path == "/terminal/checkin":
		return s.faces["upay"]
	}
	return nil
}

// ServeHTTP implements http.Handler.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostRequest))
	f := s.faceOf(r.URL.Path)
	if err != nil || f == nil {
		s.say("no question: %s %.60s", r.Method, r.URL.Path)
		http.Error(w, "this is none of the four providers' questions", http.StatusNotFound)
		return
	}
	a, refusal := f.read(r, body)
	if refusal != nil {
		s.say("%s %s %s: refused: %.200s", a.provider, a.question, a.number, refusal.body)
		write(w, *refusal)
		return
	}
	rule := s.rule(a)
	s.say("%s %s %s %d: %s", a.provider, a.question, a.number, a.amountMinor+a.backMinor, rule.Do)
	if rule.Do == CutBefore {
		cut(w)
		return
	}
	o, err := s.decide(a, rule)
	if err != nil { // nobody hears of what the ledger does not hold
		s.say("ledger: %v", err)
		cut(w)
		return
	}
	s.act(w, r, a, rule, s.reply(f, a, o, rule))
}

// rule picks what the script says of a request.
func (s *Sim) rule(a asked) Rule {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.question != pay { // a rule goes by what was paid
		if o, ok := s.ledger.byNumber[a.provider+" "+a.number]; ok {
			a.amountMinor, a.code = o.AmountMinor, o.Code
		} else if o := s.ledger.ofBack(a); a.question == askedBack && o != nil {
			a.amountMinor, a.code = o.AmountMinor, o.Code
		}
	}
	return s.cfg.Script.find(a)
}

// reply composes an answer, and keeps it for a replay.
func (s *Sim) reply(f face, a asked, o outcome, rule Rule) reply {
	at := s.cfg.Now()
	if rule.Echo {
		o.echo = s.shownFor(a, o)
	}
	switch rule.Do {
	case OtherAmount:
		o.order.AmountMinor++
		o.back.AmountMinor++
		o.order.Backs = slices.Clone(o.order.Backs)
		for i := range o.order.Backs {
			o.order.Backs[i].AmountMinor++
		}
	case OtherNumber:
		if o.back.Number = "1" + o.back.Number; a.question != giveBack && a.question != askedBack {
			o.order.Number = another(o.order.Number)
		}
	case Contradicting:
		o.contradicts = true
	case WrongClock:
		at = at.Add(rule.wait())
	}
	made := f.answer(a, o, at)
	s.mu.Lock()
	defer s.mu.Unlock()
	before, known := s.last[a.provider]
	if rule.Do == Replay && known {
		return before
	}
	s.last[a.provider] = made
	return made
}

// shownFor is the payment code of an order.
func (s *Sim) shownFor(a asked, o outcome) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown[a.provider+" "+orElse(a.number, o.order.Number)]
}

// another is a number that is not the one that was asked about.
func another(number string) string {
	if strings.HasPrefix(number, "1") {
		return "2" + number[1:]
	}
	return "1" + number[min(1, len(number)):]
}

func (s *Sim) say(format string, values ...any) {
	if s.cfg.Log != nil {
		s.cfg.Log(fmt.Sprintf(format, values...))
	}
}
