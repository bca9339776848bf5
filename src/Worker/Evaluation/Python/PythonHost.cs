using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Worker.Evaluation.Python;

/// <summary>
/// One process of host.py. It makes one call at a time, each in a child of its own. It ends with this process, however
/// that ends.
/// </summary>
internal sealed class PythonHost : IDisposable
{
    /// <summary>A machine may be busy; a host that answers later than this does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int ReplyBytes = 20;

    private readonly Process _process;
    private readonly TimeProvider _time;
    private volatile bool _isKilled;

    private PythonHost(Process process, TimeProvider time) => (_process, _time) = (process, time);

    /// <summary>As the host says it.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The kernel's version of Landlock; 0 where there is none, and where the fence is not strict.</summary>
    public int Landlock { get; private set; }

    public int ProcessId => _process.Id;

    public bool IsAlive => !_isKilled && !_process.HasExited;

    /// <summary>Throws <see cref="EvaluatorPausedException"/> where there is no Python, or no fence.</summary>
    public static async Task<PythonHost> StartAsync(
        PythonOptions options, string scripts, TimeProvider time, CancellationToken cancellationToken)
    {
        var host = new PythonHost(Start(options, scripts), time);
        try
        {
            await host.GreetAsync(options, cancellationToken);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Throws <see cref="TransientCallException"/> where the host ends, or does not answer; then, and where the call is
    /// cancelled, the host is of no more use.
    /// </summary>
    public async Task<PythonReply> CallAsync(PythonRequest request, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(request.Timeout + Patience, _time);
        try
        {
            return await BoundedAsync(() => ExchangeAsync(request), clock.Token, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new TransientCallException(
                clock.IsCancellationRequested
                    ? $"The Python host did not answer within {request.Timeout + Patience}."
                    : $"The Python host ended during the call: {await LastWordsAsync()}",
                innerException: exception);
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static Process Start(PythonOptions options, string scripts)
    {
        if (!OperatingSystem.IsLinux())
            throw new EvaluatorPausedException(
                "Evaluators of the kind python run on Linux alone; use the container image.");

        // Not -I, which would ignore the hash seed: sets are to be walked in the same order in every call.
        var start = new ProcessStartInfo(
            options.Path,
            [
                "-s", "-S", "-B", Path.Combine(scripts, "host.py"),
                Level(options), string.Concat(options.Preload.Split(' ')),
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
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new EvaluatorPausedException(
                $"Python cannot be started as \"{options.Path}\" ({exception.Message}). Install Python 3.9 or newer, " +
                "on Debian and Ubuntu with apt-get install python3, or name it in Evaluation:Python:Path.",
                exception);
        }
    }

    private async Task GreetAsync(PythonOptions options, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(Patience + Patience, _time);
        var line = await BoundedAsync(_process.StandardOutput.ReadLineAsync, clock.Token, cancellationToken);
        if (line is null)
            throw new EvaluatorPausedException(
                $"Python was started as \"{options.Path}\", but is not ready: {await LastWordsAsync()} " +
                "It has to be an interpreter, 3.9 or newer, with its whole standard library.");

        var hello = JsonElement.Parse(line);
        if (hello.TryGetProperty("fault", out var fault))
            throw new EvaluatorPausedException(fault.GetString()!);
        var missing = hello.GetProperty("missing").EnumerateArray().Select(each => each.GetString()).ToList();
        if (missing.Count > 0)
            throw new EvaluatorPausedException(
                $"This system cannot fence Python code as Evaluation:Python:Fence={Level(options)} asks: " +
                $"{string.Join("; ", missing)}. Allow the worker seccomp and no_new_privs, as container engines do by " +
                "default, or accept less with Evaluation:Python:Fence=limits.");
        Version = hello.GetProperty("python").GetString()!;
        Landlock = hello.GetProperty("landlock").GetInt32();
    }

    private async Task<PythonReply> ExchangeAsync(PythonRequest request)
    {
        var input = _process.StandardInput.BaseStream;
        await input.WriteAsync(request.Head());
        await input.WriteAsync(request.Log);
        await input.FlushAsync();

        var head = await ReadAsync(ReplyBytes);
        if (!head.AsSpan(0, 4).SequenceEqual("ans!"u8))
            throw new InvalidDataException("What the host sent is no reply.");
        var output = await ReadAsync(Number(head, 3));
        var result = await ReadAsync(Number(head, 4));
        return new((PythonOutcome)Number(head, 1), Number(head, 2), output, result);
    }

    private static string Level(PythonOptions options) => options.Fence.ToString().ToLowerInvariant();

    private static int Number(byte[] head, int index) =>
        BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(sizeof(int) * index));

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _process.StandardOutput.BaseStream.ReadExactlyAsync(bytes);
        return bytes;
    }

    /// <summary>A read from a pipe cannot be cancelled: the host is killed, which ends the read.</summary>
    private async Task<T> BoundedAsync<T>(
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
            // What was read of a host that was killed meanwhile means nothing.
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<string> LastWordsAsync()
    {
        Kill();
        var words = "";
        try
        {
            words = (await _process.StandardError.ReadToEndAsync().WaitAsync(Patience, _time)).TrimEnd();
        }
        catch (TimeoutException)
        {
            // Somebody else holds the other end.
        }

        var last = words[(words.LastIndexOf('\n') + 1)..];
        return last.Length == 0 ? "it said nothing." : $"\"{last}\".";
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
