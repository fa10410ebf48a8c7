"""PostgreSQL servers of the tests' own, see scripts/postgres."""
import subprocess

from mayfly import ROOT


class Postgres:
    """A running server with an empty database; gone with `stop`, or with this process."""

    def __init__(self):
        self.process = subprocess.Popen([ROOT / "scripts/postgres"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.address = self.process.stdout.readline().strip()
        assert self.address, "the server did not start; its reason is on standard error"
        self.password = self.address.split(":")[2].split("@")[0]
        self.databases = 0

    def new_database(self, folder):
        """A file with the connection string of a new database."""
        self.databases += 1
        name = f"log{self.databases}"
        self.ask(f"CREATE DATABASE {name}")
        path = folder / f"{name}.dsn"
        path.write_text(self.address.removesuffix("postgres") + name + "\n")
        path.chmod(0o600)
        return path

    def ask(self, sql, dsn_file=None):
        """What psql prints for a statement."""
        address = dsn_file.read_text().strip() if dsn_file else self.address
        done = subprocess.run(["psql", "-XAtqc", sql, address], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def order(self, order):
        """`kill` or `start`; returns when it is done."""
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == order

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)
