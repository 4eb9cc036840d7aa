package walletsim

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// act sends an answer, or does with it what the script says.
func (s *Sim) act(w http.ResponseWriter, r *http.Request, a asked, rule Rule, made reply) {
	switch rule.Do {
	case Silent:
		<-r.Context().Done()
		return
	case CutAfter:
		cut(w)
		return
	case Delay:
		select {
		case <-r.Context().Done():
			return
		case <-time.After(rule.wait()):
		}
	case Truncated:
		w.Header().Set("Content-Length", strconv.Itoa(len(made.body)))
		made.body = made.body[:len(made.body)/2]
		write(w, made)
		flush(w)
		cut(w)
		return
	case Slow:
		drip(w, r, made, rule.wait())
		return
	case Redirect:
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusTemporaryRedirect)
		return
	}
	write(w, changed(rule.Do, made))
}

// changed is an answer that was changed on its way.
func changed(do Do, made reply) reply {
	made.header = made.header.Clone()
	switch do {
	case Oversized:
		made.body = append(bytes.Clone(made.body), bytes.Repeat([]byte(" "), 1<<20)...)
	case Garbage:
		made.body = []byte("\x00\x17<html>…")
	case WrongSignature, Unsigned:
		made = resigned(do, made)
	case Surprising:
		made.body = bytes.Replace(made.body, []byte("{"), []byte(`{"surprise":[{"a":null},[1e400]],`), 1)
	case TwiceNamed:
		made.body = bytes.Replace(made.body, []byte("{"), []byte(`{"trade_state":"SUCCESS","trade_state":"CLOSED",`), 1)
	case ServerError:
		made = reply{status: http.StatusBadGateway, body: []byte("<html>502 Bad Gateway</html>")}
	}
	return made
}

// resigned takes an answer's signature away, or makes it one that does not hold. An answer without any stays as it is.
func resigned(do Do, made reply) reply {
	swap := func(signature string) string {
		switch {
		case do == Unsigned || signature == "":
			return ""
		case strings.HasPrefix(signature, "A"):
			return "B" + signature[1:]
		}
		return "A" + signature[1:]
	}
	if of := made.header.Get("Wechatpay-Signature"); of != "" {
		made.header.Set("Wechatpay-Signature", swap(of))
		return made
	}
	for _, before := range []string{`"sign":"`, "signature="} {
		if at := bytes.Index(made.body, []byte(before)); at >= 0 {
			at += len(before)
			end := len(made.body)
			if i := bytes.IndexAny(made.body[at:], `"&`); i >= 0 {
				end = at + i
			}
			made.body = []byte(string(made.body[:at]) + swap(string(made.body[at:end])) + string(made.body[end:]))
		}
	}
	return made
}

func write(w http.ResponseWriter, made reply) {
	for name, values := range made.header {
		w.Header()[name] = values
	}
	w.WriteHeader(made.status)
	w.Write(made.body) // whoever has gone asks again
}

func flush(w http.ResponseWriter) {
	http.NewResponseController(w).Flush()
}

// drip sends a body byte for byte.
func drip(w http.ResponseWriter, r *http.Request, made reply, over time.Duration) {
	for name, values := range made.header {
		w.Header()[name] = values
	}
	w.WriteHeader(made.status)
	for _, b := range made.body {
		select {
		case <-r.Context().Done():
			return
		case <-time.After(over / time.Duration(len(made.body)+1)):
		}
		w.Write([]byte{b})
		flush(w)
	}
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	conn.Close()
}
