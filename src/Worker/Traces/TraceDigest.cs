namespace Worker.Traces;

/// <summary>
/// An order-free hash over the members' (id, content hash): the same content gives the same digest, whatever the order, the
/// duplicates and the workers. Hashed are the users' fields and the resolved Version; not stamps, receipts, problems or labels.
/// </summary>
internal static class TraceDigest
{
    /// <summary>Lower hex SHA-256.</summary>
    public static string Of(IReadOnlyCollection<Log> members) => throw new NotImplementedException();
}
