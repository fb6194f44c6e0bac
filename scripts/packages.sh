# What a script needs from the machine. Sourced, not run.

# fail WORDS: says what is wrong, and ends.
fail() {
  echo "$1" >&2
  exit 1
}

require_dotnet() {
  command -v dotnet >/dev/null && (cd "$(dirname "${BASH_SOURCE[0]}")" && dotnet --version >/dev/null 2>&1) && return
  fail "The .NET SDK named in global.json is missing. Install it: https://learn.microsoft.com/dotnet/core/install/linux"
}

# need PACKAGE PROBE REASON: notes the package as missing unless the command PROBE succeeds.
missing_packages=()
missing_reasons=()
need() {
  if ! eval "$2" >/dev/null 2>&1; then
    missing_packages+=("$1")
    missing_reasons+=("$1 ($3)")
  fi
}

# Installs what need() found missing, or says in one line how to, and ends.
install_missing() {
  [ ${#missing_packages[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
  if ! command -v apt-get >/dev/null || { [ ${#as_root[@]} -gt 0 ] && ! sudo -n true 2>/dev/null; }; then
    fail "Missing: $(join_by ', ' "${missing_reasons[@]}"). Install with: sudo apt-get install ${missing_packages[*]}"
  fi
  echo "Installing $(join_by ', ' "${missing_reasons[@]}") …" >&2
  forbid_default_cluster "${as_root[@]}"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -q \
      && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing_packages[@]}"; } </dev/null >"$log" 2>&1; then
    fail "$(tail -n 5 "$log")
The packages could not be installed. All of what apt-get said is in $log. Try: sudo apt-get install ${missing_packages[*]}"
  fi
  "${as_root[@]}" rm -f "$log" "$no_default_cluster"
}

# Debian's package makes and starts a server of its own when it is first installed. Ours are private ones, so it is told not to.
no_default_cluster=/etc/postgresql-common/createcluster.d/smakom-no-default-cluster.conf
forbid_default_cluster() {
  "$@" sh -c "mkdir -p ${no_default_cluster%/*} && echo 'create_main_cluster = false' > $no_default_cluster"
}

join_by() {
  local separator=$1 joined=$2
  shift 2
  printf '%s' "$joined" "${@/#/$separator}"
}
