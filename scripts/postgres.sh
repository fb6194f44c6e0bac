# A private PostgreSQL for a checkout: own folder, own socket, a free port, a password of its own. Sourced, not run.

# open_postgres FOLDER: sets pg_home, under which lie data, log, port, password and socket, and pg_bin, the programs.
open_postgres() {
  pg_home=$1/postgres
  as_server=()
  if [ "$(id -u)" -eq 0 ]; then choose_home_for_root "$1"; fi
  mkdir -p "$pg_home"
  if [ -e "$pg_home/data" ] && [ "$(id -u)" -ne 0 ] && [ ! -O "$pg_home/data" ]; then
    fail "The database in $pg_home belongs to another user, who started it first. Start as that user, or give another folder: --data DIR."
  fi
  pg_bin=$(find_postgres)
}

# PostgreSQL refuses to run as root, so user postgres runs it, who must be able to reach the folder. Under /root (0700)
# it cannot: the database of such a checkout lies in /var/lib, under a name made from the checkout's path.
choose_home_for_root() {
  id postgres >/dev/null 2>&1 || fail "PostgreSQL does not run as root, and the user postgres, who would run it, is missing. Install with: apt-get install postgresql"
  as_server=(runuser -u postgres --)
  mkdir -p "$pg_home"
  chown postgres: "$pg_home"
  if ! server test -w "$pg_home"; then
    rmdir "$pg_home"
    pg_home=/var/lib/smakom-mailer/$(printf '%s' "$1" | sha256sum | cut -c1-12)
    (umask 022 && mkdir -p "$pg_home")
    chown postgres: "$pg_home"
  fi
}

# The programs that fit the data; the newest if there are no data yet; empty if there are none.
find_postgres() {
  local version=
  [ -e "$pg_home/data/PG_VERSION" ] && version=$(cat "$pg_home/data/PG_VERSION")
  local folder newest=
  while read -r folder; do
    [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] || continue
    newest=${newest:-$folder}
    if [ "$(major "$folder")" = "$version" ]; then echo "$folder"; return; fi
  done < <(command -v initdb | xargs -r readlink -f | xargs -r dirname; ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV)
  [ -z "$version" ] || [ -z "$newest" ] || fail "The database in $pg_home was made by PostgreSQL $version, and only PostgreSQL $(major "$newest") is installed.
Nothing was changed. Install postgresql-$version, or, since it holds sample data only, remove it with: rm -rf $pg_home"
  echo "$newest"
}

major() {
  "$1/postgres" --version | grep -oE '[0-9]+' | head -n 1
}

start_postgres() {
  [ -e "$pg_home/data/PG_VERSION" ] || make_cluster
  serving || start_server
  sql postgres "SELECT 'CREATE DATABASE smakom' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'smakom') \\gexec"
}

make_cluster() {
  rm -rf "$pg_home/data"
  (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$pg_home/password")
  [ ${#as_server[@]} -eq 0 ] || chown postgres: "$pg_home/password"
  # Made beside and moved into place, so that a power cut half-way leaves nothing that looks whole.
  rm -rf "$pg_home/new"
  local said
  said=$(server "$pg_bin/initdb" -D "$pg_home/new" -U smakom --pwfile="$pg_home/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 2>&1) \
    || fail "PostgreSQL's files could not be made: $said"
  mv "$pg_home/new" "$pg_home/data"
}

start_server() {
  local port
  port=$(free_port 15432)
  server mkdir -p "$pg_home/socket"
  forget_stale_pid
  if ! server "$pg_bin/pg_ctl" -D "$pg_home/data" -w -t 60 -l "$pg_home/log" -o "-p $port -k '$(socket_folder)' -c listen_addresses=127.0.0.1" start </dev/null >/dev/null 2>&1 9>&-; then
    fail "PostgreSQL did not start. The end of $pg_home/log:
$(tail -n 5 "$pg_home/log")"
  fi
  echo "$port" >"$pg_home/port"
}

stop_postgres() {
  serving || return 0
  server "$pg_bin/pg_ctl" -D "$pg_home/data" -w -t 60 -m fast stop </dev/null >/dev/null 2>&1
}

connection_string() {
  echo "Host=127.0.0.1;Port=$(cat "$pg_home/port");Database=smakom;Username=smakom;Password=$(cat "$pg_home/password")"
}

# The process that the pid file names runs, and stands in our data folder, as a server of ours does.
serving() {
  local pid
  pid=$(head -n 1 "$pg_home/data/postmaster.pid" 2>/dev/null) || return 1
  [ "$(readlink "/proc/$pid/cwd")" = "$(readlink -f "$pg_home/data")" ]
}

# After a power cut another process can have the number in the pid file, and PostgreSQL would believe itself running.
forget_stale_pid() {
  rm -f "$pg_home/data/postmaster.pid"
}

# The path of a socket has at most 107 bytes; in a deeper folder there is none, and TCP serves all.
socket_folder() {
  [ ${#pg_home} -gt 80 ] || echo "$pg_home/socket"
}

sql() {
  echo "$2" | PGPASSWORD=$(cat "$pg_home/password") server "$pg_bin/psql" -X -q -h 127.0.0.1 -p "$(cat "$pg_home/port")" -U smakom -d "$1" -v ON_ERROR_STOP=1
}

# As the user that may run PostgreSQL, from a folder that this user can stand in.
server() {
  (cd / && exec "${as_server[@]}" "$@")
}

# The first free port from here on, on the loopback address.
free_port() {
  local port=$1
  while in_use "$port"; do port=$((port + 1)); done
  echo "$port"
}

in_use() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
