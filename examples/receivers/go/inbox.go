package main

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// inbox is a folder of deliveries, each under its id. In its place a table with the id as its key does as well.
type inbox string

// keep stores a delivery whole or not at all; false when it has been kept before.
func (folder inbox) keep(id string, body []byte) (bool, error) {
	unfinished, err := os.CreateTemp(string(folder), ".unfinished-")
	if err != nil {
		return false, err
	}
	defer os.Remove(unfinished.Name())
	defer unfinished.Close()
	if _, err := unfinished.Write(body); err != nil {
		return false, err
	}
	if err := unfinished.Sync(); err != nil {
		return false, err
	}
	err = os.Link(unfinished.Name(), filepath.Join(string(folder), url.PathEscape(id)))
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, err
}
