package printer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"veratill/devices"
	"veratill/escpos"
)

// What each kind of printer is found to be able to do, in at most 3 s and without paper;
// and whether its name is believed.
func TestIdentify(t *testing.T) {
	models := carried(t)
	for _, c := range []struct {
		traits   Traits
		answers  string // real time, automatic, GS r, drawer, process ID, clear, names
		model    string
		doubts   []Doubt
		encoding escpos.Encoding
	}{
		{Traits{}, "[yes yes yes yes yes yes yes]", "TM-T88V", nil, escpos.GBK},
		{Traits{Model: "TM-T88IV", Font: "TAIWAN BIG-5"}, "[yes yes yes yes yes yes yes]", "TM-T88IV", nil, escpos.Big5},
		{Traits{Model: "TM-T88IV", NoProcessID: true}, "[yes yes yes yes no yes yes]", "TM-T88IV", []Doubt{DoubtProcessID}, escpos.GBK},
		{Traits{Model: "TM-T88III"}, "[yes yes yes yes yes yes yes]", "TM-T88III", []Doubt{DoubtProcessID}, escpos.GBK},
		{Traits{NoProcessID: true, NoClear: true, Maker: "POS"}, "[yes yes yes yes no no yes]", "TM-T88V", []Doubt{DoubtClear, DoubtMaker}, escpos.GBK},
		{Traits{Model: "TM-T70II"}, "[yes yes yes yes yes yes yes]", "TM-T70II", []Doubt{DoubtFont}, escpos.GBK},
		{Traits{Model: "XP-80", Maker: "Xprinter", WrongID: true}, "[yes yes yes yes no yes yes]", "XP-80", nil, escpos.GBK},
		{Traits{StaleID: true, NoAuto: true}, "[yes no yes yes no yes yes]", "TM-T88V", nil, escpos.GBK},
		{Traits{BareText: true}, "[yes yes yes yes yes yes no]", "default", nil, 0},
		{Traits{BareText: true, Model: "5890", NoAuto: true, NoRealTime: true, NoQueued: true}, "[no no no not tried yes yes no]", "default", nil, 0},
		{Traits{NoRealTime: true, NoQueued: true}, "[no yes no not tried yes yes yes]", "TM-T88V", nil, escpos.GBK},
		{Traits{Mute: true}, "[no no no not tried no no no]", "default", nil, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			u := onPipe(c.traits, Config{}, nil)
			defer u.d.Close()
			pass(5 * time.Second)
			papers, hangs := len(u.roll.papers), len(u.Partial())
			began := time.Now()
			f, err := u.d.Identify(context.Background())
			if err != nil {
				t.Fatalf("%+v: %v", c.traits, err)
			}
			if took := time.Since(began); took > 2500*time.Millisecond {
				t.Errorf("%+v took %v", c.traits, took)
			}
			got := fmt.Sprint([]Answer{f.RealTime.Answer, f.Automatic.Answer, f.Queued.Answer, f.Drawer.Answer, f.ProcessID.Answer, f.Clear.Answer, f.Names.Answer})
			if got != c.answers {
				t.Errorf("%+v: %s, not %s", c.traits, got, c.answers)
			}
			p := models.Propose(f)
			if p.Model.Name != c.model || !slices.Equal(p.Doubts, c.doubts) || p.Encoding != c.encoding {
				t.Errorf("%+v: %s, doubts %v, %v", c.traits, p.Model.Name, p.Doubts, p.Encoding)
			}
			if p.Model.ProcessID != f.ProcessID.Answer || p.Model.Clear != f.Clear.Answer {
				t.Errorf("%+v: %+v", c.traits, p.Model)
			}
			if len(u.roll.papers) != papers || len(u.Partial()) != hangs {
				t.Errorf("%+v: it printed %q", c.traits, u.Partial())
			}
			next := u.d.Print(context.Background(), Job{ID: 3, Bytes: []byte("\x1b@next\n\x1dVB\x00")})
			if proves := !c.traits.Mute; (next.Outcome == Printed) != proves {
				t.Errorf("%+v: afterwards %+v", c.traits, next)
			}
		})
	}
}

// An offline printer is told from one that can't; a job that waits comes after; and
// without a connection there is a reason.
func TestIdentifyAtABadTime(t *testing.T) {
	makeJobs(t)
	synctest.Test(t, func(t *testing.T) {
		u := onPipe(Traits{}, quick, nil)
		defer u.d.Close()
		pass(time.Second)
		u.Set(Condition{CoverOpen: true})
		f, err := u.d.Identify(context.Background())
		if err != nil || f.Offline != devices.CoverOpen || f.ProcessID.Answer != NotTried || f.RealTime.Answer != Yes || f.Clear.Answer != Yes {
			t.Errorf("%+v, %v", f, err)
		}
		if p := carried(t).Propose(f); p.Known || p.Model.ProcessID != NotTried {
			t.Errorf("%+v", p)
		}
		u.Set(Condition{})
		pass(time.Second)
		done := make(chan Report)
		go func() { _, _ = u.d.Identify(context.Background()) }()
		go func() { done <- u.d.Print(context.Background(), Job{ID: 1, Bytes: lostJob}) }()
		if r := <-done; r.Outcome != Printed {
			t.Errorf("%+v", r)
		}
		if err := u.judge(Report{Outcome: Printed, BytesSent: 1}, lostJob); err != nil {
			t.Error(err)
		}
		u.PowerOff(false)
		var fault *Fault
		if _, err := u.d.Identify(context.Background()); !errors.As(err, &fault) {
			t.Error(err)
		}
	})
}

// What is on the bus says which model it is only where one number stands for one.
func TestProposeByTheBus(t *testing.T) {
	m := carried(t)
	if p := m.Propose(Findings{}, m.ByUSB(0x04b8, 0x0e03)...); !p.Known || p.Model.Name != "TM-T20" {
		t.Errorf("%+v", p)
	}
	if p := m.Propose(Findings{}, m.ByUSB(0x04b8, 0x0202)...); p.Known || p.Model.Name != "default" {
		t.Errorf("%+v", p)
	}
	if p := m.Propose(Findings{Model: "ZZ-1"}, m.ByUSB(0x04b8, 0x0e03)...); p.Known || p.Model.Name != "ZZ-1" {
		t.Errorf("%+v", p)
	}
}
