package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/cmd/c360/delivery"
	"github.com/c360hq/c360/cmd/c360/demo"
)

const demoHelp = `
c360 demo runs c360 with LUMEN in it, a made-up Korean company with a web shop, an app, twelve stores and a call
center: 18 months of touchpoints, sent through the same door as anybody's, and then a live trickle. The history is
loaded on the first start only. Everybody in it is invented; phone numbers are from a range nobody can have.

Customers worth looking at, by phone number:
  010-0821-7730  김서연   asked why her order is late, could not pay, is on the phone now
  010-0203-9394  이도윤   asked on the web, continued by phone the next morning
  010-0787-7460  정미란   shares a phone with her son: a wrong merge
  010-0539-1658  배정윤   platinum, with an open complaint`

// demoKeys are the write keys of the demo's sources. They are no secret: the demo listens on loopback only.
var demoKeys = map[string]string{
	demo.SourceWeb: "demo-web-key", demo.SourceApp: "demo-app-key", demo.SourceShop: "demo-shop-key",
	demo.SourcePOS: "demo-pos-key", demo.SourceCall: "demo-call-key",
}

// heroPhone finds the customer to open first.
const heroPhone = "010-0821-7730"

// runDemo is runServe with a company in it.
func runDemo(ctx context.Context, e env, args []string) error {
	c := config{}
	fs := newFlags(e, "demo", demoHelp)
	c.serveFlags(fs)
	plan := demo.DefaultPlan(time.Now())
	fs.IntVar(&plan.Customers, "customers", plan.Customers, "how many people the company knows")
	fs.IntVar(&plan.Months, "months", plan.Months, "how much history")
	fs.Uint64Var(&plan.Seed, "seed", plan.Seed, "another seed is another company")
	rate := fs.Int("rate", 3, "touchpoints a second after the history; 0 for none")
	open := fs.Bool("open", true, "open a browser when there is one")
	if err := fs.Set("data", "data/demo"); err != nil {
		return err
	}
	if err := parseOnly(e, fs, args); err != nil {
		return err
	}
	if err := errors.Join(c.check(), plan.Check()); err != nil {
		return usageError{err}
	}
	c.sources = demo.SourcesSpec(demoKeys)
	a, err := openApp(ctx, &c, e)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "c360 is up: %s\n", a.url())
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.run(ctx) })
	g.Go(func() error { return stopped(ctx, demo.Run(ctx, a.demoOptions(ctx, &c, e, plan, *rate, *open))) })
	return g.Wait()
}

// stopped drops the error of work that ended because it was told to.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}

func (a *app) demoOptions(ctx context.Context, c *config, e env, plan demo.Plan, rate int, open bool) demo.Options {
	return demo.Options{
		Plan: plan, Sender: &demo.Sender{Client: &delivery.Client{URL: a.url()}, Keys: demoKeys},
		Progress: e.stderr, Now: time.Now, Dir: c.data, PerSecond: rate,
		Loaded: func(m demo.Memory) {
			if err := decideDemo(ctx, &api{url: a.url(), doer: http.DefaultClient}, m.Plan); err != nil {
				fmt.Fprintln(e.stderr, err)
			}
			page := a.url() + "/customers?q=" + url.QueryEscape(heroPhone)
			fmt.Fprintf(e.stdout, "c360 is ready: %s\n  김서연 is on the phone, start there: %s\n", a.url(), page)
			if open {
				openBrowser(ctx, e, page)
			}
		},
	}
}

// openBrowser shows a page if this machine has a screen; if not, the address was printed.
func openBrowser(ctx context.Context, e env, page string) {
	if e.getenv("DISPLAY") == "" && e.getenv("WAYLAND_DISPLAY") == "" {
		return
	}
	path, err := exec.LookPath("xdg-open")
	if err != nil {
		return
	}
	cmd := exec.CommandContext(ctx, path, page) //nolint:gosec // G204: our own address, a program of the desktop
	cmd.Stderr = os.Stderr
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }()
	}
}
