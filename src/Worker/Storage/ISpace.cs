using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// What a store takes up that is a file of one worker; a server has none of this. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface ISpace
{
    /// <summary>Bytes that are in use, indexes included, without what was freed and not given back.</summary>
    Task<long> InUseAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Gives back what was freed, in small steps, so that nobody waits long for one. Nothing of a file that an earlier
    /// build made, until it is compacted.
    /// </summary>
    /// <returns>How many bytes the store became smaller by.</returns>
    Task<long> GiveBackAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes the file anew without what was freed, in which time nobody writes; what is freed from then on can be
    /// given back.
    /// </summary>
    /// <returns>How many bytes the store became smaller by.</returns>
    Task<long> CompactAsync(CancellationToken cancellationToken);
}
