"""System calls that Python has no name for."""
import ctypes
import os

PDEATHSIG, DUMPABLE, SECCOMP, NO_NEW_PRIVS = 1, 4, 22, 38  # of prctl

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def call(name, *arguments):
    """What the function of the C library returns. Raises OSError where it fails."""
    result = getattr(_libc, name)(*(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments))
    if result >= 0:
        return result
    code = ctypes.get_errno()
    raise OSError(code, os.strerror(code))


def prctl(option, value, more=0):
    call("prctl", option, value, more, 0, 0)
