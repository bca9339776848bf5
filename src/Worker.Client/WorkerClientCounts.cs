namespace Worker.Client;

/// <summary>
/// What became of every call since the client was made. Calls = <see cref="Enqueued"/> + <see cref="Refused"/>, and
/// <see cref="Enqueued"/> = <see cref="Published"/> + <see cref="Spooled"/> + <see cref="Dropped"/> +
/// <see cref="InMemory"/>; while calls are made, a reading may be behind by those that are under way.
/// </summary>
/// <param name="Enqueued">Calls that returned true.</param>
/// <param name="Published">Of these, those that the broker confirmed.</param>
/// <param name="Spooled">Of these, those that were written to disk in its place.</param>
/// <param name="Forwarded">
/// What the broker confirmed of the spool, with what earlier processes left there; a part of no sum.
/// </param>
/// <param name="Refused">Calls that returned false.</param>
/// <param name="Dropped">
/// Calls that returned true and were lost at disposal, because neither the broker nor the disk took them.
/// </param>
/// <param name="InMemory">What waits, or is being sent.</param>
public sealed record WorkerClientCounts(
    long Enqueued, long Published, long Spooled, long Forwarded, long Refused, long Dropped, long InMemory);
