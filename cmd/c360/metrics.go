package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/ingest"
)

// scrapePatience is how long a scrape waits for the log.
const scrapePatience = time.Second

// show registers what every process has to tell, whatever its roles; services register their own.
func (a *app) show() {
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	showProcess(a.registry, a.roles)
	a.nats.show(a.registry)
	if a.house.log != nil {
		showLog(a.registry, a.house.log)
	}
	if a.house.generations != nil {
		a.registry.MustRegister(a.house.generations)
	}
}

// showProcess registers what this process is.
func showProcess(r prometheus.Registerer, held roles) {
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "c360_build_info", Help: "Which program this is; always 1.", ConstLabels: prometheus.Labels{"version": version},
	})
	info.Set(1)
	role := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "c360_role", Help: "What this process does; always 1."}, []string{"role"})
	for _, name := range held.names() {
		role.WithLabelValues(name).Set(1)
	}
	r.MustRegister(info, role)
}

// showGate registers how long the gate makes senders wait.
func showGate(r prometheus.Registerer, gate ingest.Gate) {
	for who, pause := range map[string]func() time.Duration{"imports": gate.Imports, "producers": gate.Producers} {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "c360_gate_pause_seconds", Help: "How long the gate makes them wait, because reading is behind; 0 is open.",
			ConstLabels: prometheus.Labels{"who": who},
		}, func() float64 { return pause().Seconds() }))
	}
}

// showLog registers where the log ends and, if its engine lies over a network, how often it had to connect again.
func showLog(r prometheus.Registerer, log events.Log) {
	r.MustRegister(logEnd{log, prometheus.NewDesc("c360_log_position", "Position of the last event of the log.", nil, nil)})
	if far, ok := log.(interface{ Reconnects() uint64 }); ok {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "c360_log_reconnects_total", Help: "Times the connection to the log was made anew.",
		}, func() float64 { return float64(far.Reconnects()) }))
	}
}

// logEnd is the head of the log. While the log does not answer it is not shown.
type logEnd struct {
	log  events.Log
	desc *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (l logEnd) Describe(ch chan<- *prometheus.Desc) { ch <- l.desc }

// Collect implements prometheus.Collector.
func (l logEnd) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapePatience)
	defer cancel()
	if head, err := l.log.Head(ctx); err == nil {
		ch <- prometheus.MustNewConstMetric(l.desc, prometheus.GaugeValue, float64(head.Position))
	}
}

// show registers how the connection of --nats does.
func (w *natsWays) show(r prometheus.Registerer) {
	if w == nil {
		return
	}
	r.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "c360_nats_connected", Help: "1 while the connection of --nats stands."}, func() float64 {
			if w.conn.IsConnected() {
				return 1
			}
			return 0
		}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "c360_nats_reconnects_total", Help: "Times the connection of --nats was made anew."},
			func() float64 { return float64(w.conn.Stats().Reconnects) }))
}
