package deploy_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

const (
	chart = "helm/c360"
	// kubernetes are the oldest version that the chart takes and the newest that kubectl-validate has the schemas of.
	oldest, newest = "1.25.0", "1.30.0"
)

// object is a Kubernetes object, as far as it is looked at here.
type object struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct {
		Name   string
		Labels map[string]string
	}
	Spec map[string]any
}

// at walks down a path of a parsed document; a number as text is the place in a list. nil if there is nothing.
func at(v any, path ...string) any {
	for _, key := range path {
		switch x := v.(type) {
		case map[string]any:
			v = x[key]
		case []any:
			if len(x) == 0 {
				return nil
			}
			v = x[0]
		default:
			return nil
		}
	}
	return v
}

// helm runs helm with folders of its own; it gives what was said, and an error if helm ended with one.
func helm(t *testing.T, path string, args ...string) (string, error) {
	t.Helper()
	home := t.TempDir()
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "HELM_CACHE_HOME="+home, "HELM_CONFIG_HOME="+home, "HELM_DATA_HOME="+home)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func rendered(t *testing.T, path, values, version string) string {
	t.Helper()
	out, err := helm(t, path, "template", "shop", chart, "--namespace", "crm", "--kube-version", version, "-f", values)
	if err != nil {
		t.Fatalf("helm template -f %s: %v\n%s", values, err, out)
	}
	return out
}

func objects(t *testing.T, text string) []object {
	t.Helper()
	var all []object
	for d := yaml.NewDecoder(strings.NewReader(text)); ; {
		var o object
		err := d.Decode(&o)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if o.Kind != "" {
			all = append(all, o)
		}
	}
}

func valuesFiles(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(chart + "/ci/*.yaml")
	if err != nil || len(all) < 3 {
		t.Fatalf("values files: %v, %v", all, err)
	}
	return all
}

// TestChart: helm lints and renders the chart with each values file, Kubernetes takes what comes out, and every pod is
// safe, limited, asked how it is, and given the time it needs to stop.
func TestChart(t *testing.T) {
	t.Parallel()
	path, ok := tool(t, "helm", "helm lint, helm template, and all that is checked about what the chart renders")
	if !ok {
		return
	}
	for _, values := range valuesFiles(t) {
		t.Run(filepath.Base(values), func(t *testing.T) {
			t.Parallel()
			if out, err := helm(t, path, "lint", "--strict", chart, "--kube-version", newest, "-f", values); err != nil {
				t.Errorf("helm lint: %s", out)
			}
			all := objects(t, rendered(t, path, values, newest))
			known := twins(t)
			for i := range all {
				checkObject(t, &all[i], all, known)
			}
			validate(t, path, values)
		})
	}
}

// validate gives what is rendered to Kubernetes's own schemas.
func validate(t *testing.T, helmPath, values string) {
	t.Helper()
	validator, ok := tool(t, "kubectl-validate", "the schemas of Kubernetes on what the chart renders")
	if !ok {
		return
	}
	for _, version := range []string{oldest, newest} {
		var kept []string
		for doc := range strings.SplitSeq(rendered(t, helmPath, values, version), "\n---\n") {
			if strings.Contains(doc, "monitoring.coreos.com") {
				t.Log("NOT RUN, because that operator's schema is not at hand: the ServiceMonitor against a schema")
				continue
			}
			kept = append(kept, doc)
		}
		file := written(t, "all.yaml", strings.Join(kept, "\n---\n"))
		run(t, validator, "--version", version[:strings.LastIndex(version, ".")], file)
	}
}

func checkObject(t *testing.T, o *object, all []object, known map[string]bool) {
	t.Helper()
	switch o.Kind {
	case "Deployment", "StatefulSet":
		checkWorkload(t, o, known)
		if !slices.ContainsFunc(all, func(b object) bool { return b.Kind == "PodDisruptionBudget" && b.Metadata.Name == o.Metadata.Name }) {
			t.Errorf("%s has no PodDisruptionBudget", o.Metadata.Name)
		}
	case "Service", "PodDisruptionBudget", "NetworkPolicy":
		selector, _ := at(o.Spec, "selector").(map[string]any)
		for _, path := range [][]string{{"selector", "matchLabels"}, {"podSelector", "matchLabels"}} {
			if m, ok := at(o.Spec, path...).(map[string]any); ok {
				selector = m
			}
		}
		if !slices.ContainsFunc(all, func(w object) bool { return selects(selector, &w) }) {
			t.Errorf("%s %s selects no pod: %v", o.Kind, o.Metadata.Name, selector)
		}
	case "ServiceAccount", "Ingress", "ServiceMonitor":
	default:
		t.Errorf("%s %s: what is that for?", o.Kind, o.Metadata.Name)
	}
}

func selects(selector map[string]any, w *object) bool {
	labels, ok := at(w.Spec, "template", "metadata", "labels").(map[string]any)
	for key, value := range selector {
		ok = ok && labels[key] == value
	}
	return ok && len(selector) > 0
}

func checkWorkload(t *testing.T, o *object, known map[string]bool) {
	t.Helper()
	pod := at(o.Spec, "template", "spec")
	box := at(pod, "containers", "0")
	for what, want := range map[string][]any{
		"the account's token":        {at(pod, "automountServiceAccountToken"), false},
		"not root":                   {at(pod, "securityContext", "runAsNonRoot"), true},
		"seccomp":                    {at(pod, "securityContext", "seccompProfile", "type"), "RuntimeDefault"},
		"a read-only root":           {at(box, "securityContext", "readOnlyRootFilesystem"), true},
		"no more privileges":         {at(box, "securityContext", "allowPrivilegeEscalation"), false},
		"no capabilities":            {at(box, "securityContext", "capabilities", "drop", "0"), "ALL"},
		"whether it lives":           {at(box, "livenessProbe", "httpGet", "path"), "/healthz"},
		"whether it has started":     {at(box, "startupProbe", "httpGet", "path"), "/healthz"},
		"whether it is worth asking": {at(box, "readinessProbe", "httpGet", "path"), "/readyz"},
	} {
		if want[0] != want[1] {
			t.Errorf("%s: %s: %v, want %v", o.Metadata.Name, what, want[0], want[1])
		}
	}
	for _, amount := range []string{"requests", "limits"} {
		if at(box, "resources", amount, "memory") == nil || at(box, "resources", amount, "cpu") == nil {
			t.Errorf("%s: no %s", o.Metadata.Name, amount)
		}
	}
	if grace, _ := at(pod, "terminationGracePeriodSeconds").(int); grace < 25 {
		t.Errorf("%s: %d s to stop; draining and the requests under way need 25", o.Metadata.Name, grace)
	}
	if image, _ := at(box, "image").(string); !pinned(image) {
		t.Errorf("%s: image %s", o.Metadata.Name, image)
	}
	list, _ := at(box, "env").([]any)
	for _, e := range list {
		if name, _ := at(e, "name").(string); !known[name] && !strings.HasPrefix(name, "OTEL_") {
			t.Errorf("%s: %s is the twin of no flag of c360 serve", o.Metadata.Name, name)
		}
		if value, _ := at(e, "value").(string); strings.Contains(value, "@") {
			t.Errorf("%s: an engine's address stands in the chart and not in a Secret", o.Metadata.Name)
		}
	}
}

// TestChartSplit: each role is a workload of its own; two projectors, of which one stands by.
func TestChartSplit(t *testing.T) {
	t.Parallel()
	path, ok := tool(t, "helm", "the split mode of the chart")
	if !ok {
		return
	}
	replicas := map[string]any{}
	for _, o := range objects(t, rendered(t, path, chart+"/ci/split.yaml", newest)) {
		if o.Kind != "Deployment" && o.Kind != "StatefulSet" {
			continue
		}
		list, _ := at(o.Spec, "template", "spec", "containers", "0", "env").([]any)
		for _, e := range list {
			if at(e, "name") == "C360_ROLES" {
				role, _ := at(e, "value").(string)
				replicas[role] = at(o.Spec, "replicas")
			}
		}
	}
	for _, role := range []string{"ingest", "project", "query", "console"} {
		if replicas[role] != 2 {
			t.Errorf("%v pods with the role %s, want 2", replicas[role], role)
		}
	}
}

// TestChartRefuses: values that would leave reads open, or could not work, are refused with what to do.
func TestChartRefuses(t *testing.T) {
	t.Parallel()
	path, ok := tool(t, "helm", "what the chart refuses")
	if !ok {
		return
	}
	for set, want := range map[string]string{
		"mode=single":               "openReads is false",
		"mode=split,openReads=true": "engines.log.secret",
		"mode=split,openReads=true,engines.log.secret=x": "engines.store.secret",
		"mode=splt":                                       "mode",
		"openReads=true,image.tag=latest":                 "tag",
		"openReads=true,storage.size=1Gi":                 "storage",
		"openReads=true,terminationGracePeriodSeconds=20": "drainSeconds + 20",
		"openReads=true,mode=split,engines.log.secret=x,engines.store.secret=x": "sources.secret",
	} {
		out, err := helm(t, path, "template", "shop", chart, "--kube-version", newest, "--set", set)
		if err == nil || !strings.Contains(out, want) {
			t.Errorf("--set %s: %v %s, want a refusal that speaks of %q", set, err, out, want)
		}
	}
}
