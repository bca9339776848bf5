"""The file system of a call: nothing can be read but Python's own libraries, nothing written, nothing started.

Where the kernel knows more than files, TCP, abstract sockets and signals to others are taken too.
"""
import os
import struct

import system

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the numbers of its system calls, on every architecture
_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3


def version():
    """The kernel's version of Landlock; 0 where there is none."""
    try:
        return system.call("syscall", _CREATE, None, 0, _VERSION)
    except OSError:
        return 0


def ruleset(abi, readable):
    """A descriptor of the rules. Every right that this kernel knows is handled, so what is not granted is refused."""
    files = 13  # version 1 knows 13 rights to files; REFER, TRUNCATE and IOCTL_DEV came one by one
    for since in (2, 3, 5):
        files += abi >= since
    tcp = 0b11 if abi >= 4 else 0
    scopes = 0b11 if abi >= 6 else 0
    wanted = struct.pack("=QQQ", (1 << files) - 1, tcp, scopes)[:24 if abi >= 6 else 16 if abi >= 4 else 8]
    rules = system.call("syscall", _CREATE, wanted, len(wanted), 0)
    for path in readable:
        _grant(rules, path)
    return rules


def _grant(rules, path):
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # a folder that Python would search if it were there
    try:
        rights = _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE
        system.call("syscall", _ADD, rules, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def restrict(rules):
    """From here on, for this process and for good."""
    system.call("syscall", _RESTRICT, rules, 0)
