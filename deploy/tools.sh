#!/usr/bin/env bash
# Brings the programs that read the files of deploy/ into .cache/bin: helm and kubectl-validate as pinned Go programs,
# promtool and nginx out of this machine's Debian packages, unpacked and not installed. Ends with an error if one is not to be had.
set -euo pipefail
cd "$(dirname "$0")/.."
bin="$PWD/.cache/bin"
mkdir -p "$bin"

helm=v3.22.0
kubectl_validate=v0.0.4

bring_go() { # name version package
  [ -x "$bin/$1" ] && [ "$(cat "$bin/$1.version" 2>/dev/null)" = "$2" ] && return
  echo "building $1 $2"
  GOFLAGS= GOBIN="$bin" go install "$3@$2"
  echo "$2" >"$bin/$1.version"
}

bring_deb() { # name package path-in-package
  [ -x "$bin/$1" ] || command -v "$1" >/dev/null && return
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    echo "missing: $1 (package $2). Install it, or run this where apt-get is." >&2
    exit 1
  fi
  echo "unpacking $1 out of the package $2"
  local dir
  dir=$(mktemp -d)
  chmod 755 "$dir"
  (cd "$dir" && { apt-get download -qq "$2" >/dev/null 2>&1 || { apt-get -qq update && apt-get download -qq "$2" >/dev/null; }; })
  dpkg-deb -x "$dir"/*.deb "$dir/root"
  cp "$dir/root/$3" "$bin/$1"
  rm -rf "$dir"
}

bring_go helm "$helm" helm.sh/helm/v3/cmd/helm
bring_go kubectl-validate "$kubectl_validate" sigs.k8s.io/kubectl-validate
bring_deb promtool prometheus usr/bin/promtool
bring_deb nginx nginx usr/sbin/nginx
if ! command -v systemd-analyze >/dev/null; then
  echo "missing: systemd-analyze (package systemd). Install it, or run this where systemd is." >&2
  exit 1
fi
for program in promtool nginx; do
  at=$(command -v "$bin/$program" || command -v "$program")
  case $program in nginx) flag=-v ;; *) flag=--version ;; esac
  "$at" $flag >/dev/null 2>&1 || { echo "$at does not start; a library it needs is missing. Install $program." >&2; exit 1; }
done
