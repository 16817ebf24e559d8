// Check-log verifies a quota ledger's log with golang.org/x/mod's sumdb/note and sumdb/tlog, which
// share no code with the ledger.
//
//	check-log -policy FILE [-old NOTE]... URL
//
// URL is a node's public address, or a folder with the same layout. It checks the newest
// checkpoint's signatures and quorum, recomputes the tree and every tile from the entries, checks
// inclusion paths, and consistency with each older checkpoint note. Then it damages each of these
// and expects a refusal. Last it asks the node's witness (C2SP tlog-witness) as a log would. It prints a line for each check; the exit code is 0 if none failed.
package main

import (
	"flag"
	"fmt"
	"os"
)

type paths []string

func (p *paths) String() string     { return fmt.Sprint(*p) }
func (p *paths) Set(s string) error { *p = append(*p, s); return nil }

func main() {
	var old paths
	policyFile := flag.String("policy", "", "trust policy `file` (C2SP tlog-policy)")
	flag.Var(&old, "old", "older checkpoint note `file` to check consistency with; may be repeated")
	flag.Parse()
	if *policyFile == "" || flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: check-log -policy FILE [-old NOTE]... URL")
		os.Exit(2)
	}
	r := &report{}
	run(r, newSource(flag.Arg(0)), *policyFile, old)
	fmt.Printf("  %d passed, %d failed, 0 skipped\n", r.passed, r.failed)
	if r.failed > 0 {
		os.Exit(1)
	}
}

func run(r *report, src source, policyFile string, old []string) {
	text, err := os.ReadFile(policyFile)
	if !r.check("the trust policy is read", err) {
		return
	}
	pol, err := parsePolicy(string(text))
	if !r.check("the trust policy is understood", err) {
		return
	}
	raw, err := src.get("checkpoint")
	if !r.check("the checkpoint is served", err) {
		return
	}
	cp, err := pol.open(raw)
	if !r.check("sumdb/note verifies the checkpoint", err) {
		return
	}
	r.pass("%s", cp)
	log, err := rebuild(src, cp.tree)
	if !r.check("sumdb/tlog recomputes the root from every entry", err) {
		return
	}
	r.check("every tile holds the recomputed hashes", log.checkTiles(src))
	r.check("inclusion paths read from tiles hold", log.checkInclusion(src))
	r.check("every earlier size is consistent", log.checkEarlierSizes())
	for _, file := range old {
		r.check("the log extends "+file, checkOld(src, pol, cp, file))
	}
	r.refusals(src, pol, raw, log)
	r.witness(src, pol, raw, cp)
}

// A report counts checks and prints a line for each, in the form that Tests/run counts.
type report struct {
	passed, failed int
}

func (r *report) pass(format string, args ...interface{}) {
	r.passed++
	fmt.Printf("  pass  "+format+"\n", args...)
}

func (r *report) check(what string, err error) bool {
	if err != nil {
		r.failed++
		fmt.Printf("  FAIL  %s: %v\n", what, err)
		return false
	}
	r.pass("%s", what)
	return true
}
