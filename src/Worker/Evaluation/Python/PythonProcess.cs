using System.ComponentModel;
using System.Diagnostics;

namespace Worker.Evaluation.Python;

/// <summary>The process of a host: started with nothing of this one's, and talked to within bounds of time.</summary>
internal sealed class PythonProcess : IDisposable
{
    private readonly Process _process;
    private volatile bool _isKilled;

    private PythonProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool IsAlive => !_isKilled && !_process.HasExited;

    public Stream Input => _process.StandardInput.BaseStream;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Throws <see cref="EvaluatorPausedException"/> where there is no Python.</summary>
    public static PythonProcess Start(PythonOptions options, string scripts)
    {
        if (!OperatingSystem.IsLinux())
            throw new EvaluatorPausedException(
                "Evaluators of the kind python run on Linux alone; use the container image.");

        // Not -I, which would ignore the hash seed: sets are to be walked in the same order in every call.
        var start = new ProcessStartInfo(
            options.Path,
            [
                "-s", "-S", "-B", Path.Combine(scripts, "host.py"),
                options.FenceName, string.Concat(options.Preload.Split(' ')),
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment.Add("PYTHONHASHSEED", "0");
        start.Environment.Add("PYTHONUTF8", "1");
        try
        {
            return new(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw new EvaluatorPausedException(
                $"Python cannot be started as \"{options.Path}\" ({exception.Message}). Install Python 3.9 or newer, " +
                "on Debian and Ubuntu with apt-get install python3, or name it in Evaluation:Python:Path.",
                exception);
        }
    }

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
