namespace Worker.Tests.Evaluation.Python;

/// <summary>What goes back to the worker.</summary>
internal static class AttacksOnAnswers
{
    private const string OfItsOwn = "The code wrote something of its own where its answer goes";

    public static IEnumerable<Attack> All =>
    [
        new(
            "a print without end",
            """
            def f(log):
                while True: print('x' * 1000)
            """,
            "The code was ended because it printed more than 65536 bytes"),
        new(
            "bytes without end to the errors",
            """
            import os
            def f(log):
                while True: os.write(2, bytes(1000))
            """,
            "it printed more than 65536 bytes"),
        new(
            "a huge result",
            """
            def f(log): return 'x' * 10**6
            """,
            "The judgment and its reason are larger than 65536 bytes"),
        new(
            "a huge reason",
            """
            def f(log): return True, 'x' * 10**6
            """,
            "The judgment and its reason are larger than 65536 bytes"),
        new(
            "a huge error",
            """
            def f(log): raise ValueError('x' * 10**7)
            """,
            "ValueError: xxx"),
        new(
            "a number with more digits than can be read",
            """
            def f(log): return 10 ** 5000
            """,
            "f returned a number that is not finite"),
        new(
            "an end with os._exit",
            """
            import os
            def f(log): os._exit(7)
            """,
            "The code ended its process, with exit code 7, before it answered."),
        new(
            "an end with os._exit that claims success",
            """
            import os
            def f(log): os._exit(0)
            """,
            "The code ended its process before it answered."),
        new(
            "an end with os._exit while it is compiled",
            """
            import os
            os._exit(70)
            def f(log): return True
            """,
            "The code gave no answer"),
        new(
            "no end with os._exit",
            """
            import os
            os._exit = lambda code: None
            def f(log):
                os.close(3)
            """,
            null),
        new(
            "an end with sys.exit",
            """
            import sys
            def f(log): sys.exit(0)
            """,
            "SystemExit: 0"),
        new(
            "an abort",
            """
            import os
            def f(log): os.abort()
            """,
            "The code's process was ended by SIG"),
        new(
            "an address that is not its own",
            """
            import ctypes
            def f(log): return ctypes.string_at(8)
            """,
            "SIGSEGV"),
        new(
            "the protocol spoken to every descriptor",
            """
            import os, struct
            def f(log):
                for descriptor in range(1024):
                    try: os.write(descriptor, struct.pack('<4sIi2I', b'ans!', 0, 0, 0, 5) + b'true!')
                    except OSError: pass
                return True
            """,
            OfItsOwn),
        new(
            "an answer of its own before the answer",
            """
            import os
            def f(log):
                os.write(3, b'{"judgment":true,"reason":null}')
                return True
            """,
            OfItsOwn),
        new(
            "an answer that is no text",
            """
            import os
            def f(log):
                os.write(3, b'{"judgment":"\\ud800","reason":"\xff"}')
                os._exit(0)
            """,
            OfItsOwn),
        new(
            "an answer nested too deep to be read",
            """
            import os
            def f(log):
                os.write(3, b'{"judgment":' + b'[' * 50000)
                os._exit(0)
            """,
            OfItsOwn),
        new(
            "an answer of another shape",
            """
            import os
            def f(log):
                os.write(3, b'{"judgment":{"a":1},"reason":null}')
                os._exit(0)
            """,
            OfItsOwn),
        new(
            "the channel of the answer opened again",
            """
            import os
            def f(log):
                os.open('/proc/self/fd/3', os.O_RDONLY)
                return 'out'
            """,
            null),
        new(
            "every descriptor closed",
            """
            import os
            def f(log):
                os.closerange(0, 1024)
                return True
            """,
            "The code gave no answer: it closed what its answer goes through."),
        new(
            "its own output opened again",
            """
            def f(log):
                open('/proc/self/fd/1', 'w')
                return 'out'
            """,
            "PermissionError"),
    ];
}
