package natslog_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain has more tests run at once than there are processors, for most of them wait for servers. -parallel goes before it.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
