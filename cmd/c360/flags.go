package main

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
)

// newFlags returns a flag set that prints help to the subcommand's own output.
func newFlags(e env, name, help string) *flag.FlagSet {
	fs := flag.NewFlagSet("c360 "+name, flag.ContinueOnError)
	fs.SetOutput(e.stderr)
	fs.Usage = func() {
		fmt.Fprintf(e.stderr, "%s\n\nFlags (each has an environment twin, for example --data is C360_DATA):\n", strings.TrimSpace(help))
		fs.PrintDefaults()
	}
	return fs
}

// parse reads the environment twins, then the arguments, so that a flag beats its twin.
func parse(e env, fs *flag.FlagSet, args []string) error {
	var bad error
	fs.VisitAll(func(f *flag.Flag) {
		name := "C360_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value := e.getenv(name)
		if value == "" || bad != nil {
			return
		}
		if err := fs.Set(f.Name, value); err != nil {
			bad = usageError{fmt.Errorf("%s=%q: %w", name, value, err)}
		}
	})
	if bad != nil {
		return bad
	}
	return parseArgs(fs, args)
}

func parseArgs(fs *flag.FlagSet, args []string) error {
	err := fs.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return usageError{err}
}

// parseOnly is parse for subcommands that take no arguments beside flags.
func parseOnly(e env, fs *flag.FlagSet, args []string) error {
	if err := parse(e, fs, args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return usageError{fmt.Errorf("what is %q? this command takes flags only", fs.Arg(0))}
	}
	return nil
}

// parseMixed is parse for subcommands whose arguments may stand before, between and after the flags.
func parseMixed(e env, fs *flag.FlagSet, args []string) (rest []string, err error) {
	for err = parse(e, fs, args); err == nil && fs.NArg() > 0; err = parseArgs(fs, fs.Args()[1:]) {
		rest = append(rest, fs.Arg(0))
	}
	return rest, err
}

// folderOrURL settles which is meant of --data and --url when both have a value: the one among the arguments beats the
// environment twin of the other. It clears the url if that is the folder.
func folderOrURL(args []string, url *string) error {
	data := slices.ContainsFunc(args, func(a string) bool { return isFlag(a, "data") })
	if data && slices.ContainsFunc(args, func(a string) bool { return isFlag(a, "url") }) {
		return usageError{errors.New("--data opens the folder of a c360 that is stopped, --url asks one that runs; give one of them")}
	}
	if data {
		*url = ""
	}
	return nil
}

func isFlag(arg, name string) bool {
	given, _, _ := strings.Cut(arg, "=")
	return given == "-"+name || given == "--"+name
}
