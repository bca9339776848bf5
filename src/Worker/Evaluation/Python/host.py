"""The host of python Evaluators: forks a child for each call, closes the fence around it, and ends it at its time.

It reads no code and no Log: the child takes them from the pipe, so that nothing of a call can be found in the next.
What passes through, output and answer, is wiped behind it.

  host.py LEVEL MODULE,MODULE,… [--no-landlock]

  first     a line of JSON: what it is, or why it cannot be ("fault", or "missing" from the fence)
  request   <4s7I  "ask?", bytes of path, code and log, wall clock in ms, memory in MiB, most bytes of output and
            answer; then path, code, log
  reply     <4sIi2I  "ans!", outcome, exit code, bytes of output and answer; then output, answer
"""
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import time

import child
import fence
import probe
import room
import seccomp
import system

_REQUEST, _REPLY = struct.Struct("<4s7I"), struct.Struct("<4sIi2I")
_ENDED, _TIMED_OUT, _TOO_MUCH_OUTPUT, _TOO_LARGE_ANSWER = range(4)
_FENCED = b"F"  # what a child says first: it has its whole request, and the fence is closed
_FAILED = 70
_PATIENCE = 7  # seconds for a child to take its request and close the fence; the worker's patience is longer


class Host:
    def __init__(self, the_fence):
        self._fence = the_fence
        self._output, self._answer = room.Room(), room.Room()

    def serve(self):
        while (header := room.exactly(0, _REQUEST.size)) is not None:
            magic, path, code, log, *bounds = _REQUEST.unpack(header)
            if magic != b"ask?":
                sys.exit("What came is no request.")
            self._serve_one((path, code, log), *bounds)

    def _serve_one(self, sizes, wall, memory, output_bytes, answer_bytes):
        host = os.getpid()
        output, output_end = os.pipe()
        # A pipe could be opened once more, through /proc, and read by who should only write.
        answer, answer_end = (end.detach() for end in socket.socketpair())
        call = os.fork()
        if call == 0:
            self._be_child(host, sizes, wall, memory, output_end, answer_end)
        os.close(output_end)
        os.close(answer_end)
        self._output.prepare(output, output_bytes + 1)
        self._answer.prepare(answer, len(_FENCED) + answer_bytes + 1)
        outcome = self._watch(call, wall / 1000)
        _kill(call)
        _, status = os.waitpid(call, 0)
        for each in (self._output, self._answer):
            while each.take():
                pass
            os.close(each.descriptor)
        self._reply(outcome, os.waitstatus_to_exitcode(status))

    def _watch(self, call, seconds):
        """Until the child has ended, or has to be. Its time begins where the fence is closed and its code begins."""
        deadline, is_fenced = time.monotonic() + _PATIENCE, False
        poll = select.poll()
        rooms = {each.descriptor: each for each in (self._output, self._answer)}
        for descriptor in rooms:
            poll.register(descriptor, select.POLLIN)
        poll.register(0, 0)  # hangs up when the worker is gone
        ended = os.pidfd_open(call)
        poll.register(ended, select.POLLIN)
        try:
            while (left := deadline - time.monotonic()) > 0:
                for descriptor, _ in poll.poll(left * 1000 + 1):
                    if descriptor == ended:
                        return _ENDED
                    if descriptor == 0:
                        _kill(call)
                        os._exit(0)
                    if not rooms[descriptor].take():
                        poll.unregister(descriptor)
                    if rooms[descriptor].is_full:
                        return _ENDED  # that it is full says the rest
                if not is_fenced and self._answer.count > 0:
                    deadline, is_fenced = time.monotonic() + seconds, True
            return _TIMED_OUT
        finally:
            os.close(ended)

    def _reply(self, outcome, code):
        output, answer = self._output, self._answer
        if bytes(answer.content[:1]) != _FENCED:
            said = bytes(output.content[:1000]).decode(errors="replace")
            sys.exit(f"A child ended before the fence was closed: {said}")
        if output.is_full:
            outcome = _TOO_MUCH_OUTPUT
        elif answer.is_full:
            outcome = _TOO_LARGE_ANSWER
        printed = output.content[:output.size - 1]
        said = answer.content[len(_FENCED):] if outcome == _ENDED else b""
        room.write(1, _REPLY.pack(b"ans!", outcome, code, len(printed), len(said)))
        room.write(1, printed)
        room.write(1, said)
        output.wipe()
        answer.wipe()

    def _be_child(self, host, sizes, wall, memory, output, answer):
        """Never returns: what a child does not expect ends it."""
        try:
            os.setsid()
            system.prctl(system.PDEATHSIG, signal.SIGKILL)
            if os.getppid() != host:
                os._exit(_FAILED)
            path, code, log = (room.exactly(0, size) for size in sizes)
            nothing = os.open(os.devnull, os.O_RDONLY)
            for given, number in ((nothing, 0), (output, 1), (output, 2), (answer, 3)):
                os.dup2(given, number)
            self._fence.close(memory << 20, wall // 1000)
            room.write(3, _FENCED)
            said = child.answer(path.decode(), code, log)
            child.flush()
            room.write(3, said)
            os._exit(0)
        except BaseException as failure:
            os.write(2, f"{failure!r}\n".encode())
        finally:
            os._exit(_FAILED)


def _kill(call):
    """Its group first: without the fence it may have children."""
    for kill in (os.killpg, os.kill):
        try:
            kill(call, signal.SIGKILL)
        except OSError:
            pass


def _begin(level, preload, *flags):
    """The fence, and what is said of it first."""
    if sys.version_info < (3, 9):
        return None, {"fault": f"Python 3.9 or newer is needed; this is {sys.version.split()[0]}."}
    for name in filter(None, preload.split(",")):
        try:
            importlib.import_module(name)
        except ImportError:
            return None, {"fault": f"Evaluation:Python:Preload names {name}, which this Python has not."}
    try:
        the_fence = fence.Fence(level, with_landlock="--no-landlock" not in flags)
    except (OSError, seccomp.Missing) as failure:
        return None, {"missing": [str(failure)]}
    system.prctl(system.DUMPABLE, 0)
    return the_fence, {
        "version": sys.version.split()[0],
        "landlock": the_fence.landlock,
        "missing": probe.missing(the_fence) if level == "strict" else [],
    }


def main():
    os.closerange(3, 4096)
    if os.getpgrp() != os.getpid():
        os.setsid()  # a Ctrl+C in the worker's terminal is the worker's to answer
    os.chdir("/")
    os.environ.clear()
    del sys.path[0]  # the folder of this file
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    the_fence, hello = _begin(*sys.argv[1:])
    room.write(1, json.dumps(hello).encode() + b"\n")
    if the_fence is None or hello["missing"]:
        return
    gc.collect()
    gc.freeze()
    Host(the_fence).serve()


main()
