package casework

import (
	"context"
	"log/slog"
	"strconv"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/messages"
	"veratill/txn/slips"
)

// Messages are what was exchanged about payments, as it is kept; Keeping keeps it.
type (
	Messages = messages.Store
	Keeping  = messages.Keeper
)

// Kept are the merchant's slips of a data folder.
type Kept = slips.Store

// SlipsIn are those of a data folder.
func SlipsIn(on disk.Disk, dir string) *Kept { return slips.New(on, dir) }

// MessagesIn are those of a data folder.
func MessagesIn(on disk.Disk, dir string) *Messages { return messages.New(on, dir) }

// KeepMessages begins to keep what is exchanged about payments in a data folder. Close has to follow.
func KeepMessages(on disk.Disk, dir string, log *slog.Logger) *Keeping {
	return messages.NewKeeper(messages.New(on, dir), log)
}

// Messages implements present.Disputes.
func (d Disputes) Messages(ctx context.Context, id txn.ID) (messages.Kept, error) {
	a, err := d.Books.Attempt(ctx, id)
	if err != nil {
		return messages.Kept{}, err
	}
	return d.exchanged(a)
}

func (d Disputes) exchanged(a txn.Attempt) (messages.Kept, error) {
	if d.Exchanges == nil {
		return messages.Kept{}, nil
	}
	return d.Exchanges.Of(a, d.Now())
}

// Exchange answers a second program with what was exchanged about the payment of a number.
func (d Disputes) Exchange(ctx context.Context, attempt string) (messages.Kept, error) {
	id, err := strconv.ParseInt(attempt, 10, 64)
	if err != nil {
		return messages.Kept{}, err
	}
	return d.Messages(ctx, txn.ID(id))
}
