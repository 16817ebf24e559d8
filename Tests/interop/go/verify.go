package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

// sampleMax bounds how many inclusion paths and earlier sizes are checked.
const sampleMax = 300

// keyID is the key hash of the signed note specification.
func keyID(name string, key []byte) uint32 {
	h := sha256.New()
	h.Write([]byte(name))
	h.Write([]byte("\n"))
	h.Write(key)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// A rebuilt log holds every hash, recomputed from the entries.
type rebuilt struct {
	tree    tlog.Tree
	entries [][]byte
	hashes  []tlog.Hash
}

func (l *rebuilt) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(l.hashes)) {
			return nil, fmt.Errorf("hash %d is not in the tree", x)
		}
		out[i] = l.hashes[x]
	}
	return out, nil
}

// rebuild reads every entry bundle and recomputes the tree; the root must come out.
func rebuild(src source, tree tlog.Tree) (*rebuilt, error) {
	l := &rebuilt{tree: tree}
	for first := int64(0); first < tree.N; first += tileWidth {
		entries, err := readBundle(src, bundleTile(first, tree.N))
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			hashes, err := tlog.StoredHashes(int64(len(l.entries)), e, l)
			if err != nil {
				return nil, err
			}
			l.entries = append(l.entries, e)
			l.hashes = append(l.hashes, hashes...)
		}
	}
	root, err := tlog.TreeHash(tree.N, l)
	if err != nil {
		return nil, err
	}
	if root != tree.Hash {
		return nil, fmt.Errorf("the entries give root %v, the checkpoint says %v", root, tree.Hash)
	}
	return l, nil
}

func bundleTile(first, size int64) tlog.Tile {
	width := size - first
	if width > tileWidth {
		width = tileWidth
	}
	return tlog.Tile{H: tileHeight, L: -1, N: first / tileWidth, W: int(width)}
}

func readBundle(src source, t tlog.Tile) ([][]byte, error) {
	data, isFull, err := readTile(src, t)
	if err != nil {
		return nil, err
	}
	count := t.W
	if isFull {
		count = tileWidth
	}
	var entries [][]byte
	for i := 0; i < count; i++ {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s ends inside entry %d", tilePath(t), i)
		}
		length := int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if len(data) != 0 {
		return nil, fmt.Errorf("%s has %d bytes too many", tilePath(t), len(data))
	}
	return entries[:t.W], nil
}

// tiles lists every hash tile of the tree, the widest of each.
func (l *rebuilt) tiles() []tlog.Tile {
	var widest []tlog.Tile
	for _, t := range tlog.NewTiles(tileHeight, 0, l.tree.N) {
		last := len(widest) - 1
		if last >= 0 && widest[last].L == t.L && widest[last].N == t.N {
			widest[last] = t
		} else {
			widest = append(widest, t)
		}
	}
	return widest
}

func (l *rebuilt) checkTiles(src source) error {
	for _, t := range l.tiles() {
		if err := l.checkTile(src, t); err != nil {
			return err
		}
	}
	return nil
}

func (l *rebuilt) checkTile(src source, t tlog.Tile) error {
	want, err := tlog.ReadTileData(t, l)
	if err != nil {
		return err
	}
	got, err := tileReader{src}.ReadTiles([]tlog.Tile{t})
	if err != nil {
		return err
	}
	if !bytes.Equal(got[0], want) {
		return fmt.Errorf("%s differs from what its entries give", tilePath(t))
	}
	return nil
}

// sample lists all numbers below n, or evenly spread ones with the first and the last.
func sample(n int64) []int64 {
	var out []int64
	step := n/sampleMax + 1
	for i := int64(0); i < n; i += step {
		out = append(out, i)
	}
	if n > 0 && out[len(out)-1] != n-1 {
		out = append(out, n-1)
	}
	return out
}

// checkInclusion proves entries through the served tiles alone.
func (l *rebuilt) checkInclusion(src source) error {
	for _, i := range sample(l.tree.N) {
		if err := l.checkPath(src, i); err != nil {
			return fmt.Errorf("entry %d: %v", i, err)
		}
	}
	return nil
}

func (l *rebuilt) checkPath(src source, i int64) error {
	proof, err := tlog.ProveRecord(l.tree.N, i, tlog.TileHashReader(l.tree, tileReader{src}))
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, l.tree.N, l.tree.Hash, i, tlog.RecordHash(l.entries[i]))
}

func (l *rebuilt) checkEarlierSizes() error {
	for _, i := range sample(l.tree.N) {
		size := i + 1
		root, err := tlog.TreeHash(size, l)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(l.tree.N, size, l)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, l.tree.N, l.tree.Hash, size, root); err != nil {
			return fmt.Errorf("size %d: %v", size, err)
		}
	}
	return nil
}

// checkOld checks that the log extends the tree of an older checkpoint note.
func checkOld(src source, pol *policy, cp *checkpoint, file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	old, err := pol.open(raw)
	if err != nil {
		return err
	}
	if old.origin != cp.origin {
		return fmt.Errorf("the origin is %q, not %q", old.origin, cp.origin)
	}
	return checkConsistency(src, cp.tree, old.tree)
}

func checkConsistency(src source, tree, old tlog.Tree) error {
	if old.N > tree.N || old.N < 1 {
		return fmt.Errorf("the older size %d is not between 1 and %d", old.N, tree.N)
	}
	proof, err := tlog.ProveTree(tree.N, old.N, tlog.TileHashReader(tree, tileReader{src}))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}
