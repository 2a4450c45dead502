package about

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	// The toolkit complains of LANG=C.
	if err := os.Setenv("LANG", "en_US.UTF-8"); err != nil {
		os.Exit(1)
	}
	os.Exit(m.Run())
}
