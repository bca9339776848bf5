namespace Worker.Tests.Evaluation.Python;

/// <summary>Time, memory, processes.</summary>
internal static class AttacksOnMeans
{
    private const double Short = 0.3;

    public static IEnumerable<Attack> All =>
    [
        new(
            "a loop without end",
            """
            def f(log):
                while True: pass
            """,
            "The code was ended after 0.3 s, its timeout.",
            Short),
        new(
            "a loop that catches all",
            """
            def f(log):
                while True:
                    try:
                        while True: pass
                    except BaseException: pass
            """,
            "its timeout",
            Short),
        new(
            "a call stuck in C",
            """
            import re
            def f(log):
                return bool(re.match(r'(a+)+$', 'a' * 64 + 'b'))
            """,
            "its timeout",
            Short),
        new(
            "a sleep",
            """
            import time
            def f(log):
                time.sleep(1000)
            """,
            "its timeout",
            Short),
        new(
            "every signal ignored",
            """
            import signal
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            def f(log):
                while True: pass
            """,
            "its timeout",
            Short),
        new(
            "a loop while it is compiled",
            """
            while True: pass
            def f(log): return True
            """,
            "its timeout",
            Short),
        new(
            "an error that takes for ever to say",
            """
            class Slow(Exception):
                def __str__(self):
                    while True: pass
            def f(log): raise Slow()
            """,
            "its timeout",
            Short),
        new(
            "10 GB at once",
            """
            def f(log):
                taken = bytearray(10 << 30)
                return 'out'
            """,
            "The code needs more memory than Evaluation:Python:MemoryMiB allows: 64 MiB."),
        new(
            "memory piece by piece",
            """
            def f(log):
                taken = []
                for _ in range(10000): taken.append(bytes(1 << 20))
                return 'out'
            """,
            "MemoryMiB"),
        new(
            "a text that grows",
            """
            def f(log):
                text = 'ab' * 1000
                for _ in range(40): text += text
                return 'out'
            """,
            "MemoryMiB"),
        new(
            "deep recursion",
            """
            def f(log): return f(log)
            """,
            "RecursionError: maximum recursion depth exceeded"),
        new(
            "deep recursion without a limit",
            """
            import sys
            def f(log):
                sys.setrecursionlimit(2**31 - 1)
                return f(log)
            """,
            null),
        new(
            "a recursion deep in C",
            """
            import sys
            def f(log):
                sys.setrecursionlimit(2**31 - 1)
                nested = []
                for _ in range(10**6): nested = [nested]
                return repr(nested)
            """,
            null),
        new(
            "code nested too deep to be parsed",
            """
            def f(log):
                return eval('(' * 100000 + ')' * 100000)
            """,
            null),
        new(
            "a fork bomb",
            """
            import os
            def f(log):
                while True: os.fork()
            """,
            "PermissionError: [Errno 1]"),
        new(
            "a daemon that outlives the call",
            """
            import os, time
            def f(log):
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0: time.sleep(1000)
                    os._exit(0)
                return 'out'
            """,
            "PermissionError: [Errno 1]"),
        new(
            "threads",
            """
            import threading, time
            def f(log):
                threading.Thread(target=time.sleep, args=(1000,)).start()
                return 'out'
            """,
            "can't start new thread"),
        new(
            "more descriptors",
            """
            import os
            def f(log):
                while True: os.dup(1)
            """,
            "Too many open files"),
        new(
            "limits taken off",
            """
            import resource
            def f(log):
                resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
                return 'out'
            """,
            null),
        new(
            "an alarm of its own",
            """
            import signal
            def f(log):
                signal.setitimer(signal.ITIMER_REAL, 0.01)
                while True: pass
            """,
            "signal 14"),
        new(
            "an import that is its own",
            """
            import sys
            class Finder:
                def find_spec(self, name, path, target=None):
                    while True: pass
            sys.meta_path.insert(0, Finder())
            import colorsys
            def f(log): return True
            """,
            "its timeout",
            Short),
    ];
}
