package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
)

// pictureFolder holds the pictures of the documents and the packages.
const pictureFolder = "packaging/pictures"

// pictures draws the program's pages anew.
func pictures(w *workshop) error {
	files, err := drawn(w)
	if err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(w.root, pictureFolder, name), content, 0o644); err != nil {
			return fmt.Errorf("keeping a picture: %w", err)
		}
		fmt.Fprintf(w.out, "%s/%s: %d KB\n", pictureFolder, name, len(content)/1024)
	}
	return nil
}

// comparePictures fails where the program draws something else than the documents show.
func comparePictures(w *workshop) error {
	files, err := drawn(w)
	if err != nil {
		return err
	}
	var wrong []error
	for name, content := range files {
		kept, err := os.ReadFile(filepath.Join(w.root, pictureFolder, name))
		if err != nil || !bytes.Equal(kept, content) {
			wrong = append(wrong, fmt.Errorf("%s/%s is not what the program shows: go run ./packaging/dev pictures", pictureFolder, name))
		}
	}
	return errors.Join(wrong...)
}

// drawn has the program draw its pages in both languages, and gives the files by their names.
func drawn(w *workshop) (map[string][]byte, error) {
	exe, err := w.build(false)
	if err != nil {
		return nil, fmt.Errorf("building Rimbalzo: %w", err)
	}
	dir, err := os.MkdirTemp("", "rimbalzo-pictures-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for pictures: %w", err)
	}
	defer os.RemoveAll(dir)
	for _, lang := range []string{"it", "en"} {
		if err := w.run(nil, exe, "pictures", "--lang", lang, dir); err != nil {
			return nil, err
		}
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("looking for what was drawn: %w", err)
	}
	files := map[string][]byte{}
	for _, entry := range list {
		if files[entry.Name()], err = squeezed(filepath.Join(dir, entry.Name())); err != nil {
			return nil, fmt.Errorf("making %s smaller: %w", entry.Name(), err)
		}
	}
	return files, nil
}

// squeezed gives a picture's file with as many colours as a palette holds.
func squeezed(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	full, err := png.Decode(f)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, inPalette(full))
	return out.Bytes(), err
}

// inPalette gives a picture in 256 colours at most. Those that cover most of it stay as they are; what lies between them, mostly the
// edges of letters, takes the nearest.
func inPalette(full image.Image) *image.Paletted {
	bounds, cover := full.Bounds(), map[color.RGBA]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			cover[solid(full, x, y)]++
		}
	}
	small := image.NewPaletted(bounds, paletteOf(cover))
	nearest := map[color.RGBA]uint8{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := solid(full, x, y)
			i, known := nearest[c]
			if !known {
				i = uint8(small.Palette.Index(c))
				nearest[c] = i
			}
			small.SetColorIndex(x, y, i)
		}
	}
	return small
}

// solid is a point's colour; a window is not seen through.
func solid(img image.Image, x, y int) color.RGBA {
	c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
	c.A = 255
	return c
}

// paletteOf chooses the colours that cover most, as far from each other as it takes to get along with 256.
func paletteOf(cover map[color.RGBA]int) color.Palette {
	colours := make([]color.RGBA, 0, len(cover))
	for c := range cover {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(cover[b], cover[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	for gap := 0; ; gap++ {
		var palette color.Palette
		for _, c := range colours {
			if len(palette) > 256 {
				break
			}
			if !slices.ContainsFunc(palette, func(have color.Color) bool { return apart(have.(color.RGBA), c) < gap*gap }) {
				palette = append(palette, c)
			}
		}
		if len(palette) <= 256 {
			return palette
		}
	}
}

// apart is how far two colours are from each other, squared.
func apart(a, b color.RGBA) int {
	r, g, bl := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)
	return r*r + g*g + bl*bl
}
