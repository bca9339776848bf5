using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Worker.Evaluation.Hosts;

namespace Worker.Evaluation.JavaScript;

/// <summary>
/// Forks a child for each call, and ends it at its time. It reads no code and no Log: the child takes them from the
/// pipe, so that nothing of a call can be found in the next. What passes through, output and answer, is wiped behind
/// it. What is said to the worker and back is described in host.py.
/// </summary>
internal sealed class ForkServer(ProcessFence fence, OtherThreads others)
{
    private const int HeaderBytes = 32;
    private const int ReplyBytes = 20;
    private const int Failed = 70;
    private const int UnixDomain = 1;
    private const int Streams = 1;

    /// <summary>For a child to take its request and close the fence; the worker's patience is longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);

    private readonly Room _output = new();
    private readonly Room _answer = new();
    private readonly byte[] _header = new byte[HeaderBytes];
    private readonly byte[] _reply = new byte[ReplyBytes];
    private readonly int[] _outputEnds = new int[2];
    private readonly int[] _answerEnds = new int[2];

    /// <summary>Until there are no more requests. Throws where a child fails before its fence, too.</summary>
    public void Serve()
    {
        while (Descriptors.Fill(0, _header))
        {
            if (!_header.AsSpan(0, 4).SequenceEqual("ask?"u8))
                throw new InvalidDataException("What came is no request.");
            ServeOne();
        }
    }

    private void ServeOne()
    {
        var host = Libc.GetPid();
        Libc.Check(Libc.Pipe(_outputEnds), "pipe");

        // A pipe could be opened once more, through /proc, and read by who should only write.
        Libc.Check(Libc.SocketPair(UnixDomain, Streams, 0, _answerEnds), "socketpair");
        others.AwaitSleep();
        var call = Libc.Check(Libc.Fork(), "fork");
        if (call == 0)
            BeChild(host);
        _ = Libc.Close(_outputEnds[1]);
        _ = Libc.Close(_answerEnds[1]);
        _output.Prepare(_outputEnds[0], Number(6) + 1);
        _answer.Prepare(_answerEnds[0], Number(7) + 2);

        var outcome = Watch(call);
        Kill(call);
        Libc.Check(Libc.WaitPid(call, out var status, 0), "waitpid");
        foreach (var room in (ReadOnlySpan<Room>)[_output, _answer])
        {
            while (room.Take())
            {
            }

            _ = Libc.Close(room.Descriptor);
        }

        Reply(outcome, (status & 0x7f) == 0 ? status >> 8 & 0xff : -(status & 0x7f));
    }

    /// <summary>
    /// Until the child has ended, or has to be. Its time begins where the fence is closed and its code begins.
    /// </summary>
    private CodeOutcome Watch(int call)
    {
        var ended = Libc.Check(Libc.SystemCall(Libc.PidFdOpen, call, 0, 0), "pidfd_open");
        try
        {
            return Watch(call, ended);
        }
        finally
        {
            _ = Libc.Close(ended);
        }
    }

    private CodeOutcome Watch(int call, int ended)
    {
        var (begun, allowed, isFenced) = (Stopwatch.GetTimestamp(), Patience, false);
        PollDescriptor[] poll =
        [
            new(_output.Descriptor, PollDescriptor.Readable), new(_answer.Descriptor, PollDescriptor.Readable),
            new(ended, PollDescriptor.Readable), new(0, 0),
        ];
        while (allowed - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } left)
        {
            if (Libc.Poll(poll, (nuint)poll.Length, (int)left.TotalMilliseconds + 1) <= 0)
                continue;
            if (poll[2].Returned != 0)
                return CodeOutcome.Ended;
            if (poll[3].Returned != 0)
            {
                // The worker is gone.
                Kill(call);
                Libc.Exit(0);
            }

            if (IsFull(ref poll[0], _output) || IsFull(ref poll[1], _answer))
                return CodeOutcome.Ended; // that it is full says the rest
            if (!isFenced && _answer.Count > 0)
                (begun, allowed, isFenced) = (Stopwatch.GetTimestamp(), TimeSpan.FromMilliseconds(Number(4)), true);
        }

        return CodeOutcome.TimedOut;
    }

    private static bool IsFull(ref PollDescriptor poll, Room room)
    {
        if (poll.Returned != 0 && !room.Take())
            poll.Descriptor = -1;
        return room.IsFull;
    }

    private void Reply(CodeOutcome outcome, int exitCode)
    {
        if (_answer.Count == 0 || _answer.Content[0] != 'F')
            throw new InvalidOperationException(
                $"A child ended before the fence was closed: {Encoding.UTF8.GetString(_output.Content)}");
        if (_output.IsFull)
            outcome = CodeOutcome.TooMuchOutput;
        else if (_answer.IsFull)
            outcome = CodeOutcome.TooLargeResult;
        var printed = _output.Content[..Math.Min(_output.Count, Number(6))];
        var said = outcome == CodeOutcome.Ended ? _answer.Content[1..] : [];
        var reply = _reply.AsSpan();
        "ans!"u8.CopyTo(reply);
        BinaryPrimitives.WriteInt32LittleEndian(reply[4..], (int)outcome);
        BinaryPrimitives.WriteInt32LittleEndian(reply[8..], exitCode);
        BinaryPrimitives.WriteInt32LittleEndian(reply[12..], printed.Length);
        BinaryPrimitives.WriteInt32LittleEndian(reply[16..], said.Length);
        Descriptors.Write(1, reply);
        Descriptors.Write(1, printed);
        Descriptors.Write(1, said);
        _output.Wipe();
        _answer.Wipe();
    }

    /// <summary>Never returns: what a child does not expect ends it.</summary>
    private void BeChild(int host)
    {
        try
        {
            _ = Libc.SetSession();
            Libc.Check(Libc.PrCtl(Libc.DeathSignal, Libc.KillSignal, 0, 0, 0), "prctl");
            if (Libc.GetParent() != host)
                Libc.Exit(Failed);
            var path = Take(Number(1));
            var code = Take(Number(2));
            var log = Take(Number(3));
            var nothing = Libc.Check(Libc.Open("/dev/null\0"u8.ToArray(), 2, 0), "open");

            // What the runtime itself says when it ends is nothing that the code printed.
            (int From, int To)[] moves =
                [(_outputEnds[1], 62), (_answerEnds[1], 63), (nothing, 0), (nothing, 2), (62, 1), (63, 3)];
            foreach (var (from, to) in moves)
                Libc.Check(Libc.Duplicate(from, to), "dup2");
            fence.Close((long)Number(5) << 20, Number(4) / 1000);
            Descriptors.Write(3, "F"u8);
            Descriptors.Write(
                3, Script.Answer(Encoding.UTF8.GetString(path), Encoding.UTF8.GetString(code), log, output: 1));
            Libc.Exit(0);
        }
        catch (Exception failure)
        {
            Descriptors.Write(1, Encoding.UTF8.GetBytes(failure.Message));
        }
        finally
        {
            Libc.Exit(Failed);
        }
    }

    private static byte[] Take(int count)
    {
        var bytes = new byte[count];
        return Descriptors.Fill(0, bytes) ? bytes : throw new EndOfStreamException("The request ended.");
    }

    /// <summary>Its group first: without the fence it may have children.</summary>
    private static void Kill(int call)
    {
        _ = Libc.Kill(-call, Libc.KillSignal);
        _ = Libc.Kill(call, Libc.KillSignal);
    }

    private int Number(int index) => BinaryPrimitives.ReadInt32LittleEndian(_header.AsSpan(sizeof(int) * index));
}
