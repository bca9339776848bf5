using System.Diagnostics;
using MongoDB.Bson;
using MongoGateway.Authentication;
using MongoGateway.Wire;

namespace MongoGateway;

/// <summary>One client: its messages are answered one after the other, in order.</summary>
internal sealed class ClientConnection(
    Stream stream, Commands commands, Credentials? credentials, OperationClock? clock, bool log)
{
    private readonly Login _login = new(credentials);

    public async Task ServeAsync(CancellationToken cancellation)
    {
        while (await WireReader.ReadAsync(stream, cancellation) is { } message)
        {
            var reply = await AnswerAsync(message);
            if (message.AwaitsReply)
            {
                await WireWriter.WriteAsync(stream, message, reply, cancellation);
            }
        }
    }

    private async Task<byte[]> AnswerAsync(WireMessage message)
    {
        var started = Stopwatch.GetTimestamp();
        var name = "?";
        try
        {
            var request = Request.Of(message);
            name = $"{request.Command} {(request.Target.IsString ? request.Collection : request.Database)}";
            if (message.OpCode == OpCode.Query && !Commands.IsTakenByOpQuery(request.Command))
            {
                throw new CommandException(
                    ErrorCode.UnsupportedOpQueryCommand, $"Unsupported OP_QUERY command: {request.Command}");
            }

            var reply = await commands.RunAsync(request, _login);
            Note(name, started, "ok");
            return clock is null ? reply : clock.Stamp(reply);
        }
        catch (CommandException error)
        {
            Note(name, started, error.Code.ToString());
            return new BsonDocument
            {
                { "ok", 0.0 }, { "errmsg", error.Message }, { "code", (int)error.Code }, { "codeName", error.Code.ToString() },
            }.ToBson();
        }
    }

    private void Note(string name, long started, string outcome)
    {
        if (log)
        {
            Console.Error.WriteLine(
                $"gateway: {name} {outcome} {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F1} ms");
        }
    }
}
