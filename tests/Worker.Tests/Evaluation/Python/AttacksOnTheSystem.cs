namespace Worker.Tests.Evaluation.Python;

/// <summary>The network, other processes, programs, and the kernel itself.</summary>
internal static class AttacksOnTheSystem
{
    private const string Refused = "PermissionError: [Errno 1]";

    /// <summary>Calls the kernel by number; raises where it refuses.</summary>
    private const string Kernel =
        """
        import ctypes, errno, os
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        def kernel(number, *arguments):
            if libc.syscall(number, *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments)) >= 0: return
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))

        """;

    public static IEnumerable<Attack> All =>
    [
        new(
            "sockets of every family",
            """
            import socket
            def f(log):
                made = []
                for family in range(1, 46):
                    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
                        try:
                            socket.socket(family, kind).close()
                            made.append(family)
                        except OSError: pass
                if made: return 'out'
                socket.socket()
            """,
            Refused,
            GetsOutAtLimits: true),
        Simple("a pair of sockets", "import socket", "socket.socketpair()"),
        Simple("a name looked up", "import socket", "socket.getaddrinfo('localhost', 80)", null, getsOut: false),
        Simple("ending the host", "import os, signal", "os.kill(os.getppid(), signal.SIGKILL)", getsOut: false),
        Simple("stopping the host", "import os, signal", "os.kill(os.getppid(), signal.SIGSTOP)", getsOut: false),
        Simple("ending the worker", "import os, signal", "os.kill(log['worker'], signal.SIGKILL)"),
        Simple("ending everybody", "import os, signal", "os.kill(-1, signal.SIGKILL)", getsOut: false),
        Simple("a signal to itself", "import os, signal", "os.kill(os.getpid(), signal.SIGSTOP)", getsOut: false),
        Simple("a program", "import os", "os.execv('/bin/true', ['true'])", getsOut: false),
        Simple("a program beside it", "import os", "os.posix_spawn('/bin/true', ['true'], {})", getsOut: false),
        Simple("a shell", "import subprocess", "subprocess.run('true', shell=True)", null, getsOut: false),
        Simple("another group", "import os", "os.setpgid(0, 0)", getsOut: false),
        Simple("another session", "import os", "os.setsid()", getsOut: false),
        Simple("another priority for the worker", "import os", "os.setpriority(os.PRIO_PROCESS, log['worker'], 19)"),
        Simple("another user", "import os", "os.setuid(os.getuid())"),
        new(
            "a program made of memory",
            """
            import os
            def f(log):
                file = os.memfd_create('program')
                with open('/bin/true', 'rb') as true: os.write(file, true.read())
                os.execve(file, ['true'], {})
            """,
            Refused),
        Simple("a file made of memory", "import os", "os.memfd_create('x')"),
        InC("a shell from the C library", "if libc.system(b'true') != 0: raise PermissionError(1, 'no shell')", false),
        InC("following the host's steps", "kernel({'x86_64': 101}.get(os.uname().machine, 117), 16, os.getppid(), 0, 0)", false),
        InC("reading the worker's memory", "kernel({'x86_64': 310}.get(os.uname().machine, 270), log['worker'], 0, 0, 0, 0, 0)", false),
        InC("limits set for the worker", "kernel({'x86_64': 302}.get(os.uname().machine, 261), log['worker'], 7, (ctypes.c_ulong * 2)(9, 9), 0)"),
        InC("a handle of the worker", "kernel(434, log['worker'], 0)"),
        InC("a descriptor of the host", "kernel(438, 3, 0, 0)", false),
        InC("a descriptor from its handle", "kernel({'x86_64': 304}.get(os.uname().machine, 265), -100, 0, 0)", false),
        InC("openat2", "kernel(437, -100, b'/etc/passwd', (ctypes.c_ulong * 3)(), 24)"),
        InC("io_uring", "kernel(425, 1, (ctypes.c_char * 120)())", false),
        InC("namespaces", "kernel({'x86_64': 272}.get(os.uname().machine, 97), 0x10000000)", false),
        InC("clone3", "kernel(435, (ctypes.c_ulong * 11)(), 88)", false),
        InC("a filter that notifies", "kernel({'x86_64': 317}.get(os.uname().machine, 277), 2, 0, (ctypes.c_ulong * 1)())"),
        InC("keys of the kernel", "kernel({'x86_64': 250}.get(os.uname().machine, 219), 0, -3, 1)", false),
        InC("events of the kernel", "kernel({'x86_64': 298}.get(os.uname().machine, 241), 0, 0, -1, -1, 0)", false),
        InC("programs in the kernel", "kernel({'x86_64': 321}.get(os.uname().machine, 280), 0, 0, 0)", false),
        InC("a fault handler", "kernel({'x86_64': 323}.get(os.uname().machine, 282), 0)", false),
        InC("a terminal's input", "if libc.ioctl(0, 0x5412, b'x') < 0: raise OSError(ctypes.get_errno(), 'no')", false),
        InC("being dumpable", "if libc.prctl(4, 1, 0, 0, 0) < 0: raise OSError(ctypes.get_errno(), 'no')"),
        InC("shared memory", "kernel({'x86_64': 29}.get(os.uname().machine, 194), 0, 4096, 0o1600)"),
        new(
            "numbers of another kind",
            Kernel +
            """
            def f(log):
                if os.uname().machine != 'x86_64': os._exit(1)
                kernel(0x40000000 + 39)
                return 'out'
            """,
            null),
        new(
            "code of another processor",
            """
            import ctypes, mmap, platform
            def f(log):
                if platform.machine() != 'x86_64': raise ValueError('for x86-64 alone')
                # mov eax, 20 (getpid); int 0x80; ret
                code = bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3])
                page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
                page.write(code)
                ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
                return 'out'
            """,
            null),
    ];

    private static Attack Simple(
        string name, string imports, string how, string? error = Refused, bool getsOut = true) => new(
        name,
        $"""
         {imports}
         def f(log):
             {how}
             return 'out'
         """,
        error,
        GetsOutAtLimits: getsOut);

    private static Attack InC(string name, string how, bool getsOut = true) => new(
        name,
        Kernel +
        $"""
         def f(log):
             {how}
             return 'out'
         """,
        Refused,
        GetsOutAtLimits: getsOut);
}
