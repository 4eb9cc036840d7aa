package terminal

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"veratill/txn/zvt"
	"veratill/txn/zvt/wire"
)

// What a terminal says before it has answered a command is of a command before, whose message came twice: neither its end nor its answer is this command's.
func TestACommandIsAnsweredBeforeItEnds(t *testing.T) {
	refusal := []byte{0x84, 0x83, 0}
	for name, says := range map[string]struct{ before, behind []byte }{
		"the end of a command before, behind the command": {nil, append([]byte{0x06, 0x0F, 0}, refusal...)},
		"its approval, behind the command":                {nil, append([]byte{0x04, 0x0F, 2, zvt.FieldResult, 0}, refusal...)},
		"its answer and its end, before the command":      {[]byte{0x80, 0, 0, 0x06, 0x0F, 0}, refusal},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				here, there := net.Pipe()
				l := New(Config{T3: 5 * time.Second, T4: time.Minute})
				l.wire = wire.New(wire.FromConn(here), false)
				defer l.Close()
				go func() {
					_, _ = there.Write(says.before)
					command, err := zvt.Read(there)
					if err != nil || command.Code != zvt.Reversal {
						t.Errorf("the terminal got %v, %v", command, err)
					}
					_, _ = there.Write(says.behind)
				}()
				synctest.Wait()
				_, err := l.begin(context.Background(), zvt.APDU{Code: zvt.Reversal}, false)
				var no refused
				if !errors.As(err, &no) || no.code != 0x83 {
					t.Errorf("the command is %v", err)
				}
			})
		})
	}
}
