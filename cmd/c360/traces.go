package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// traces is where spans go: to the collector that the environment names, or, if it names none, nowhere (nil). Nothing
// else of the process knows it; whoever makes spans is given a provider.
type traces struct{ sdk *sdktrace.TracerProvider }

// flushPatience is how long a collector may take with the last spans when c360 stops.
const flushPatience = 5 * time.Second

// openTraces reads the environment variables of OpenTelemetry: OTEL_EXPORTER_OTLP_ENDPOINT (http://collector:4318)
// switches traces on, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS and OTEL_TRACES_SAMPLER
// mean what they mean everywhere.
func openTraces(ctx context.Context, getenv func(string) string, held roles, logger *slog.Logger) (*traces, error) {
	endpoint, err := traceEndpoint(getenv)
	if err != nil || endpoint == nil {
		return nil, err
	}
	client := otlptracehttp.NewClient(otlptracehttp.WithEndpointURL(endpoint.String()))
	exporter, err := otlptrace.New(ctx, client)
	if err != nil {
		return nil, fmt.Errorf("traces to %s: %w", placeOf(endpoint), err)
	}
	who, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithAttributes(
		attribute.String("service.name", "c360"), attribute.String("service.version", version), attribute.StringSlice("c360.roles", held.names()),
	), resource.WithFromEnv())
	if err != nil && !errors.Is(err, resource.ErrSchemaURLConflict) {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	logger.InfoContext(ctx, "traces are sent", slog.String("to", placeOf(endpoint)))
	return &traces{sdktrace.NewTracerProvider(sdktrace.WithBatcher(quiet{exporter, logger, endpoint}), sdktrace.WithResource(who))}, nil
}

// placeOf is what may be told of an endpoint: its path may hold a key.
func placeOf(endpoint *url.URL) string { return endpoint.Scheme + "://" + endpoint.Host }

// traceEndpoint returns where spans are posted to; nil is nowhere.
func traceEndpoint(getenv func(string) string) (*url.URL, error) {
	if strings.EqualFold(getenv("OTEL_SDK_DISABLED"), "true") || getenv("OTEL_TRACES_EXPORTER") == "none" {
		return nil, nil //nolint:nilnil // nil is nowhere
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"} {
		if p := getenv(name); p != "" && p != "http/protobuf" {
			return nil, usageError{fmt.Errorf("%s=%s: c360 speaks http/protobuf, which collectors take on port 4318", name, p)}
		}
	}
	name, below := "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", ""
	if getenv(name) == "" {
		name, below = "OTEL_EXPORTER_OTLP_ENDPOINT", "/v1/traces"
	}
	text := getenv(name)
	if text == "" {
		return nil, nil //nolint:nilnil // nil is nowhere
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" {
		return nil, usageError{fmt.Errorf("%s is not an address such as http://collector:4318 (keys go into OTEL_EXPORTER_OTLP_HEADERS)", name)}
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/")+below, ""
	return u, nil
}

// provider returns what makes spans, nil if nobody takes them.
func (t *traces) provider() trace.TracerProvider {
	if t == nil {
		return nil
	}
	return t.sdk
}

// tracer returns the tracer of the projections, nil if nobody takes spans.
func (t *traces) tracer() trace.Tracer {
	if t == nil {
		return nil
	}
	return t.sdk.Tracer("github.com/c360hq/c360/projections")
}

// close sends the last spans. A collector that does not answer holds nothing up for long.
func (t *traces) close() {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushPatience)
	defer cancel()
	_ = t.sdk.Shutdown(ctx) // what could not be sent is in the log already
}

// quiet tells the log of c360 what the exporter could not send. OpenTelemetry would tell a handler of the whole process.
type quiet struct {
	sdktrace.SpanExporter
	logger   *slog.Logger
	endpoint *url.URL
}

// ExportSpans implements sdktrace.SpanExporter.
func (q quiet) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if err := q.SpanExporter.ExportSpans(ctx, spans); err != nil {
		said := strings.ReplaceAll(err.Error(), q.endpoint.String(), placeOf(q.endpoint))
		q.logger.WarnContext(ctx, "spans could not be sent and are gone", slog.Int("spans", len(spans)), slog.String("error", said))
	}
	return nil
}
