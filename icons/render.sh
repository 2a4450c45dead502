#!/bin/sh
# Draws the .png and .ico files anew from the .svg masters. Needs rsvg-convert (librsvg2-bin) and icotool (icoutils).
set -eu
cd "$(dirname "$0")"
draw() { rsvg-convert -w "$2" -h "$2" "$1" -o "$3"; }
for size in 16 24 32; do draw rimbalzo-small.svg $size rimbalzo-$size.png; done
for size in 48 64 128 256; do draw rimbalzo.svg $size rimbalzo-$size.png; done
draw rimbalzo.svg 512 rimbalzo.png
for size in 22 32 64; do
	draw rimbalzo-tray.svg $size rimbalzo-tray-light-$size.png
	sed 's/#000000/#ffffff/g' rimbalzo-tray.svg | rsvg-convert -w $size -h $size -o rimbalzo-tray-dark-$size.png
done
icotool -c -o rimbalzo.ico rimbalzo-16.png rimbalzo-32.png rimbalzo-48.png --raw=rimbalzo-256.png
