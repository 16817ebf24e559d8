package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	typeEd25519     = 1
	typeCosignature = 4
)

// A policy is a C2SP tlog-policy: who may sign, and how many must.
type policy struct {
	logs      []note.Verifier
	witnesses map[string]note.Verifier
	groups    []group
	quorum    string
}

type group struct {
	name    string
	k       int
	members []string
}

func parsePolicy(text string) (*policy, error) {
	p := &policy{witnesses: map[string]note.Verifier{}}
	for i, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if err := p.add(f); err != nil {
			return nil, fmt.Errorf("line %d: %v", i+1, err)
		}
	}
	if p.quorum == "" {
		return nil, fmt.Errorf("no quorum line")
	}
	return p, nil
}

func (p *policy) add(f []string) error {
	switch {
	case f[0] == "log" && len(f) >= 2:
		v, err := note.NewVerifier(f[1])
		if err != nil {
			return err
		}
		p.logs = append(p.logs, v)
	case f[0] == "witness" && len(f) >= 3:
		v, err := newCosignatureVerifier(f[2])
		if err != nil {
			return err
		}
		p.witnesses[f[1]] = v
	case f[0] == "group" && len(f) >= 4:
		g := group{name: f[1], members: f[3:]}
		switch f[2] {
		case "any":
			g.k = 1
		case "all":
			g.k = len(g.members)
		default:
			k, err := strconv.Atoi(f[2])
			if err != nil || k < 1 || k > len(g.members) {
				return fmt.Errorf("bad threshold %q", f[2])
			}
			g.k = k
		}
		p.groups = append(p.groups, g)
	case f[0] == "quorum" && len(f) == 2:
		p.quorum = f[1]
	default:
		return fmt.Errorf("unknown line %q", f[0])
	}
	return nil
}

// A checkpoint is one that a policy accepts.
type checkpoint struct {
	origin    string
	tree      tlog.Tree
	logs      int
	witnesses int
}

func (c *checkpoint) String() string {
	return fmt.Sprintf("%s, size %d, root %s, %d log keys and %d witnesses signed",
		c.origin, c.tree.N, c.tree.Hash, c.logs, c.witnesses)
}

// open verifies a checkpoint note with sumdb/note and checks the policy's quorum.
func (p *policy) open(raw []byte) (*checkpoint, error) {
	known := append([]note.Verifier(nil), p.logs...)
	for _, v := range p.witnesses {
		known = append(known, v)
	}
	n, err := note.Open(raw, note.VerifierList(known...))
	if err != nil {
		return nil, err
	}
	signed := func(v note.Verifier) bool {
		for _, s := range n.Sigs {
			if s.Name == v.Name() && s.Hash == v.KeyHash() {
				return true
			}
		}
		return false
	}
	cp, err := parseCheckpoint(n.Text)
	if err != nil {
		return nil, err
	}
	for _, v := range p.logs {
		if v.Name() == cp.origin && signed(v) {
			cp.logs++
		}
	}
	if cp.logs == 0 {
		return nil, fmt.Errorf("no log key of the policy signed for origin %q", cp.origin)
	}
	met := map[string]bool{"none": true}
	for name, v := range p.witnesses {
		if signed(v) {
			met[name] = true
			cp.witnesses++
		}
	}
	for _, g := range p.groups {
		count := 0
		for _, m := range g.members {
			if met[m] {
				count++
			}
		}
		met[g.name] = count >= g.k
	}
	if !met[p.quorum] {
		return nil, fmt.Errorf("the quorum %q is not met", p.quorum)
	}
	return cp, nil
}

func parseCheckpoint(text string) (*checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" {
		return nil, fmt.Errorf("a checkpoint has at least three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return nil, fmt.Errorf("bad size %q", lines[1])
	}
	hash, err := tlog.ParseHash(lines[2])
	if err != nil {
		return nil, fmt.Errorf("bad root %q", lines[2])
	}
	return &checkpoint{origin: lines[0], tree: tlog.Tree{N: size, Hash: hash}}, nil
}

// A cosignatureVerifier verifies C2SP cosignature/v1 lines, which sumdb/note does not know.
type cosignatureVerifier struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

// newCosignatureVerifier reads a verifier key of type 4.
func newCosignatureVerifier(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("malformed verifier key")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil || len(parts[1]) != 8 {
		return nil, fmt.Errorf("malformed key ID")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != typeCosignature {
		return nil, fmt.Errorf("not a cosignature key")
	}
	if keyID(parts[0], key) != uint32(hash) {
		return nil, fmt.Errorf("the key ID does not belong to the key")
	}
	return &cosignatureVerifier{parts[0], uint32(hash), key[1:]}, nil
}

func (v *cosignatureVerifier) Name() string    { return v.name }
func (v *cosignatureVerifier) KeyHash() uint32 { return v.hash }

func (v *cosignatureVerifier) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(sig)
	full := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, msg)
	return ed25519.Verify(v.key, []byte(full), sig[8:])
}
