package onpath

import "testing"

func TestWithAndWithout(t *testing.T) {
	const dir = `C:\Users\anna\AppData\Local\Programs\Rimbalzo`
	for list, want := range map[string]struct{ with, without string }{
		"":                       {dir, ""},
		`%USERPROFILE%\bin`:      {`%USERPROFILE%\bin;` + dir, `%USERPROFILE%\bin`},
		`C:\a;C:\b;`:             {`C:\a;C:\b;` + dir, `C:\a;C:\b;`},
		`C:\a;;C:\b`:             {`C:\a;;C:\b;` + dir, `C:\a;;C:\b`},
		dir:                      {dir, ""},
		`C:\a;` + dir + `\;C:\b`: {`C:\a;C:\b;` + dir, `C:\a;C:\b`},
		`"` + dir + `";C:\b`:     {`C:\b;` + dir, `C:\b`},
		`C:\a;` + dir + `2`:      {`C:\a;` + dir + `2;` + dir, `C:\a;` + dir + `2`},
		`c:\users\ANNA\appdata\local\programs\rimbalzo`: {dir, ""},
	} {
		if got := with(list, dir); got != want.with {
			t.Errorf("with it, %q is %q, want %q", list, got, want.with)
		}
		if got := without(list, dir); got != want.without {
			t.Errorf("without it, %q is %q, want %q", list, got, want.without)
		}
	}
}
