package control

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"veratill/packaging/nasty"
)

// Nobody is answered who does not know the secret, whatever is asked and however.
func FuzzQuestion(f *testing.F) {
	const token = "0123456789abcdef0123456789abcdef"
	asked := 0
	h := handler(token, map[string]Answer{"totals": func(context.Context) (any, error) { asked++; return "all there is", nil }})
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		path, given, _ := strings.Cut(string(b), "\n")
		asked = 0
		w := httptest.NewRecorder()
		h.ServeHTTP(w, &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}, Header: http.Header{"Authorization": {given}}})
		known := given == token || given == "Bearer "+token
		if asked > 0 && !known || w.Code == http.StatusOK && (!known || strings.TrimPrefix(path, "/") != "totals") {
			t.Fatalf("%q with %q is answered: %d", path, given, w.Code)
		}
	})
}
