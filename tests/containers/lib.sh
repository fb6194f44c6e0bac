# What the container scripts share. Sourced, not run. Each script gets a folder, projects and a network of its own, so that it reaches
# nothing of an installation on the same engine. What it finds out it says in lines; the first thing that is not so ends it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/scripts/postgres.sh"
image=smakom-mailer:test
port=$(free_port 15080)

say() { printf '  %s\n' "$*"; }
fail() { printf '  NOT SO: %s\n' "$*"; exit 1; }

# A folder as an administrator has it: the compose files, and a filled-in .env.
open_folder() {
  docker image inspect "$image" >/dev/null 2>&1 || docker build --quiet -t "$image" "$root" >/dev/null
  folder=$(mktemp -d)
  mkdir "$folder/keys"
  trap close_folder EXIT
  for file in docker-compose.yml compose.demo.yml; do sed 's/^name: /&test-/' "$root/$file" >"$folder/$file"; done
  cp "$root/.env.example" "$folder/.env"
  cd "$folder"
  set_env IMAGE "$image"
  set_env PORT "$port"
  set_env POSTGRES_PASSWORD 'gran$tall;"björk"=\en'
  set_env RUN_PASSWORD 'björk$gran;"tall"=\ek'
  set_env DOMAIN nyhetsbrev.gransele.example
  set_env SENDER_ORGANISATION 'Gransele byalag'
  set_env SENDER_ADDRESS nyhetsbrev@gransele.example
  set_env SENDER_CONTACT_EMAIL kansli@gransele.example
  set_env SENDER_POSTAL_ADDRESS 'Exempelgatan 1, 123 45 Gransele'
  set_env SENDER_SITE https://gransele.example
  set_env SMTP_HOST relay.gransele.example
  set_env SUBNET 172.31.251.0/24
}

# Ctrl-C and failures included: nothing stays.
close_folder() {
  docker compose -f docker-compose.yml --profile https down -v --remove-orphans --timeout 5 >/dev/null 2>&1 || true
  docker compose -f compose.demo.yml down -v --remove-orphans --timeout 5 >/dev/null 2>&1 || true
  docker image rm "$image-upgraded" >/dev/null 2>&1 || true
  cd /
  rm -rf "$folder"
}

# set_env NAME VALUE: as the example file says, between single quotes.
set_env() {
  sed -i "/^$1=/d" .env
  printf "%s='%s'\n" "$1" "$2" >>.env
}

smakom() { docker compose exec -T web smakom "$@"; }

# sql STATEMENT: its one value.
sql() { docker compose exec -T database psql -X -q -A -t -U smakom -d smakom -c "$1"; }

# until_true SECONDS COMMAND…: waits for it, with a limit.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 1
  done
}

# get PATH: sets status, and page.
get() {
  page=$(curl -s -m 30 -w '\n%{http_code}' "http://127.0.0.1:$port$1" || true)
  status=${page##*$'\n'}
  page=${page%$'\n'*}
}
