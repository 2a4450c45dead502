// Package words holds every sentence that a person reads, in Italian and English, with plurals, dates and numbers.
// Sentences live in locale/LANG/ROOM.toml, one file per room and language, with the same keys in both.
package words
