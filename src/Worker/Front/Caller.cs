using Microsoft.AspNetCore.Http;
using Worker.Audit;
using Worker.Storage;

namespace Worker.Front;

/// <summary>Who asks.</summary>
/// <param name="key">Null on this machine's loopback, where there are no keys.</param>
internal sealed class Caller(ApiKey? key)
{
    private static readonly Caller Anybody = new(key: null);

    /// <summary>Only Logs of some Files are this caller's.</summary>
    public bool IsConfined => key?.Path is not null;

    public string? KeyId => key?.Id;

    /// <summary>As the audit names who asks.</summary>
    /// <param name="context">Whose peer it is: where a proxy stands before the front, the proxy.</param>
    /// <param name="door"><c>http</c>, or <c>viewer</c>.</param>
    public AuditActor ToActor(HttpContext context, string door) => new(
        key?.Name ?? "anybody on this machine", key?.Id, $"{door} {context.Connection.RemoteIpAddress}".TrimEnd());

    /// <summary>Of the key, for people.</summary>
    public string? Name => key?.Name;

    /// <summary>Bytes of a body at most; null: as many as the front takes.</summary>
    public int? MaxBody => key?.MaxBody;

    public bool Allows(KeyRoles role) => key?.Allows(role) ?? true;

    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Anybody;

    /// <param name="path">Of the Log's File; null where it has none, or nobody knows.</param>
    public bool MaySee(string? path) => key?.Covers(path) ?? true;

    /// <summary>Of the Files that a list would show, those that this caller may see.</summary>
    public FileQuery Confine(FileQuery query)
    {
        if (key?.Path is not { } path || (query.Folder is { } folder && key.Covers(folder)))
            return query;
        var isAbove = query.Folder is not { } above || path.StartsWith(above + "/", StringComparison.Ordinal);
        return isAbove ? query with { Folder = path } : query with { Kinds = [] };
    }

    /// <summary>Throws <see cref="RefusedRequestException"/> where the File is not this caller's to log to.</summary>
    public void MustCover(string? path)
    {
        if (!MaySee(path))
            throw new RefusedRequestException(
                StatusCodes.Status403Forbidden,
                $"This key is for Files at {key!.Path} and under it, and "
                + (path is null ? "the request names none" : $"{path} is not"));
    }
}
