"""Where the embedded servers keep their data and sockets, which account runs them, and where their programs
are.
"""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from django.core.exceptions import ImproperlyConfigured

NAME = "outpatient-desk"
DATABASE = "desk"
SUPERUSER = "postgres"
APPLICATION = "desk_application"
"""What the application works as; it owns nothing."""
PORT = "5432"
"""No port is opened; PostgreSQL names its socket file after this number."""

# The address of a Unix socket holds 107 bytes, and PostgreSQL appends its lock file's name to the directory.
_LONGEST_SOCKET_DIRECTORY = 107 - len("/.s.PGSQL.5432.lock")
# These paths end up in a shell's command line (pg_ctl) and in URLs (the broker's), so nothing may need
# quoting.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
# A server started by root runs under this account, which every system has and which owns nothing else.
_ACCOUNT_FOR_ROOT = "nobody"


class EmbeddedServersUnavailable(ImproperlyConfigured):
    """The embedded servers cannot run here; the text is one sentence for the person who started the
    command.
    """


@dataclass(frozen=True)
class Addresses:
    """How clients reach the two servers, and who owns the tables."""

    database: dict[str, str]
    redis_url: str
    owner: str = SUPERUSER


@dataclass(frozen=True)
class Account:
    """The operating system's account that the servers run under when they are started by root."""

    uid: int
    gid: int

    @classmethod
    def for_this_process(cls) -> "Account | None":
        """None when this process is not root: the servers then run as whoever started it."""
        if os.geteuid() != 0:
            return None
        try:
            entry = pwd.getpwnam(_ACCOUNT_FOR_ROOT)
        except KeyError:
            raise EmbeddedServersUnavailable(
                "PostgreSQL does not run as root and this system has no account 'nobody': "
                "work as an ordinary user, or set DATABASE_URL and REDIS_URL."
            ) from None
        return cls(entry.pw_uid, entry.pw_gid)

    def may(self, right: str, path: Path) -> bool:
        """Whether the account has the right ("r", "w" or "x") on a path, asked of the kernel under that
        account.
        """
        command = ["test", f"-{right}", str(path)]
        try:
            return subprocess.run(command, check=False, cwd="/", **spawn_as(self)).returncode == 0
        except PermissionError:
            raise EmbeddedServersUnavailable(
                "PostgreSQL does not run as root, and this process may not take another account: "
                "work as an ordinary user, or set DATABASE_URL and REDIS_URL."
            ) from None


class SpawnArguments(TypedDict, total=False):
    """The arguments of subprocess that say as whom a child runs and what it sees."""

    env: dict[str, str]
    user: int
    group: int
    extra_groups: list[int]


def spawn_as(account: Account | None) -> SpawnArguments:
    """Arguments of subprocess that run a child under the account and with a clean environment.

    Variables such as PGPORT or PGHOST would otherwise reach the server.
    """
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    if account is None:
        return {"env": environment}
    return {"env": environment, "user": account.uid, "group": account.gid, "extra_groups": []}


@dataclass(frozen=True)
class Places:
    """The files of one pair of servers, all below one state directory."""

    state: Path
    account: Account | None

    @property
    def postgres_data(self) -> Path:
        return self.state / "postgres"

    @property
    def valkey_data(self) -> Path:
        return self.state / "valkey"

    @property
    def sockets(self) -> Path:
        return self.state / "run"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def start_lock(self) -> Path:
        return self.state / "start.lock"

    @property
    def users_lock(self) -> Path:
        return self.state / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.state / "keeper.lock"

    @property
    def ready(self) -> Path:
        return self.state / "ready"

    @property
    def log(self) -> Path:
        return self.state / "keeper.log"

    @property
    def addresses(self) -> Addresses:
        return Addresses(
            database={"NAME": DATABASE, "USER": APPLICATION, "HOST": str(self.sockets), "PORT": PORT},
            redis_url=f"unix://{self.valkey_socket}?db=0",
        )

    @classmethod
    def choose(cls, preferred: Path) -> "Places":
        """The first directory that the servers can live in: the preferred one, or one named by its path's
        hash.

        A directory is passed over when its path is too long for a socket or needs quoting, or when the
        servers' account cannot reach it, as below root's home.
        """
        account = Account.for_this_process()
        for state in _candidates(preferred.resolve()):
            places = cls(state, account)
            if places.prepare():
                return places
        raise EmbeddedServersUnavailable(
            f"No folder can hold the embedded servers' data: make {preferred} writable, "
            "or set DATABASE_URL and REDIS_URL."
        )

    def prepare(self) -> bool:
        """Create the directories with their owner and rights; False when the servers could not live in
        them.
        """
        if not _PLAIN_PATH.fullmatch(str(self.state)) or len(str(self.sockets)) > _LONGEST_SOCKET_DIRECTORY:
            return False
        try:
            _make_reachable(self.state)
            if self.account is not None and not self.account.may("x", self.state):
                return False
            for directory in (self.postgres_data, self.valkey_data, self.sockets):
                if not directory.exists():
                    directory.mkdir(mode=0o700, exist_ok=True)
                    if self.account is not None:
                        os.chown(directory, self.account.uid, self.account.gid)
        except OSError:
            return False
        if self.account is not None:
            return self.account.may("w", self.sockets)
        # Nobody else may own a directory that this process is about to trust.
        return self.sockets.stat().st_uid == os.geteuid() and os.access(self.sockets, os.W_OK)

    def installed(self, package: str, program: str) -> Path:
        """The path of a program that an installed package brings, readable for the account that will run it.

        Raises EmbeddedServersUnavailable when the package is not installed.
        """
        specification = importlib.util.find_spec(package)
        if specification is None or not specification.submodule_search_locations:
            raise EmbeddedServersUnavailable(
                f"The development requirement {package.replace('_', '-')} is not installed: "
                "run make install, or set DATABASE_URL and REDIS_URL."
            )
        folder = Path(specification.submodule_search_locations[0])
        path = folder / program
        if self.account is None or self.account.may("x", path):
            return path
        return self._copied(folder) / program

    def _copied(self, package: Path) -> Path:
        """A copy that the servers' account can read, renewed when the installed package changes."""
        stamp = hashlib.sha256(f"{package}{package.stat().st_mtime_ns}".encode()).hexdigest()[:16]
        versions = self.state / "programs" / package.name
        home = versions / stamp
        if not home.exists():
            shutil.rmtree(versions, ignore_errors=True)
            partial = versions / "partial"
            # The libraries that a wheel brings along lie beside the package, in a folder that its programs
            # find relative to theirs.
            for source in (package, package.with_name(package.name + ".libs")):
                if source.exists():
                    shutil.copytree(source, partial / source.name, symlinks=True)
            for path in [partial, *partial.rglob("*")]:
                if not path.is_symlink():
                    # Everybody may do what the owner may, except write.
                    mode = path.stat().st_mode
                    path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)
            partial.rename(home)
        return home / package.name


def _make_reachable(directory: Path) -> None:
    """Create a directory, and the missing ones above it, so that other accounts may pass through whatever
    the umask.
    """
    if directory.exists():
        return
    _make_reachable(directory.parent)
    directory.mkdir(exist_ok=True)
    directory.chmod(0o755 if os.geteuid() == 0 else 0o700)


def _candidates(preferred: Path) -> Iterator[Path]:
    yield preferred
    key = hashlib.sha256(str(preferred).encode()).hexdigest()[:12]
    if os.geteuid() == 0:
        yield Path("/var/lib") / NAME / key
    else:
        state_home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        yield Path(state_home) / NAME / key
    yield Path("/var/tmp") / f"{NAME}-{os.geteuid()}" / key  # noqa: S108 - its ownership is checked before use.
