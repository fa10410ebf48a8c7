"""The sections of docs/performance.md about the log, for scripts/bench."""
import os, statistics

PAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "docs/performance.md")
LOG_ROUNDS, LOG_SIZES = 11, (1_000, 10_000, 100_000, 1_000_000)
APPEND_MAX_MS, PROOF_MAX_MS, SEARCH_MAX_MS, LOG_CPU_MAX_US = 25.0, 2.0, 20.0, 60.0
RECORD_MAX_MS, RECORD_MAX_BYTES = 50.0, 4096
VERIFIED, VERIFY_MEMORY_MAX_MB = 1_000_000, 200
LOG_NAMES = [
    ("append, 1 at a time, ms", "append-1-ms"), ("append, 64 at a time, ms", "append-64-ms"),
    ("append, 256 at a time, ms", "append-256-ms"), ("entries/s, 64 at a time", "append-64-rate"),
    ("entries/s, 256 at a time", "append-256-rate"), ("CPU µs/entry, 64 at a time", "append-64-cpu-us"),
    ("the same in the database server", "server-cpu-us"), ("inclusion proof, ms", "inclusion-ms"),
    ("consistency proof, ms", "consistency-ms"), ("search by leaf hash, ms", "leaf-hash-ms"),
    ("search by identity, ms", "search-ms"), ("the first one after a start, ms", "search-first-ms"),
    ("bytes/entry on disk", "bytes"), ("start, ms", "start-ms")]


def growth_table(sizes):
    def cell(size, what):
        middle, tail, low, high = sizes[size, what]
        if what in ("bytes", "start-ms", "server-cpu-us"):
            return f"{middle:.0f}"
        if what == "search-first-ms":
            return f"{middle:.1f}"
        if what.endswith("-ms"):
            return f"{middle:.2f} ({low:.2f} … {high:.2f}); {tail:.2f}"
        return f"{middle:.0f} ({low:.0f} … {high:.0f})"

    lines = ["| what | " + " | ".join(f"{size:,}" for size in LOG_SIZES) + " |", "|---|" + "---:|" * len(LOG_SIZES)]
    return lines + [f"| {name} | " + " | ".join(cell(size, what) for size in LOG_SIZES) + " |"
                    for name, what in LOG_NAMES if (LOG_SIZES[0], what) in sizes]


def worst_table(sizes):
    append = max(sizes[size, "append-64-ms"][1] for size in LOG_SIZES)
    proof = max(sizes[size, what][0] for size in LOG_SIZES for what in ("inclusion-ms", "consistency-ms"))
    cpu = max(sizes[size, "append-64-cpu-us"][0] for size in LOG_SIZES)
    search = max(sizes[size, what][0] for size in LOG_SIZES for what in ("search-ms", "search-first-ms"))
    return [
        "", "| what, at the worst of these sizes | measured | wanted |", "|---|---:|---:|",
        f"| p99 of an append, 64 at a time, ms | {append:.1f} | ≤ {APPEND_MAX_MS:.0f} |",
        f"| proof, ms | {proof:.2f} | ≤ {PROOF_MAX_MS:.0f} |",
        f"| search by identity, the first one after a start included, ms | {search:.1f} | ≤ {SEARCH_MAX_MS:.0f} |",
        f"| the log's share of a certificate's CPU, 64 at a time, µs | {cpu:.0f} | ≤ {LOG_CPU_MAX_US:.0f} |"]


def log_report(rows, sqlite, postgres, load_before):
    def spread(values):
        return f"{statistics.median(values):.1f} ({values[0]:.1f} … {values[-1]:.1f})"

    lines = [
        "## Log", "",
        "`scripts/bench log` writes this section. SQLite, `synchronous=FULL`, one core. Through the server, from a",
        f"request to the certificate, whose entry is durable by then; medians of {LOG_ROUNDS} slices, with the least",
        f"and the greatest. The machine's load average before was {load_before:.1f}: others' work is in the times, and",
        "hardly in the CPU.", "",
        "| in flight | certificates/s | p50 ms | p99 ms | server CPU ms/certificate |", "|---:|---:|---:|---:|---:|"]
    lines += [f"| {c} | {spread(row['rate'])} | {spread(row['p50'])} | {spread(row['p99'])} "
              f"| {statistics.median(row['cpu']):.3f} |" for c, row in rows.items()]
    lines += [
        "", "The log without a server, at that many entries: precertificates for an email, with records and counted",
        "tokens, 1,024 of them in turn, all load made in the same process, no SCT signed. Each cell: the median of",
        "seven rounds' medians, the least and the greatest of them; for times then the median of the rounds' p99. The",
        "search by leaf hash looks once into each 65,536 entries, so it grows with the log, slowly; the search by",
        "identity answers with the newest hundred of one name.", "", *growth_table(sqlite), *worst_table(sqlite), "",
        "The same in PostgreSQL, as Debian sets it up, on the other core and the same disk:", "",
        *growth_table(postgres), *worst_table(postgres), ""]
    return "\n".join(lines)


def verification_report(cpu, wall, resident):
    return "\n".join([
        SECTIONS[1], f"`scripts/bench verify` writes this section: `mayfly log verify --data` on {VERIFIED:,} certificates that the",
        "server issued. Each entry is hashed, each tile compared, each certificate and timestamp checked, each issuance",
        "record found; one pass, with a bar that shows how far it is.", "",
        "| what | measured | wanted |", "|---|---:|---:|", f"| CPU, s | {cpu:.0f} | |", f"| time, s | {wall:.0f} | |",
        f"| CPU an entry, ms | {cpu / VERIFIED * 1000:.2f} | |",
        f"| most memory, MB | {resident:.0f} | ≤ {VERIFY_MEMORY_MAX_MB} |", ""])


def records_report(rows, entries, bytes_):
    def spread(values):
        return f"{statistics.median(values):.1f} ({values[0]:.1f} … {values[-1]:.1f})"

    lines = [
        SECTIONS[2], "`scripts/bench records` writes this section: `POST /api/v2/log/entries` as cosign sends it, with a certificate",
        "that the server has issued, from the request to the answer whose entry is durable and covered by a checkpoint.",
        f"SQLite, `synchronous=FULL`, one core; medians of {LOG_ROUNDS} slices, with the least and the greatest.", "",
        "| in flight | entries/s | p50 ms | p99 ms | server CPU ms/entry |", "|---:|---:|---:|---:|---:|"]
    lines += [f"| {c} | {spread(row['rate'])} | {spread(row['p50'])} | {spread(row['p99'])} "
              f"| {statistics.median(row['cpu']):.3f} |" for c, row in rows.items()]
    worst = statistics.median(rows[64]["p99"])
    return "\n".join(lines + [
        "", "| what | measured | wanted |", "|---|---:|---:|",
        f"| p99 of an entry, 64 in flight, ms | {worst:.1f} | ≤ {RECORD_MAX_MS:.0f} |",
        f"| disk of an entry, bytes, at {entries:,} entries | {bytes_:.0f} | < {RECORD_MAX_BYTES} |", ""])


def timestamps_report(rows, floor):
    def spread(values):
        return f"{statistics.median(values):.1f} ({values[0]:.1f} … {values[-1]:.1f})"

    lines = [
        SECTIONS[3], "`scripts/bench timestamps` writes this section: `POST /api/v1/timestamp` as sigstore-python sends it, signed with",
        f"P-256, one core; medians of {LOG_ROUNDS} slices, with the least and the greatest. One signature alone is {floor:.0f} µs, the",
        "rest is HTTP and the making of the answer.", "",
        "| in flight | timestamps/s | p50 ms | p99 ms | server CPU µs/timestamp |", "|---:|---:|---:|---:|---:|"]
    lines += [f"| {c} | {spread(row['rate'])} | {spread(row['p50'])} | {spread(row['p99'])} "
              f"| {statistics.median(row['cpu']) * 1000:.0f} |" for c, row in rows.items()]
    return "\n".join(lines + [""])


SECTIONS = ("## Log\n", "## A whole log verified\n", "## Record log\n", "## Timestamps\n")


def write_page(text, section=None):
    """Replaces one section of the page; the first one has no heading of its own."""
    with open(PAGE) as page:
        rest = page.read()
    parts = {}
    for heading in reversed(SECTIONS):
        rest, mark, body = rest.partition(heading)
        parts[heading] = mark + body
    parts = {None: rest, **{heading: parts[heading] for heading in SECTIONS}, section: text}
    with open(PAGE, "w") as page:
        page.write("\n\n".join(part.strip("\n") for part in parts.values() if part) + "\n")
