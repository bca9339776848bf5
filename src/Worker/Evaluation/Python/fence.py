"""What a call gives up before a line of an Evaluator's code is compiled. None of it needs a privilege.

strict: limits, Landlock, and a list of system calls. limits: the limits alone. none: nothing.
Made once, in the host; closed by each child on itself.
"""
import fcntl
import os
import resource
import sys

import landlock
import seccomp
import system

_SPARE_SECONDS = 2  # of processor time over the wall clock, which comes first


class Fence:
    """Raises seccomp.Missing and OSError where the system cannot give that level."""

    def __init__(self, level, with_landlock=True):
        self.level = level
        self.landlock = 0
        self._rules = self._filter = None
        self._base = _address_space()
        if level != "none":
            system.prctl(system.NO_NEW_PRIVS, 1)
        if level != "strict":
            return
        self.landlock = landlock.version() if with_landlock else 0
        if self.landlock > 0:
            self._rules = _out_of_the_way(landlock.ruleset(self.landlock, _libraries()))
        self._filter = seccomp.Filter(seccomp.program(opens_files=self.landlock > 0))

    def close(self, memory, seconds):
        """memory: bytes, above what the host itself has. Closes every descriptor but 0 to 3."""
        if self.level != "none":
            _limit(self._base + memory, seconds)
        if self._rules is not None:
            landlock.restrict(self._rules)
        os.closerange(4, 1024)
        if self._filter is not None:
            self._filter.close()


def _limit(memory, seconds):
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds + _SPARE_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0),  # counts all processes of the user: no other number would mean this call alone
    ):
        resource.setrlimit(what, (most, most))


def _address_space():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def _out_of_the_way(descriptor):
    """The same, with a number that no child's input, output or answer takes."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 32)
    os.close(descriptor)
    return moved


def _libraries():
    """Python's own folders, and the shared libraries beside those that it has loaded, which its modules may load.

    The libraries one by one and not by their folder: the worker may be installed under it.
    """
    yield from (path for path in sys.path if os.path.isabs(path))
    with open("/proc/self/maps") as maps:
        loaded = {line.split(maxsplit=5)[5].strip() for line in maps if ".so" in line}
    for folder in {os.path.dirname(path) for path in loaded}:
        try:
            yield from (entry.path for entry in os.scandir(folder) if ".so" in entry.name and entry.is_file())
        except OSError:
            yield from (path for path in loaded if os.path.dirname(path) == folder)
    yield from ("/etc/ld.so.cache", "/usr/share/zoneinfo")
