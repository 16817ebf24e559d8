package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight  = 8
	tileWidth   = 1 << tileHeight
	maxResponse = 32 << 20
)

var errNotFound = errors.New("not found")

// A source gives the resources of a C2SP tlog-tiles log by path.
type source interface {
	get(path string) ([]byte, error)
}

func newSource(address string) source {
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
		return &web{strings.TrimRight(address, "/"), &http.Client{Timeout: time.Minute}}
	}
	return folder(address)
}

type web struct {
	base   string
	client *http.Client
}

func (w *web) get(path string) ([]byte, error) {
	resp, err := w.client.Get(w.base + "/" + path)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("%s: %w", path, errNotFound)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	if err == nil && len(data) > maxResponse {
		err = fmt.Errorf("%s: more than %d bytes", path, maxResponse)
	}
	return data, err
}

type folder string

func (f folder) get(path string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(string(f), filepath.FromSlash(path)))
	if errors.Is(err, os.ErrNotExist) {
		err = fmt.Errorf("%s: %w", path, errNotFound)
	}
	return data, err
}

// damaged is a source in which one bit of one resource is wrong, in partial and full form.
type damaged struct {
	source
	path string
	at   int
}

func (d *damaged) get(path string) ([]byte, error) {
	data, err := d.source.get(path)
	if err != nil || number(path) != number(d.path) {
		return data, err
	}
	if d.at >= len(data) {
		return nil, fmt.Errorf("%s has no byte %d to damage", path, d.at)
	}
	changed := append([]byte(nil), data...)
	changed[d.at] ^= 1
	return changed, nil
}

// number is a tile's path without its width.
func number(path string) string {
	return strings.SplitN(path, ".p/", 2)[0]
}

// tilePath is the C2SP name of a tile: sumdb's path without the height, "entries" for "data".
func tilePath(t tlog.Tile) string {
	p := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	if strings.HasPrefix(p, "data/") {
		p = "entries/" + strings.TrimPrefix(p, "data/")
	}
	return "tile/" + p
}

// readTile reads a tile; a log may have dropped a partial tile once the full one exists.
func readTile(src source, t tlog.Tile) (data []byte, isFull bool, err error) {
	data, err = src.get(tilePath(t))
	if errors.Is(err, errNotFound) && t.W < tileWidth {
		t.W = tileWidth
		data, err = src.get(tilePath(t))
	}
	return data, t.W == tileWidth, err
}

// tileReader lets sumdb/tlog read hash tiles from a source.
type tileReader struct {
	src source
}

func (r tileReader) Height() int { return tileHeight }

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, isFull, err := readTile(r.src, t)
		if err != nil {
			return nil, err
		}
		if isFull && len(data) == tileWidth*tlog.HashSize {
			data = data[:t.W*tlog.HashSize]
		}
		all[i] = data
	}
	return all, nil
}

func (r tileReader) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
