namespace Worker.Tests.Evaluation.Python;

/// <summary>What can be read and written.</summary>
internal static class AttacksOnFiles
{
    private const string Denied = "PermissionError: [Errno 13]";
    private const string Refused = "PermissionError: [Errno 1]";

    public static IEnumerable<Attack> All =>
    [
        Reading("the environment of the host", "/proc/%d/environ' % os.getppid() + '", getsOut: false),
        Reading("the environment of the worker", "/proc/%d/environ' % log['worker'] + '"),
        Reading("its own environment", "/proc/self/environ", getsOut: false),
        Reading("the memory of the host", "/proc/%d/mem' % os.getppid() + '", getsOut: false),
        Reading("the maps of the worker", "/proc/%d/maps' % log['worker'] + '"),
        Reading("the store", "' + log['store'] + '"),
        Reading("the configuration", "' + log['config'] + '"),
        Reading("the passwords", "/etc/shadow", getsOut: false),
        Reading("the users", "/etc/passwd"),
        Reading("a device", "/dev/zero"),
        new(
            "listing the folder of the store",
            """
            import os
            def f(log):
                os.listdir(os.path.dirname(log['store']))
                return 'out'
            """,
            Denied,
            GetsOutAtLimits: true),
        new(
            "finding where the worker is",
            """
            import os
            def f(log):
                os.readlink('/proc/%d/cwd' % log['worker'])
                return 'out'
            """,
            Refused,
            GetsOutAtLimits: true),
        Changing("writing into the store", "open(log['store'], 'r+b').close()"),
        Changing("appending to the store", "open(log['store'], 'ab').close()"),
        Changing("emptying the store", "os.truncate(log['store'], 0)"),
        Changing("deleting the store", "os.unlink(log['store'])"),
        Changing("renaming the store", "os.rename(log['store'], log['store'] + '.gone')"),
        Changing("changing who may read the store", "os.chmod(log['store'], 0o777)", getsOut: false),
        Changing("a date of the store", "os.utime(log['store'])"),
        Changing("a new file", "open(log['elsewhere'] + '/new', 'w').close()"),
        Changing("a new file in /tmp", "os.close(os.open('/tmp', os.O_RDWR | os.O_TMPFILE))", getsOut: false),
        Changing("a new folder", "os.mkdir(log['elsewhere'] + '/folder')"),
        Changing("a symbolic link", "os.symlink(log['store'], log['elsewhere'] + '/link')"),
        Changing("a pipe with a name", "os.mkfifo(log['elsewhere'] + '/pipe')"),
        Changing("another root", "os.chroot(log['elsewhere'])", getsOut: false),
        Changing("a change of Python's own library", "open(os.__file__, 'r+b').close()", getsOut: false),
    ];

    private static Attack Reading(string what, string path, bool getsOut = true) => new(
        $"reading {what}",
        $"""
         import os
         def f(log):
             with open('{path}', 'rb') as file: file.read(100)
             return 'out'
         """,
        Denied,
        GetsOutAtLimits: getsOut);

    private static Attack Changing(string what, string how, bool getsOut = true) => new(
        what,
        $"""
         import os
         def f(log):
             {how}
             return 'out'
         """,
        Refused,
        GetsOutAtLimits: getsOut);
}
