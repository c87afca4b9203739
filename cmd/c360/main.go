package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/c360hq/c360/projections/sqlitestore"
)

// version is set by the build (-ldflags -X main.version=...).
var version = "devel"

// exit codes, the same for every subcommand.
const (
	exitOK      = 0
	exitFailed  = 1
	exitUsage   = 2
	exitPartial = 3 // done, but some lines were rejected
)

// errPartial makes a subcommand exit with exitPartial; its message was already shown.
var errPartial = errors.New("some of it was rejected")

// command is one subcommand. run gets the arguments after its name.
type command struct {
	name, line string
	run        func(ctx context.Context, env env, args []string) error
}

// env is the outside of a subcommand, so that tests can bring their own.
type env struct {
	stdout, stderr io.Writer
	getenv         func(string) string
}

var commands = []command{
	{"serve", "run c360: take touchpoints in, fold them, show them", runServe},
	{"demo", "run c360 with a made-up company in it", runDemo},
	{"import", "send a file of touchpoints (NDJSON, CSV, gz)", runImport},
	{"export", "write history as tables: Parquet, CSV, NDJSON", runExport},
	{"customer", "show one customer, now or as of an instant", runCustomer},
	{"analytics", "figures about all customers, or those of a segment", runAnalytics},
	{"value", "what customers are worth, and will be", runValue},
	{"churn", "say who is slipping away, why, and how well that is known", runChurn},
	{"segments", "define segments, try them, say who is in and why", runSegments},
	{"products", "what goes together, and who cares about what arrives", runProducts},
	{"recommend", "what one customer may want next, and why", runRecommend},
	{"rebuild", "fold the log into a fresh read store and swap it in", runRebuild},
	{"generations", "build, watch, swap and drop read stores of a c360 that runs", runGenerations},
	{"diff", "say how two generations differ, and for whom", runDiff},
	{"whatif", "try other identity rules on history and say who would differ", runWhatIf},
	{"replay", "tell again what happened, at a speed", runReplay},
	{"parked", "list, show, try again and skip what could not be folded", runParked},
	{"verify", "check every byte of the log", runVerify},
	{"log", "move a log to another engine, say where it ends", runLog},
	{"health", "ask a c360 that runs whether it is well", runHealth},
	{"bench", "measure c360 beside the engines it stands on", runBench},
	{"version", "say which c360 this is", runVersion},
}

func main() {
	if err := sqlitestore.Reserve(sqlitestore.CacheBytes); err != nil {
		fmt.Fprintln(os.Stderr, "c360 takes more memory than it has to:", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, env{stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}, os.Args[1:])
	stop()
	os.Exit(code)
}

// run finds the subcommand and turns its error into an exit code.
func run(ctx context.Context, e env, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(e.stdout)
		return exitOK
	}
	for _, c := range commands {
		if c.name == args[0] {
			return code(e, c.name, c.run(ctx, e, args[1:]))
		}
	}
	fmt.Fprintf(e.stderr, "c360: there is no command %q\n\n", args[0])
	usage(e.stderr)
	return exitUsage
}

func code(e env, name string, err error) int {
	var u usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errPartial):
		return exitPartial
	case errors.As(err, &u):
		fmt.Fprintf(e.stderr, "c360 %s: %v\n  c360 %s --help tells more\n", name, err, name)
		return exitUsage
	default:
		fmt.Fprintf(e.stderr, "c360 %s: %v\n", name, err)
		return exitFailed
	}
}

// usageError is a mistake in the command line.
type usageError struct{ error }

func usage(w io.Writer) {
	fmt.Fprint(w, "c360 keeps every touchpoint a customer has with you, and shows the whole story.\n\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  c360 %-11s %s\n", c.name, c.line)
	}
	fmt.Fprint(w, "\nc360 COMMAND --help tells more. Every flag has an environment twin: --listen is C360_LISTEN.\n"+
		"Start here: c360 demo\n")
}

func runVersion(_ context.Context, e env, _ []string) error {
	_, err := fmt.Fprintln(e.stdout, "c360", version)
	return err
}
