package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// qmp speaks QEMU's machine protocol: one JSON object a line, answers in order, events between.
type qmp struct {
	conn    net.Conn
	asking  sync.Mutex
	answers chan reply

	mu   sync.Mutex
	gone map[string]bool // devices that QEMU has let go of
	news chan struct{}
}

type reply struct {
	Return json.RawMessage
	Error  *struct{ Desc string }
	Event  string
	Data   struct{ Device string }
}

// qmpPatience is for an answer, and for a guest to let go of a device.
const qmpPatience = 30 * time.Second

func openQMP(conn net.Conn) (*qmp, error) {
	q := &qmp{conn: conn, answers: make(chan reply, 16), gone: map[string]bool{}, news: make(chan struct{}, 1)}
	go q.listen()
	_, err := q.do("qmp_capabilities", nil)
	return q, err
}

// listen ends with the connection.
func (q *qmp) listen() {
	defer close(q.answers)
	lines := bufio.NewScanner(q.conn)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r reply
		if json.Unmarshal(lines.Bytes(), &r) != nil {
			continue
		}
		switch {
		case r.Event == "DEVICE_DELETED":
			q.mu.Lock()
			q.gone[r.Data.Device] = true
			q.mu.Unlock()
			select {
			case q.news <- struct{}{}:
			default:
			}
		case r.Event == "" && (r.Return != nil || r.Error != nil):
			q.answers <- r
		}
	}
}

// do gives one order.
func (q *qmp) do(order string, arguments map[string]any) (json.RawMessage, error) {
	q.asking.Lock()
	defer q.asking.Unlock()
	message := map[string]any{"execute": order}
	if arguments != nil {
		message["arguments"] = arguments
	}
	text, err := json.Marshal(message)
	if err != nil {
		return nil, err
	}
	if _, err := q.conn.Write(append(text, '\n')); err != nil {
		return nil, err
	}
	select {
	case r, open := <-q.answers:
		if !open {
			return nil, errors.New("QEMU has hung up")
		}
		if r.Error != nil {
			return nil, fmt.Errorf("QEMU on %s: %s", order, r.Error.Desc)
		}
		return r.Return, nil
	case <-time.After(qmpPatience):
		return nil, fmt.Errorf("QEMU does not answer %s", order)
	}
}

// unplug removes a device, and returns when the guest has let go of it: one that is added again
// before that brings QEMU 7.2 down.
func (q *qmp) unplug(id string) error {
	q.mu.Lock()
	q.gone[id] = false
	q.mu.Unlock()
	if _, err := q.do("device_del", map[string]any{"id": id}); err != nil {
		return err
	}
	limit := time.After(qmpPatience)
	for {
		q.mu.Lock()
		gone := q.gone[id]
		q.mu.Unlock()
		if gone {
			return nil
		}
		select {
		case <-q.news:
		case <-limit:
			return fmt.Errorf("the guest does not let go of %s", id)
		}
	}
}
