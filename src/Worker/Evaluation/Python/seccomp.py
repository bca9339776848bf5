"""The kernel of a call: a list of the system calls that it may make. Every other is refused with EPERM.

Python then raises a PermissionError, which says where in the code it was. A call by another architecture's numbers ends
the process.
"""
import ctypes
import os
import platform
import struct

import system

_FILTER = 2  # of prctl(PR_SET_SECCOMP)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column below, AUDIT_ARCH
_X32 = 0x40000000

# name: its number on x86-64, on arm64. None: that architecture has no such call.
_MEMORY = {
    "mmap": (9, 222), "munmap": (11, 215), "mremap": (25, 216), "mprotect": (10, 226), "madvise": (28, 233),
    "brk": (12, 214),
}
_DESCRIPTORS = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67), "lseek": (8, 62),
    "fstat": (5, 80), "close": (3, 57), "close_range": (436, 436), "dup": (32, 23), "dup2": (33, None),
    "dup3": (292, 24), "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
}
_TIME = {
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "gettimeofday": (96, 169), "time": (201, None),
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "times": (100, 153), "getrusage": (98, 165),
}
_OWN_SIGNALS = {
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "rt_sigpending": (127, 136),
    "sigaltstack": (131, 132), "pause": (34, None), "alarm": (37, None), "setitimer": (38, 103),
    "getitimer": (36, 102), "restart_syscall": (219, 128), "futex": (202, 98),
}
_OWN_NAME = {
    "getpid": (39, 172), "getppid": (110, 173), "gettid": (186, 178), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "uname": (63, 160), "sysinfo": (99, 179),
    "sched_getaffinity": (204, 123), "sched_yield": (24, 124), "getrandom": (318, 278),
}
_END = {"exit": (60, 93), "exit_group": (231, 94)}

# What an import does, where Landlock says which files there are to be read.
_LOOKING = {
    "stat": (4, None), "lstat": (6, None), "newfstatat": (262, 79), "statx": (332, 291), "access": (21, None),
    "faccessat": (269, 48), "faccessat2": (439, 439), "getdents64": (217, 61), "getcwd": (79, 17),
}

_CHANGING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_TMPFILE & ~os.O_DIRECTORY
_NOT_TO_READ = os.O_PATH  # Landlock lets it through
_IS_TERMINAL, _CLOSE_ON_EXEC = 0x5401, 0x5451
_COPIES_AND_FLAGS = (0, 1, 2, 3, 4, 1030)  # of fcntl: no owner, no signal, no lock, no lease, no pipe's size

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW = (_RETURN, 0, 0, 0x7FFF0000)
_REFUSE = (_RETURN, 0, 0, 0x00050000 | 1)  # EPERM
_KILL = (_RETURN, 0, 0, 0x80000000)


class Missing(Exception):
    """There is no list for this kind of processor."""


def program(opens_files):
    """The filter, in the kernel's classic BPF. opens_files: whether files may be opened to be read."""
    if platform.machine() not in _MACHINES:
        raise Missing(f"a list of system calls for {platform.machine()}")
    column, architecture = _MACHINES[platform.machine()]
    groups = [_MEMORY, _DESCRIPTORS, _TIME, _OWN_SIGNALS, _OWN_NAME, _END] + [_LOOKING] * opens_files
    code = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), _KILL, (_LOAD, 0, 0, 0)]
    if column == 0:
        code += [(_AT_LEAST, 0, 1, _X32), _KILL]
    for group in groups:
        for numbers in group.values():
            code += _when(numbers[column], _ALLOW)
    if opens_files:
        code += _when((2, None)[column], *_without_bits(1, _CHANGING | _NOT_TO_READ))  # open
        code += _when((257, 56)[column], *_without_bits(2, _CHANGING | _NOT_TO_READ))  # openat
    code += _when((72, 25)[column], *_one_of(1, _COPIES_AND_FLAGS))  # fcntl
    code += _when((16, 29)[column], *_one_of(1, (_IS_TERMINAL, _CLOSE_ON_EXEC)))  # ioctl
    return b"".join(struct.pack("=HBBI", *each) for each in [*code, _REFUSE])


def _when(number, *then):
    return [] if number is None else [(_EQUAL, 0, len(then), number), *then]


def _without_bits(argument, bits):
    return [_argument(argument), (_ANY_BIT, 0, 1, bits), _REFUSE, _ALLOW]


def _one_of(argument, values):
    choices = [step for value in values for step in ((_EQUAL, 0, 1, value), _ALLOW)]
    return [_argument(argument), *choices, _REFUSE]


def _argument(index):
    return (_LOAD, 0, 0, 16 + 8 * index)  # its lower half, which is all that the kernel takes of these


class Filter(ctypes.Structure):
    """A program as prctl takes it."""

    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]

    def __init__(self, code):
        super().__init__(len(code) // 8, code)

    def close(self):
        """From here on, for this process and for good."""
        system.prctl(system.SECCOMP, _FILTER, ctypes.byref(self))
