package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"veratill/app/present"
	"veratill/app/shop"
	"veratill/app/update"
	"veratill/txn/journal"
)

// updateCommand is `veratill update`. The word try is not for people: a new version's first start is
// watched by it.
func updateCommand(ctx context.Context, c *call) int {
	words := map[string]func(context.Context, *call, *place, bool) int{
		"check": updateCheck, "install": updateInstall, "status": updateStatus, "retry": updateRetry, "try": updateTry}
	if len(c.args) > 0 && isHelp(c.args[0]) {
		c.flags.Usage()
		return exitOK
	}
	if len(c.args) == 0 || words[c.args[0]] == nil {
		return c.misused("say check, install, status or retry")
	}
	word := c.args[0]
	var s place
	s.folder(c)
	asJSON := c.flags.Bool("json", false, "answer in JSON")
	c.args = c.args[1:]
	if word == "try" {
		if code, done := c.parse(); done {
			return code
		}
	} else if code, done := c.noMore(); done {
		return code
	}
	o, err := s.options()
	if err != nil {
		return c.fail(err)
	}
	if word != "status" {
		if err := errors.Join(update.Mine(o.SettingsDir), update.Mine(o.Dir)); err != nil {
			return c.fault(err)
		}
		if r, err := o.Update.Record(); err == nil && r.Judge(o.Update.Me, "") == update.StandBack {
			if err := c.standBack(ctx, o.Update, r); err != nil {
				return c.fail(err)
			}
		}
	}
	return words[word](ctx, c, &s, *asJSON)
}

// updateSaid is what the command says of a record in JSON.
type updateSaid struct {
	Running update.Release `json:"running"`
	SetUp   bool           `json:"setUp"`
	State   update.State   `json:"state"`
	Offer   *update.Offer  `json:"offer,omitempty"`
	From    update.Release `json:"from,omitzero"`
	Fault   update.Code    `json:"fault,omitempty"`
	Detail  string         `json:"detail,omitempty"`
	Message string         `json:"message"`
}

// sayUpdate says how an update stands.
func (c *call) sayUpdate(u *update.Updater, r update.Record, asJSON bool) int {
	w, err := present.NewWords("en")
	if err != nil {
		return c.fail(err)
	}
	version := ""
	if r.Offer != nil {
		version = r.Offer.Version
	}
	setUp := u.SetUp()
	fact := w.UpdateFact(present.Update{SetUp: setUp == nil, State: string(r.State), Version: version})
	said := updateSaid{Running: u.Me, SetUp: setUp == nil, State: r.State, Offer: r.Offer, From: r.From, Fault: r.Fault, Detail: r.Detail,
		Message: fmt.Sprintf("%s runs; %s", u.Me.Version, fact.Value)}
	if asJSON {
		return c.print(said)
	}
	fmt.Fprintln(c.out, said.Message)
	if r.Offer != nil && r.Offer.Notes.EN != "" && r.State != update.Good {
		fmt.Fprintln(c.out, r.Offer.Notes.EN)
	}
	if r.Fault != "" {
		f := &update.Fault{Code: r.Fault}
		if r.Detail != "" {
			f.Cause = errors.New(r.Detail)
		}
		fmt.Fprintln(c.out, faultText(f))
	}
	return exitOK
}

func updateCheck(ctx context.Context, c *call, s *place, asJSON bool) int {
	u := s.read.Update
	r, err := u.Check(ctx)
	if err != nil {
		return c.fault(err)
	}
	u.Tidy()
	return c.sayUpdate(u, r, asJSON)
}

func updateStatus(_ context.Context, c *call, s *place, asJSON bool) int {
	r, err := s.read.Update.Look()
	if err != nil {
		return c.fault(err)
	}
	return c.sayUpdate(s.read.Update, r, asJSON)
}

func updateRetry(_ context.Context, c *call, s *place, asJSON bool) int {
	r, err := s.read.Update.Again()
	if err != nil {
		return c.fault(err)
	}
	return c.sayUpdate(s.read.Update, r, asJSON)
}

// updateInstall goes all the way to a version that is in its place and has not started yet.
func updateInstall(ctx context.Context, c *call, s *place, asJSON bool) int {
	u := s.read.Update
	r, err := u.Record()
	if err == nil && r.Ready(u.Me) != nil {
		r, err = u.Check(ctx)
	}
	if err == nil {
		err = r.Ready(u.Me)
	}
	if err != nil {
		return c.fault(err)
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoPrinter, o.NoBank = true, true, true })
	if errors.Is(err, journal.ErrInUse) {
		return c.fault(&update.Fault{Code: update.InUse, Cause: err})
	}
	if err != nil {
		return c.fail(err)
	}
	err = till.Desk.Prepare(ctx, func(step present.UpdateStep) {
		if step != present.UpdateClosing { // there is no window
			fmt.Fprintln(c.errOut, stepText(step))
		}
	})
	till.Close()
	if err == nil {
		err = c.install(ctx, u)
	}
	if err != nil {
		return c.fault(err)
	}
	if r, err = u.Record(); err != nil {
		return c.fault(err)
	}
	return c.sayUpdate(u, r, asJSON)
}

func stepText(step present.UpdateStep) string {
	w, err := present.NewWords("en")
	if err != nil {
		return string(step)
	}
	return strings.TrimSuffix(w.UpdateBusy(step).What, ".")
}

// updateTry is started by a new version, or by the one that has installed it, on the version before.
func updateTry(ctx context.Context, c *call, s *place, _ bool) int {
	return c.try(ctx, s.read.Update, slices.Clone(c.flags.Args()))
}
