package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// refusals damages what was served and expects every damage to be found.
func (r *report) refusals(src source, pol *policy, raw []byte, log *rebuilt) {
	r.check("any changed byte of the checkpoint's text is refused", changedTexts(pol, raw))
	r.check("a changed signature of any known key is refused", changedSignatures(pol, raw))
	r.check("a changed entry is refused", changedEntries(src, log))
	r.check("a changed hash of any tile is refused", changedTiles(src, log))
	r.check("a changed inclusion path is refused", changedInclusion(log))
	r.check("a changed consistency proof is refused", changedConsistency(src, log))
}

func changedTexts(pol *policy, raw []byte) error {
	end := bytes.LastIndex(raw, []byte("\n\n"))
	for i := 0; i <= end; i++ {
		changed := append([]byte(nil), raw...)
		changed[i] ^= 1
		if _, err := pol.open(changed); err == nil {
			return fmt.Errorf("byte %d was accepted", i)
		}
	}
	return nil
}

func changedSignatures(pol *policy, raw []byte) error {
	end := bytes.LastIndex(raw, []byte("\n\n")) + 2
	known := pol.names()
	found := 0
	lines := strings.SplitAfter(string(raw[end:]), "\n")
	for i, line := range lines {
		f := strings.Fields(line)
		if len(f) != 3 || !known[f[1]] {
			continue
		}
		sig, err := base64.StdEncoding.DecodeString(f[2])
		if err != nil {
			return err
		}
		sig[len(sig)-40] ^= 1
		other := append([]string(nil), lines...)
		other[i] = fmt.Sprintf("%s %s %s\n", f[0], f[1], base64.StdEncoding.EncodeToString(sig))
		note := string(raw[:end]) + strings.Join(other, "")
		if _, err := pol.open([]byte(note)); err == nil {
			return fmt.Errorf("a wrong signature of %s was accepted", f[1])
		}
		found++
	}
	if found == 0 {
		return fmt.Errorf("there was no signature to change")
	}
	return nil
}

func (p *policy) names() map[string]bool {
	names := map[string]bool{}
	for _, v := range p.logs {
		names[v.Name()] = true
	}
	for _, v := range p.witnesses {
		names[v.Name()] = true
	}
	return names
}

func changedEntries(src source, log *rebuilt) error {
	for _, first := range []int64{0, (log.tree.N - 1) / tileWidth * tileWidth} {
		path := tilePath(bundleTile(first, log.tree.N))
		if _, err := rebuild(&damaged{src, path, 2}, log.tree); err == nil {
			return fmt.Errorf("%s was accepted", path)
		}
	}
	return nil
}

// changedTiles damages the first and last hash of each tile. Both the comparison with the entries
// and a path read through the damaged tile must show it.
func changedTiles(src source, log *rebuilt) error {
	for _, t := range log.tiles() {
		for _, item := range []int{0, t.W - 1} {
			bad := &damaged{src, tilePath(t), item * tlog.HashSize}
			if err := log.checkTile(bad, t); err == nil {
				return fmt.Errorf("%s, hash %d: the damage was not found", tilePath(t), item)
			}
			if log.pathsHold(bad, t, item) {
				return fmt.Errorf("%s, hash %d: sumdb/tlog accepted it", tilePath(t), item)
			}
		}
	}
	return nil
}

// pathsHold says whether one hash of a tile, and inclusion paths that lead past it, can be read and
// hold. Such paths are those of the entry beside it, of the first entry and of the last. They are
// checked to the end because Debian 12's tile reader does not authenticate every full tile by itself.
func (l *rebuilt) pathsHold(src source, t tlog.Tile, item int) bool {
	reader := tlog.TileHashReader(l.tree, tileReader{src})
	index := tlog.StoredHashIndex(tileHeight*t.L, t.N<<tileHeight+int64(item))
	if _, err := reader.ReadHashes([]int64{index}); err != nil {
		return false
	}
	beside := (t.N<<tileHeight + int64(item^1)) << uint(tileHeight*t.L)
	for _, i := range []int64{beside, 0, l.tree.N - 1} {
		if i < l.tree.N && l.checkPath(src, i) != nil {
			return false
		}
	}
	return true
}

func changedInclusion(log *rebuilt) error {
	for _, i := range sample(log.tree.N) {
		proof, err := tlog.ProveRecord(log.tree.N, i, log)
		if err != nil {
			return err
		}
		leaf := tlog.RecordHash(log.entries[i])
		check := func(p tlog.RecordProof, leaf tlog.Hash) error {
			if tlog.CheckRecord(p, log.tree.N, log.tree.Hash, i, leaf) == nil {
				return fmt.Errorf("a wrong proof of entry %d was accepted", i)
			}
			return nil
		}
		for k := range proof {
			changed := append(tlog.RecordProof(nil), proof...)
			changed[k][0] ^= 1
			if err := check(changed, leaf); err != nil {
				return err
			}
		}
		if err := check(append(proof, leaf), leaf); err != nil {
			return err
		}
		leaf[31] ^= 1
		if err := check(proof, leaf); err != nil {
			return err
		}
	}
	return nil
}

func changedConsistency(src source, log *rebuilt) error {
	size := log.tree.N/2 + 1
	root, err := tlog.TreeHash(size, log)
	if err != nil {
		return err
	}
	old := tlog.Tree{N: size, Hash: root}
	if err := checkConsistency(src, log.tree, old); err != nil {
		return fmt.Errorf("size %d: the true root was refused: %v", size, err)
	}
	old.Hash[0] ^= 1
	if err := checkConsistency(src, log.tree, old); err == nil {
		return fmt.Errorf("size %d: another root was accepted", size)
	}
	proof, err := tlog.ProveTree(log.tree.N, size, log)
	if err != nil {
		return err
	}
	for k := range proof {
		changed := append(tlog.TreeProof(nil), proof...)
		changed[k][0] ^= 1
		if tlog.CheckTree(changed, log.tree.N, log.tree.Hash, size, root) == nil {
			return fmt.Errorf("size %d: a wrong proof was accepted", size)
		}
	}
	return nil
}
