using Worker.Errors;

namespace Worker.Storage;

/// <summary>How it stands with the schema of a store.</summary>
/// <param name="Store">What it is and where it lies; holds no secret.</param>
/// <param name="Found">The number that the store has reached; 0 for one that is empty.</param>
/// <param name="Known">The number that this worker leads it to.</param>
/// <param name="Needs">
/// The number that a worker must know to use the store: raised by a step that is not additive, and by no other.
/// </param>
/// <param name="Due">The steps that this worker would take, in their order.</param>
internal sealed record SchemaState(string Store, int Found, int Known, int Needs, IReadOnlyList<SchemaStep> Due)
{
    /// <summary>
    /// Throws <see cref="StoreUnusableException"/> when a later version of worker has changed more than this one can
    /// understand.
    /// </summary>
    /// <param name="elsewhere">What names another store, e.g. a setting.</param>
    public void MustBeUsable(string elsewhere)
    {
        if (Needs > Known)
        {
            throw new StoreUnusableException(
                $"{Store} was written by a later version of worker " +
                $"(its schema is {Found} and needs a worker that knows {Needs}, this one knows {Known}): " +
                $"use that version, or {elsewhere}.");
        }
    }

    /// <summary>
    /// Throws <see cref="StoreUnusableException"/> when steps are due that are left to <c>worker migrate</c>. An empty
    /// store has nothing that they could be a risk for.
    /// </summary>
    public void MustBeMigrated()
    {
        if (Found > 0 && Due.Count > 0)
        {
            throw new StoreUnusableException(
                $"{Store} has the schema {Found} and this worker needs {Known}: " +
                "make a backup and run worker migrate --apply, or set Storage:Migrate to true.");
        }
    }
}
