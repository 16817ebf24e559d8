package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// witness speaks C2SP tlog-witness to the node that serves the log: notes are opened by sumdb/note,
// sizes and roots are those that sumdb/tlog recomputed.
func (r *report) witness(src source, pol *policy, raw []byte, cp *checkpoint) {
	w, ok := src.(*web)
	if !ok {
		return
	}
	size := cp.tree.N
	r.check("a witness asked with size 0 answers 409 with its own", w.conflict(raw, size))
	r.check("asked with that it cosigns, by a key of the policy", w.cosigned(pol, raw, size))
	r.check("it shows the cosigned checkpoint under the origin's hash", w.shown(pol, cp))
	text := string(raw)
	hash := "old %d\n" + strings.Repeat("A", 43) + "=\n\n"
	for _, one := range []struct {
		what, body string
		status     int
	}{
		{"no body", "", 400},
		{"a body without a size", "old\n\n" + text, 400},
		{"a size with a leading zero", fmt.Sprintf("old 0%d\n\n%s", size, text), 400},
		{"a size above the checkpoint's", fmt.Sprintf("old %d\n\n%s", size+1, text), 400},
		{"64 hashes", fmt.Sprintf("old %d\n", size) + strings.Repeat(strings.Repeat("A", 43)+"=\n", 64) + "\n" + text, 400},
		{"another size before", fmt.Sprintf("old %d\n\n%s", size-1, text), 409},
		{"a proof that nothing needs", fmt.Sprintf(hash+"%s", size, text), 422},
		{"another origin", fmt.Sprintf("old %d\n\nelsewhere.example/%s", size, text), 404},
		{"another root", fmt.Sprintf("old %d\n\n%s", size, otherRoot(text)), 403},
		{"no signature of the log", fmt.Sprintf("old %d\n\n%s", size, withoutLogs(text, cp.origin)), 403},
	} {
		r.check(fmt.Sprintf("%s is answered with %d", one.what, one.status), w.refuses(one.body, one.status))
	}
}

func (w *web) ask(body string) (int, string, []byte, error) {
	resp, err := w.client.Post(w.base+"/add-checkpoint", "text/plain; charset=utf-8", strings.NewReader(body))
	if err != nil {
		return 0, "", nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	return resp.StatusCode, resp.Header.Get("Content-Type"), data, err
}

func (w *web) conflict(raw []byte, size int64) error {
	status, kind, body, err := w.ask("old 0\n\n" + string(raw))
	if err != nil {
		return err
	}
	if status != http.StatusConflict || kind != "text/x.tlog.size" || string(body) != fmt.Sprintf("%d\n", size) {
		return fmt.Errorf("%d %s %q", status, kind, body)
	}
	return nil
}

// cosigned asks for a cosignature and opens the checkpoint with the lines of the answer alone.
func (w *web) cosigned(pol *policy, raw []byte, size int64) error {
	status, _, body, err := w.ask(fmt.Sprintf("old %d\n\n%s", size, raw))
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("%d %s", status, body)
	}
	text := raw[:bytes.LastIndex(raw, []byte("\n\n"))+2]
	var known []note.Verifier
	for _, v := range pol.witnesses {
		known = append(known, v)
	}
	n, err := note.Open(append(append([]byte(nil), text...), body...), note.VerifierList(known...))
	if err != nil {
		return err
	}
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return fmt.Errorf("%d known and %d unknown lines", len(n.Sigs), len(n.UnverifiedSigs))
	}
	return nil
}

func (w *web) shown(pol *policy, cp *checkpoint) error {
	raw, err := w.get(fmt.Sprintf("%x/checkpoint", sha256.Sum256([]byte(cp.origin))))
	if err != nil {
		return err
	}
	shown, err := pol.open(raw)
	if err != nil {
		return err
	}
	if shown.tree != cp.tree {
		return fmt.Errorf("it shows %s", shown)
	}
	return nil
}

func (w *web) refuses(body string, want int) error {
	status, _, answer, err := w.ask(body)
	if err != nil {
		return err
	}
	if status != want || strings.HasPrefix(string(answer), "\u2014") {
		return fmt.Errorf("%d %.80q", status, answer)
	}
	return nil
}

// otherRoot changes the first letter of the third line.
func otherRoot(text string) string {
	lines := strings.SplitN(text, "\n", 4)
	letter := "A"
	if lines[2][0] == 'A' {
		letter = "B"
	}
	lines[2] = letter + lines[2][1:]
	return strings.Join(lines, "\n")
}

// withoutLogs leaves the cosignatures and takes the log's own signatures away.
func withoutLogs(text, origin string) string {
	var kept []string
	for _, line := range strings.SplitAfter(text, "\n") {
		if !strings.HasPrefix(line, "\u2014 "+origin+" ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}
