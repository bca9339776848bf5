namespace MongoGateway;

/// <summary>A command that is answered with <c>ok: 0</c>.</summary>
internal sealed class CommandException(ErrorCode code, string message) : Exception(message)
{
    public ErrorCode Code { get; } = code;
}
