package main

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// keysOf gives the keys of a set.
func keysOf(set map[string]bool) iter.Seq[string] { return maps.Keys(set) }

// licenceMark is how a licence is known: all of has are in its text, and none of not. Texts are compared in lower case, with
// single spaces.
type licenceMark struct {
	id       string // as SPDX names it (https://spdx.org/licenses/), or LicenseRef-
	allowed  bool   // may be linked into a program under the MIT licence and given away as a whole
	has, not []string
}

// licenceMarks are the licences that are recognised. Those that are not allowed are here to be named in the refusal.
var licenceMarks = []licenceMark{
	{"MIT", true, []string{"permission is hereby granted, free of charge, to any person obtaining a copy of this software", "shall be included in all copies"}, nil},
	{"ISC", true, []string{"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted"}, nil},
	{"ISC", true, []string{"permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted"}, nil},
	{"BSD-2-Clause", true, []string{"redistribution and use in source and binary forms", "redistributions in binary form must reproduce"}, []string{"neither the name", "all advertising materials", "the name of the author may not be used", "names of its contributors"}},
	{"BSD-3-Clause", true, []string{"redistribution and use in source and binary forms", "neither the name"}, []string{"all advertising materials"}},
	{"BSD-3-Clause", true, []string{"redistribution and use in source and binary forms", "names of its contributors may"}, []string{"all advertising materials", "neither the name"}},
	{"Apache-2.0", true, []string{"apache license", "version 2.0"}, nil},
	{"Zlib", true, []string{"this software is provided 'as-is', without any express or implied", "altered source versions must be plainly marked"}, nil},
	{"OFL-1.1", true, []string{"sil open font license version 1.1"}, nil},
	{"Bitstream-Vera", true, []string{"bitstream vera fonts copyright"}, nil},
	{"LicenseRef-Go-Patents", true, []string{"additional ip rights grant (patents)"}, nil},
	{"LicenseRef-Public-Domain", true, []string{"dedicated to the public domain by the authors"}, nil},
	{"MPL-2.0", false, []string{"mozilla public license"}, nil},
	{"GPL", false, []string{"gnu general public license"}, nil},
	{"LGPL", false, []string{"gnu lesser general public license"}, nil},
	{"AGPL", false, []string{"gnu affero general public license"}, nil},
	{"BSD-4-Clause", false, []string{"redistribution and use in source and binary forms", "all advertising materials"}, nil},
	{"EPL", false, []string{"eclipse public license"}, nil},
	{"CC-BY-SA", false, []string{"attribution-sharealike"}, nil},
	{"CC-BY-NC", false, []string{"attribution-noncommercial"}, nil},
}

// licenceExceptions are files that name what they do not apply, each with the reason. A file that is here and holds no such
// thing any more is an error, so that the list does not outlive its reasons.
var licenceExceptions = map[string]string{
	"modernc.org/memory/LICENSE-LOGO":         "the address of the picture in that project's own page, which is not linked",
	"modernc.org/sqlite/LICENSE-3RD-PARTY.md": "its section 3 says that the one module under MPL-2.0 is compiled into nothing; go list agrees",
}

// recognise names the licences in a text.
func recognise(text string) []string {
	plain := strings.Join(strings.Fields(strings.ToLower(strings.NewReplacer("“", `"`, "”", `"`, "’", "'", "*", " ", "#", " ", ">", " ").Replace(text))), " ")
	var ids []string
	for _, m := range licenceMarks {
		holds := func(s string) bool { return strings.Contains(plain, s) }
		if !slices.Contains(ids, m.id) && !slices.ContainsFunc(m.not, holds) && !slices.ContainsFunc(m.has, func(s string) bool { return !holds(s) }) {
			ids = append(ids, m.id)
		}
	}
	return ids
}

// allowed fails where a module has no licence, one that is not recognised, or one that the program must not be given away
// with. What an exception lets through is no longer named among a file's licences.
func allowed(all []licensed) error {
	var wrong []error
	unused := maps.Clone(licenceExceptions)
	for _, l := range all {
		if len(l.texts) == 0 {
			wrong = append(wrong, fmt.Errorf("%s comes without a licence", l.module))
		}
		for i, t := range l.texts {
			name := l.module + "/" + t.name
			err := t.allowed()
			switch {
			case err == nil:
			case licenceExceptions[name] != "":
				delete(unused, name)
				l.texts[i].ids = slices.DeleteFunc(t.ids, func(id string) bool { return !allowedID(id) })
			default:
				wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
			}
		}
	}
	for name := range unused {
		wrong = append(wrong, fmt.Errorf("%s needs no exception any more", name))
	}
	return errors.Join(wrong...)
}

func allowedID(id string) bool {
	return slices.ContainsFunc(licenceMarks, func(m licenceMark) bool { return m.id == id && m.allowed })
}

func (t licenceText) allowed() error {
	if len(t.ids) == 0 {
		return errors.New("a licence that is not known")
	}
	for _, id := range t.ids {
		if !allowedID(id) {
			return fmt.Errorf("the licence %s is not on the list of those that are allowed", id)
		}
	}
	return nil
}

// licencesText is everything in one text: who is in the program under which licence, then each text once.
func licencesText(all []licensed) string {
	var list, texts strings.Builder
	list.WriteString("Rimbalzo is made of its own code and of these parts of others. Their licences follow.\n\n")
	users := map[string][]string{} // of a text
	var order []string
	for _, l := range all {
		fmt.Fprintf(&list, "  %s (%s)\n", joinWords(l.module, l.version), strings.Join(l.ids(), ", "))
		for _, t := range l.texts {
			if users[t.text] == nil {
				order = append(order, t.text)
			}
			users[t.text] = append(users[t.text], l.module+", "+t.name)
		}
	}
	for _, text := range order {
		fmt.Fprintf(&texts, "\n%s\n%s\n\n%s\n", strings.Repeat("-", 72), strings.Join(users[text], "\n"), text)
	}
	return list.String() + texts.String()
}
