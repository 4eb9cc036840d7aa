package explorer

import "fmt"

// The dimensions of a budget, in the order in which a world counts what it used of them.
const (
	sales = iota
	voids
	reprints
	notes
	refusals
	kills
	powerCuts
	losses
	duplicates
	bankCrashes
	printerFaults
	diskFaults
	unpackables
	terminals
	parts
	putBacks
	refunds
	codes
	days
	cables
	dimensions
)

var dimensionNames = [dimensions]string{"sales", "voids", "reprints", "notes", "refused reversals", "kills", "power cuts",
	"losses", "duplicates", "bank crashes", "printer faults", "disk faults", "unpackable messages", "separate terminals",
	"further parts", "folders put back", "refunds", "sales by code", "ends of the day", "sales at a card terminal"}

// Unlimited is a number in a budget that is not counted: what it allows may happen
// any number of times, and the states stay finitely many all the same.
const Unlimited = 255

// Budget bounds a search: how often each thing may happen in one history. Delay,
// reordering, time-outs and what the bank decides are free and never counted.
type Budget struct {
	Name          string
	Sales         uint8
	Voids         uint8
	Reprints      uint8 // receipts and copies that a cashier asks for
	Notes         uint8 // slips that say NOT A RECEIPT
	Refusals      uint8 // reversals that the bank refuses
	Kills         uint8
	PowerCuts     uint8
	Losses        uint8 // messages that the line loses; a message that never arrives is free
	Duplicates    uint8 // messages that arrive and stay on the line as well
	BankCrashes   uint8
	PrinterFaults uint8 // not ready, refused, swallowed, or no word of the end
	DiskFaults    uint8 // a synced commit fails, and nobody knows whether it is there
	Terminals     uint8 // sales at a terminal that stands alone
	Parts         uint8 // payments of a sale after its first one; with them a sale is begun in parts
	PutBacks      uint8 // the folder is copied, and the copy put back later
	Refunds       uint8 // each of half a part
	Codes         uint8 // sales by the code of a wallet, whose provider is asked and told to undo as the bank is
	Days          uint8 // 1: the first day's batch is settled, and the day closed
	Cables        uint8 // sales at a card terminal on a cable, which keeps one once it has heard that it is durable
	Unpackables   uint8 // messages that do not fit the bank's format, so that no byte of them leaves
}

func (b Budget) limits() [dimensions]uint8 {
	return [dimensions]uint8{b.Sales, b.Voids, b.Reprints, b.Notes, b.Refusals, b.Kills, b.PowerCuts, b.Losses, b.Duplicates,
		b.BankCrashes, b.PrinterFaults, b.DiskFaults, b.Unpackables, b.Terminals, b.Parts, b.PutBacks, b.Refunds, b.Codes, b.Days, b.Cables}
}

// String says what a history may hold.
func (b Budget) String() string {
	text := b.Name + ":"
	for i, n := range b.limits() {
		switch n {
		case 0:
		case Unlimited:
			text += fmt.Sprintf(" any %s,", dimensionNames[i])
		default:
			text += fmt.Sprintf(" %d %s,", n, dimensionNames[i])
		}
	}
	return text[:len(text)-1]
}

// check reports whether the attempts of the budget have room in a world.
func (b Budget) check() error {
	if n := int(b.Sales) + int(b.Voids) + int(b.Terminals) + int(b.Parts) + int(b.Refunds) + int(b.Codes) + int(b.Cables); n > slots {
		return fmt.Errorf("budget %s: %d sales, parts, voids, refunds, sales at terminals, on cables and by code, and a world has room for %d", b.Name, n, slots)
	}
	return nil
}

// Budgets are the presets. "tiny" is what the race detector can walk in a test; all but "large", which has far
// more than ten million worlds, are seen whole in seconds.
var Budgets = []Budget{
	{Name: "tiny", Sales: 1, Kills: 1, PowerCuts: 1, Losses: 1, Duplicates: 1, BankCrashes: 1, PrinterFaults: 1, Reprints: 1, DiskFaults: 1, Unpackables: 1},
	{Name: "void", Sales: 1, Voids: 1, Kills: 1, PowerCuts: 1, PrinterFaults: 1, DiskFaults: 1},
	{Name: "small", Sales: 2, Kills: 1, PowerCuts: 1},
	{Name: "terminal", Sales: 1, Terminals: 1, Kills: 1, PowerCuts: 1},
	{Name: "code", Codes: 1, Kills: 1, PowerCuts: 1, Losses: 1, DiskFaults: 1, PrinterFaults: 1},
	{Name: "code back", Codes: 1, Refunds: 2, Kills: 1},
	{Name: "code back line", Codes: 1, Refunds: 2, Losses: 1, Duplicates: 1, DiskFaults: 1},
	{Name: "code void", Codes: 1, Voids: 1, Refunds: 1, Kills: 1, PowerCuts: 1, Losses: 1},
	{Name: "code put back", Codes: 1, Voids: 1, Refunds: 1, PutBacks: 1, Kills: 1, PowerCuts: 1},
	{Name: "cable", Cables: 1, Kills: 1, PowerCuts: 1, Losses: 1, DiskFaults: 1, PrinterFaults: 1, Reprints: 1},
	{Name: "cable and bank", Cables: 1, Sales: 1, Kills: 1, PowerCuts: 1, Losses: 1},
	{Name: "split", Sales: 1, Parts: 1, Kills: 1, PowerCuts: 1},
	{Name: "undo", Sales: 1, Parts: 1, Voids: 1, Kills: 1},
	{Name: "refused", Sales: 1, Voids: 1, Refusals: 1, Kills: 1, PowerCuts: 1},
	{Name: "refused disk", Sales: 1, Refusals: 1, Kills: 1, DiskFaults: 1},
	{Name: "taken", Sales: 2, Duplicates: 1, Losses: 1, Kills: 1, PowerCuts: 1},
	{Name: "put back", Sales: 1, Voids: 1, PutBacks: 1, Kills: 1, PowerCuts: 1},
	{Name: "refund", Sales: 1, Refunds: 2, Kills: 1, PowerCuts: 1},
	{Name: "refund line", Sales: 1, Refunds: 2, Losses: 1, Duplicates: 1, BankCrashes: 1, Unpackables: 1, Kills: 1},
	{Name: "refund put back", Sales: 1, Refunds: 2, PutBacks: 1, Duplicates: 1},
	{Name: "refund and void", Sales: 1, Refunds: 1, Voids: 1, Kills: 1, PrinterFaults: 1},
	{Name: "settlement", Sales: 1, Refunds: 1, Days: 1, Kills: 1, PowerCuts: 1},
	{Name: "settlement power", Sales: 1, Days: 1, PowerCuts: 1, Losses: 1, Refusals: 1},
	{Name: "settlement disk", Sales: 1, Days: 1, Kills: 1, DiskFaults: 1},
	{Name: "settlement void", Sales: 1, Voids: 1, Days: 1},
	{Name: "large", Sales: 2, Voids: 1, Kills: 2, PowerCuts: 2, Losses: 1, Duplicates: 1, BankCrashes: 1, PrinterFaults: 1, Reprints: 1},
}

// BudgetNamed finds a preset.
func BudgetNamed(name string) (Budget, error) {
	for _, b := range Budgets {
		if b.Name == name {
			return b, nil
		}
	}
	return Budget{}, fmt.Errorf("there is no budget %q", name)
}
