using System.ComponentModel;
using System.Diagnostics;

namespace Worker.Evaluation.Hosts;

/// <summary>The process of a host: started with nothing of this one's, and talked to within bounds of time.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;
    private volatile bool _isKilled;

    private HostProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool IsAlive => !_isKilled && !_process.HasExited;

    public Stream Input => _process.StandardInput.BaseStream;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Throws <see cref="EvaluatorPausedException"/> where it cannot be started.</summary>
    public static HostProcess Start(ICodeLanguage language)
    {
        if (!OperatingSystem.IsLinux())
            throw new EvaluatorPausedException(
                $"Evaluators of the kind {language.Kind} run on Linux alone; use the container image.");

        var host = language.Host();
        var start = new ProcessStartInfo(
            WholePathOf(host.Program, Environment.GetEnvironmentVariable("PATH")), host.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var (name, value) in host.Environment)
            start.Environment.Add(name, value);
        try
        {
            return new(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw new EvaluatorPausedException(language.CannotStart(exception.Message), exception);
        }
    }

    /// <summary>
    /// Of a program that is named without a folder, as a shell would find it. An interpreter looks for its libraries
    /// where it was called, and a host has no <c>PATH</c> to find that out by.
    /// </summary>
    /// <param name="path">Folders, separated by colons.</param>
    internal static string WholePathOf(string program, string? path) => program.Contains('/')
        ? program
        : (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists) ?? program;

    /// <summary>A read from a pipe cannot be cancelled: the process is killed, which ends the read.</summary>
    public async Task<T> BoundedAsync<T>(
        Func<Task<T>> exchange, CancellationToken clock, CancellationToken cancellationToken)
    {
        await using var atTime = clock.Register(Kill);
        await using var onCancel = cancellationToken.Register(Kill);
        try
        {
            return await exchange();
        }
        finally
        {
            // What was read of a process that was killed meanwhile means nothing.
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Ends it, and says the last line of its errors as part of a sentence.</summary>
    public async Task<string> LastWordsAsync(TimeSpan patience, TimeProvider time)
    {
        Kill();
        var words = "";
        try
        {
            words = (await _process.StandardError.ReadToEndAsync().WaitAsync(patience, time)).TrimEnd();
        }
        catch (TimeoutException)
        {
            // Somebody else holds the other end.
        }

        var last = words[(words.LastIndexOf('\n') + 1)..];
        return last.Length == 0 ? "it said nothing." : $"\"{last}\".";
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Kill()
    {
        _isKilled = true;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended, or ends now.
        }
    }
}
