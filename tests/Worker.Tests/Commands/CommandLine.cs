using System.Text;
using Microsoft.Extensions.Hosting;
using Worker.Commands;
using Worker.Hosting;

namespace Worker.Tests.Commands;

/// <summary>The program as a user calls it, in this process, on a folder of its own.</summary>
internal sealed class CommandLine : IDisposable
{
    /// <summary>Whatever else listens on this machine; a test that wants another port says so after it.</summary>
    private const string FreePort = "--Front:Address=http://127.0.0.1:0";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("worker-cli-");

    /// <summary>Where the store will lie; not made yet.</summary>
    public string Storage => Path.Combine(_folder.FullName, "data");

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) =>
        await RunAsync("", args);

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(string input, string[] args)
    {
        using var stdin = new MemoryStream(Encoding.UTF8.GetBytes(input));
        using var stdout = new MemoryStream();
        using var stderr = new StringWriter();
        var terminal = new Terminal(stdin, stdout, stderr, outputIsTerminal: false, errorIsTerminal: false);
        var exitCode = await Cli.RunAsync([FreePort, .. args, $"--Storage:Path={Storage}"], terminal);
        return (exitCode, Encoding.UTF8.GetString(stdout.ToArray()), stderr.ToString());
    }

    /// <summary>Until it has said that on its standard error; then the user asks for the end.</summary>
    public async Task<(int ExitCode, string Error)> RunUntilAsync(string said, Func<string, Task> then, params string[] args)
    {
        using var ended = new CancellationTokenSource();
        using var stderr = new Heard(said);
        var terminal = new Terminal(new MemoryStream(), new MemoryStream(), stderr, outputIsTerminal: false, errorIsTerminal: false);
        var run = Cli.RunAsync([FreePort, .. args, $"--Storage:Path={Storage}"], terminal, ended.Token);
        if (await Task.WhenAny(run, stderr.Line) != run)
            await then(await stderr.Line);
        await ended.CancelAsync();
        return (await run, stderr.ToString());
    }

    /// <summary>
    /// As <see cref="RunAsync(string[])"/>, where the folder of the store is the program's own affair.
    /// </summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunWithoutStorageAsync(params string[] args)
    {
        using var stdin = new MemoryStream();
        using var stdout = new MemoryStream();
        using var stderr = new StringWriter();
        var exitCode = await Cli.RunAsync(
            args, new Terminal(stdin, stdout, stderr, outputIsTerminal: false, errorIsTerminal: false));
        return (exitCode, Encoding.UTF8.GetString(stdout.ToArray()), stderr.ToString());
    }

    /// <summary>What the program is made of, on the same store; nothing is started.</summary>
    public IHost Host() => WorkerHost.Build([$"--Storage:Path={Storage}"]);

    public string File(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Tells when a line with that is written.</summary>
    private sealed class Heard(string what) : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(what, StringComparison.Ordinal) == true)
                _line.TrySetResult(value);
        }
    }
}
