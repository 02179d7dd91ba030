# Sourced, not run: installs what is missing, starts a throw-away PostgreSQL and Redis on ports of
# their own and finds Chromium. Exports TEST_DATABASE_URL, TEST_REDIS_URL and CHROMIUM; everything
# is stopped and removed when the shell that sourced it ends.
#
# Installing needs root and Debian or one of its kind; where all is installed neither is needed.

servers_say() { printf '== %s\n' "$*" >&2; }

servers_install() {
  local missing=()
  servers_pg_bin >/dev/null || missing+=(postgresql)
  command -v redis-server >/dev/null || missing+=(redis-server)
  servers_chromium >/dev/null || missing+=(chromium)
  [ ${#missing[@]} -eq 0 ] && return 0

  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    servers_say "Missing: ${missing[*]}. Install them, or run this as root on Debian or Ubuntu."
    return 1
  fi
  servers_say "Installing ${missing[*]} ..."
  apt-get update -qq >/dev/null || return 1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null 2>&1 || { servers_say "apt-get install failed."; return 1; }
}

# Prints the folder with initdb and pg_ctl, the newest version first.
servers_pg_bin() {
  local folder
  if command -v initdb >/dev/null; then dirname "$(command -v initdb)"; return 0; fi
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -Vr); do
    [ -x "$folder/initdb" ] && { printf '%s\n' "$folder"; return 0; }
  done
  return 1
}

servers_chromium() {
  local name
  [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && { printf '%s\n' "$CHROMIUM"; return 0; }
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" && return 0
  done
  return 1
}

servers_free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# PostgreSQL refuses to run as root.
servers_as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

servers_start_postgresql() {
  local bin port data="$SERVERS_DIR/postgresql"
  bin=$(servers_pg_bin) && port=$(servers_free_port) || return 1
  mkdir -p "$data"
  if [ "$(id -u)" -eq 0 ]; then chown postgres "$data"; fi
  # A cluster that lives for one test run need not survive a power cut.
  local options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$data"
  options+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
  (
    cd "$data" || exit 1
    servers_as_postgres "$bin/initdb" -D "$data/cluster" -U attune -A trust -E UTF8 --no-sync \
      >"$SERVERS_DIR/initdb.log" 2>&1 &&
      servers_as_postgres "$bin/pg_ctl" -D "$data/cluster" -l "$data/log" -w -o "$options" start \
        >/dev/null
  ) || { servers_say "PostgreSQL did not start:"; cat "$SERVERS_DIR/initdb.log" "$data/log" >&2; return 1; }
  SERVERS_PG_CTL="$bin/pg_ctl"
  export TEST_DATABASE_URL="postgres://attune@127.0.0.1:$port/postgres"
}

servers_start_redis() {
  local port tries
  port=$(servers_free_port) || return 1
  redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$SERVERS_DIR" \
    >"$SERVERS_DIR/redis.log" 2>&1 &
  SERVERS_REDIS_PID=$!
  for tries in $(seq 50); do
    redis-cli -p "$port" ping >/dev/null 2>&1 && break
    [ "$tries" -eq 50 ] && { servers_say "Redis did not start:"; cat "$SERVERS_DIR/redis.log" >&2; return 1; }
    sleep 0.1
  done
  export TEST_REDIS_URL="redis://127.0.0.1:$port/0"
}

servers_stop() {
  if [ -n "${SERVERS_REDIS_PID:-}" ]; then kill "$SERVERS_REDIS_PID" 2>/dev/null; fi
  if [ -n "${SERVERS_PG_CTL:-}" ]; then
    (cd "$SERVERS_DIR" && servers_as_postgres "$SERVERS_PG_CTL" \
      -D "$SERVERS_DIR/postgresql/cluster" -m immediate stop >/dev/null 2>&1)
  fi
  rm -rf "$SERVERS_DIR"
}

servers_install || return 1
SERVERS_DIR=$(mktemp -d "${TMPDIR:-/tmp}/attune-servers.XXXXXX")
chmod 755 "$SERVERS_DIR"
trap servers_stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
servers_start_postgresql || return 1
servers_start_redis || return 1
CHROMIUM=$(servers_chromium) || return 1
export CHROMIUM
servers_say "PostgreSQL: $TEST_DATABASE_URL"
servers_say "Redis: $TEST_REDIS_URL"
servers_say "Chromium: $CHROMIUM"
