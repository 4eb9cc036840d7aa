package printer

import (
	"context"
	"strings"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/escpos"
)

// Finding is what came of one question to a printer.
type Finding struct {
	Answer Answer
	Took   time.Duration // until the answer, or until it was given up
}

// Findings are what a printer says of itself and what it was seen to be able to do. What
// it says may be a lie: see Models.Propose.
type Findings struct {
	Maker, Model, Firmware, SerialNumber string // GS I 66, 67, 65, 68; empty where it says nothing
	Font                                 string // GS I 69: the font of its two-byte set

	RealTime  Finding // DLE EOT 1 to 4
	Automatic Finding // GS a
	Queued    Finding // GS r 1
	Drawer    Finding // GS r 2: the level of the drawer's sensor
	ProcessID Finding // GS ( H
	Clear     Finding // DLE DC4 8
	Names     Finding // GS I 65 to 69

	DrawerHigh bool           // the sensor's level, where Drawer or RealTime is Yes
	Offline    devices.Reason // why the queue's questions were not tried; None when they were
}

// Identifying is bounded: each question, and all of them together.
const (
	identifyWithin = 3 * time.Second
	questionWithin = 400 * time.Millisecond
)

// Identify asks a printer what it is and tries what it can, within 3 s from when it has its
// turn and a connection. Nothing comes out on paper; jobs wait meanwhile. Its buffers are
// empty afterwards where it can clear them. An offline printer works no questions off: they
// are NotTried, and Offline says why. The error is a *Fault for no connection, or one that ended.
func (d *Driver) Identify(ctx context.Context) (f Findings, err error) {
	err = d.use(ctx, func(l *link) error {
		ctx, cancel := context.WithTimeout(ctx, identifyWithin)
		defer cancel()
		f = d.question(ctx, l)
		if err := l.broken(); err != nil {
			return &Fault{port.ReasonOf(err), err}
		}
		return nil
	})
	return f, err
}

func (d *Driver) question(ctx context.Context, l *link) (f Findings) {
	limit := min(questionWithin, d.conf.ProbeTimeout)
	began := time.Now()
	f.RealTime = found(l.ask(began.Add(limit), ctx.Done()), began)
	v := l.look()
	f.DrawerHigh = v.status.DrawerHigh
	if health, reason := v.health(); v.known && health == devices.Offline {
		f.Offline = reason
	} else {
		d.questionQueue(ctx, l, limit, &f)
	}
	l.mu.Lock()
	cleared := l.cleared
	l.mu.Unlock()
	f.Clear = l.try(ctx, limit, escpos.AppendClearBuffers(nil), func() bool { return l.cleared > cleared })
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queuedAsked = max(l.queuedAsked, l.queuedSeen)
	l.queuedSeen = l.queuedAsked
	return f
}

// questionQueue asks what is answered in its place in the queue.
func (d *Driver) questionQueue(ctx context.Context, l *link, limit time.Duration, f *Findings) {
	l.mu.Lock()
	autos, seen, id := l.autos, l.queuedSeen, [4]byte{}
	l.mu.Unlock()
	f.Automatic = l.try(ctx, limit, escpos.AppendAutoStatus(nil), func() bool { return l.autos > autos })
	f.Queued = l.try(ctx, limit, escpos.AppendAskQueued(nil), func() bool { return l.queuedSeen > seen })
	if f.Queued.Answer == Yes {
		l.mu.Lock()
		seen = l.queuedSeen
		l.mu.Unlock()
		f.Drawer = l.try(ctx, limit, []byte{0x1D, 'r', 2}, func() bool { return l.queuedSeen > seen })
	}
	id = d.nextProbe()
	l.mu.Lock()
	l.probeID = id
	l.mu.Unlock()
	f.ProcessID = l.try(ctx, limit, escpos.AppendProof(nil, id), func() bool { return l.echo == id })
	began, silent := time.Now(), 0
	for _, q := range []struct {
		n  byte
		to *string
	}{{67, &f.Model}, {66, &f.Maker}, {65, &f.Firmware}, {68, &f.SerialNumber}, {69, &f.Font}} {
		if silent > 1 || ctx.Err() != nil {
			break // it does not answer such questions, and each costs its time
		}
		if text, ok := l.name(ctx, limit/2, q.n); ok {
			*q.to = text
			f.Names.Answer = Yes
		} else {
			silent++
		}
	}
	if f.Names.Took = time.Since(began); f.Names.Answer != Yes {
		f.Names.Answer = No
	}
}

func found(ok bool, began time.Time) Finding {
	if ok {
		return Finding{Yes, time.Since(began)}
	}
	return Finding{No, time.Since(began)}
}

// try sends a question and waits for its answer. Once ctx has ended it is NotTried.
func (l *link) try(ctx context.Context, limit time.Duration, question []byte, answered func() bool) Finding {
	if ctx.Err() != nil || l.broken() != nil {
		return Finding{}
	}
	began := time.Now()
	if l.send(began.Add(limit), question) != nil {
		return Finding{NotTried, time.Since(began)}
	}
	ok := l.wait(began.Add(limit), ctx.Done(), answered)
	if !ok {
		l.mu.Lock()
		l.demux.Reset() // an answer in bare letters may have looked like the beginning of another
		l.mu.Unlock()
	}
	return found(ok, began)
}

// name asks GS I n for a text.
func (l *link) name(ctx context.Context, limit time.Duration, n byte) (string, bool) {
	l.mu.Lock()
	texts := l.texts
	l.mu.Unlock()
	if l.try(ctx, limit, []byte{0x1D, 'I', n}, func() bool { return l.texts > texts }).Answer != Yes {
		return "", false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return readName(l.text), true
}

// readName is a text of GS I without what pads it. A block holds no byte below 20h and
// none above 7Fh.
func readName(s string) string { return strings.Trim(s, " \x7f") }

// Doubt is a contradiction between what a printer says and what it can do.
type Doubt string

// The doubts.
const (
	DoubtProcessID Doubt = "process id" // the model of that name knows them, this unit does not, or the other way round
	DoubtClear     Doubt = "clear"      // the same of clearing buffers
	DoubtMaker     Doubt = "maker"      // another maker's model
	DoubtFont      Doubt = "font"       // a font that the model is not sold with
)

// Proposal is a model for a printer that was identified.
type Proposal struct {
	Model Model
	// Known is false when nothing points to a model: then it is the default one, with what
	// was found.
	Known bool
	// Doubts say that the name may be a lie: clones call themselves after what they were
	// copied from. The model is then the default one, with what was found.
	Doubts []Doubt
	// Encoding is the two-byte set that it says that it has a font for; EncodingKnown is
	// false when it says none.
	Encoding      escpos.Encoding
	EncodingKnown bool
}

// Propose finds the model of a printer by what it says, or, where it says nothing, by
// its numbers on the bus (ByUSB) when they leave one. What it was found to be able to
// do goes before what its model is said to.
func (m *Models) Propose(f Findings, onBus ...Model) Proposal {
	p := Proposal{Model: m.Default()}
	p.Encoding, p.EncodingKnown = FontEncoding(f.Font)
	if model, ok := m.Lookup(f.Model); ok && f.Model != "" {
		p.Model, p.Known = model, true
	} else if f.Model == "" && len(onBus) == 1 {
		p.Model, p.Known = onBus[0], true
	}
	if p.Known {
		p.Doubts = p.Model.doubts(f)
	}
	if !p.Known || len(p.Doubts) > 0 {
		p.Model = m.Default()
		if f.Model != "" {
			p.Model.Name, p.Model.Maker = f.Model, f.Maker
		}
	}
	if f.ProcessID.Answer != NotTried {
		p.Model.ProcessID = f.ProcessID.Answer
	}
	if f.Clear.Answer != NotTried {
		p.Model.Clear = f.Clear.Answer
	}
	return p
}

func (m Model) doubts(f Findings) (all []Doubt) {
	against := func(claimed, seen Answer) bool { return claimed != NotTried && seen != NotTried && claimed != seen }
	if against(m.ProcessID, f.ProcessID.Answer) {
		all = append(all, DoubtProcessID)
	}
	if against(m.Clear, f.Clear.Answer) {
		all = append(all, DoubtClear)
	}
	said, listed := plainName(f.Maker), plainName(m.Maker)
	if said != "" && m.Maker != genericMaker && !strings.Contains(listed, said) && !strings.Contains(said, listed) {
		all = append(all, DoubtMaker)
	}
	if e, ok := FontEncoding(f.Font); ok && m.TwoByteKnown {
		known := false
		for _, t := range m.TwoByte {
			known = known || t == e
		}
		if !known {
			all = append(all, DoubtFont)
		}
	}
	return all
}

// genericMaker is the maker of the database's profiles that are nobody's.
const genericMaker = "Generic"
