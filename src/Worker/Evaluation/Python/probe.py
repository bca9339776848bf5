"""Whether the fence holds here. Tried and not assumed: a sandbox around the worker may know less than its kernel."""
import json
import mmap
import os
import select
import socket

_SECONDS = 10
_MEMORY = 64 << 20


def _write():
    path = f"/tmp/worker-probe-{os.getpid()}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    os.unlink(path)


def _fork():
    if os.fork() == 0:
        os._exit(0)


_ATTEMPTS = (
    ("a file can be read", lambda: os.close(os.open("/proc/version", os.O_RDONLY))),
    ("a folder can be listed", lambda: os.listdir("/")),
    ("a file can be written", _write),
    ("a network socket can be opened", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()),
    ("a local socket can be opened", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).close()),
    ("another process can be signalled", lambda: os.kill(os.getppid(), 0)),
    ("a process can be started", _fork),
    ("a program can be run", lambda: os.execv("/bin/true", ["true"])),
    ("a file can be made of memory", lambda: os.close(os.memfd_create("probe"))),
    ("memory is without limit", lambda: mmap.mmap(-1, 16 << 30).close()),
)


def missing(fence):
    """What the fence does not hold, in words; nothing where it holds."""
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(sink, 3)
        os.write(3, json.dumps(_tried(fence)).encode())
        os._exit(0)
    os.close(sink)
    text = b""
    while select.select([source], [], [], _SECONDS)[0] and (part := os.read(source, 65536)):
        text += part
    os.close(source)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return json.loads(text) if text else ["a process in the fence does not live"]


def _tried(fence):
    try:
        fence.close(_MEMORY, _SECONDS)
    except OSError as failure:
        return [f"it cannot be closed: {failure.strerror}"]
    found = []
    for name, attempt in _ATTEMPTS:
        try:
            attempt()
            found.append(name)
        except (OSError, MemoryError):
            pass
    return found
