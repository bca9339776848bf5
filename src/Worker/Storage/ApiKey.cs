namespace Worker.Storage;

/// <summary>A key of somebody who asks the front. What it opens with is shown once, and not kept.</summary>
internal sealed record ApiKey
{
    /// <summary>Part of the key itself, and no secret.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is, for people.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the whole key, lower hex: of 256 random bits, which nobody guesses.</summary>
    public required string Hash { get; init; }

    public required KeyRoles Roles { get; init; }

    /// <summary>The only Files whose Logs it opens are those at this path and under it; null: all.</summary>
    public string? Path { get; init; }

    /// <summary>Requests a second, at each front; null: as many as come.</summary>
    public int? Rate { get; init; }

    /// <summary>Bytes of a body at most, as it comes and unpacked; null: as many as the front takes.</summary>
    public int? MaxBody { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when it opens nothing; null: it does.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    public bool Allows(KeyRoles role) => (Roles & (role | KeyRoles.Admin)) != 0;

    /// <param name="path">Of a File; null where it has none, or nobody knows.</param>
    public bool Covers(string? path) =>
        Path is null
        || (path is not null && path.StartsWith(Path, StringComparison.Ordinal)
            && (path.Length == Path.Length || path[Path.Length] == '/'));
}
