#!/bin/sh
# Draws the .png and .ico files anew from the .svg masters. Needs rsvg-convert (librsvg2-bin) and icotool (icoutils).
set -eu
cd "$(dirname "$0")"
draw() { rsvg-convert -w "$2" -h "$2" "$1" -o "$3"; }
for size in 16 22 24 32 36; do draw rimbalzo-small.svg $size rimbalzo-$size.png; done
for size in 48 64 72 96 128 192 256; do draw rimbalzo.svg $size rimbalzo-$size.png; done
draw rimbalzo.svg 512 rimbalzo.png
for state in up trouble down unknown paused; do
	draw tray-$state.svg 64 tray-$state.png
	draw tray-$state.svg 16 .tray-16.png
	draw tray-$state.svg 32 .tray-32.png
	icotool -c -o tray-$state.ico .tray-16.png .tray-32.png
done
rm .tray-16.png .tray-32.png
icotool -c -o rimbalzo.ico rimbalzo-16.png rimbalzo-32.png rimbalzo-48.png --raw=rimbalzo-256.png
