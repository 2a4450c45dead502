package bounce

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedFolder gives a folder beside the module's root that is not part of the project; the test is skipped where it is absent.
func sharedFolder(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(filepath.Dir(dir), "shared", name)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("the samples are not here (%s beside the project): nothing to measure", filepath.Join("shared", name))
	}
	return path
}

// corpusMails reads the samples that speed is measured on: the shared ones, which are real mail, where they are, else our own.
func corpusMails(tb testing.TB) [][]byte {
	tb.Helper()
	if mails := mailsUnder(tb, filepath.Join("..", "..", "..", "shared", "corpus", "mail")); len(mails) > 0 {
		return mails
	}
	return mailsUnder(tb, "testdata/mail")
}

// sampleMails reads all samples: the shared ones where they are, and our own.
func sampleMails(tb testing.TB) [][]byte {
	tb.Helper()
	mails := append(mailsUnder(tb, filepath.Join("..", "..", "..", "shared", "corpus", "mail")), mailsUnder(tb, "testdata/mail")...)
	if len(mails) == 0 {
		tb.Fatal("no samples at all")
	}
	return mails
}

func mailsUnder(tb testing.TB, root string) [][]byte {
	tb.Helper()
	var mails [][]byte
	_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		mails = append(mails, data)
		return nil
	})
	return mails
}
