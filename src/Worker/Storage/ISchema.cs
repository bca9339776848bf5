using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// The schema of a store, and the steps that lead to it. Each step is additive unless it says that later workers alone
/// may use the store from then on, can be ended at any point and taken again, and may be taken by several processes at
/// once. Throws <see cref="StoreUnavailableException"/> and <see cref="StoreUnusableException"/>.
/// </summary>
internal interface ISchema
{
    /// <summary>Changes nothing.</summary>
    /// <returns>Null where there is no store yet.</returns>
    Task<SchemaState?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Takes the steps that are due, whatever the settings say; when done, none is.</summary>
    /// <param name="show">Is told of each step as it begins, and of how far it is.</param>
    Task ApplyAsync(Action<SchemaProgress> show, CancellationToken cancellationToken);
}
