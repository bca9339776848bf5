using Worker.Storage;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IKeyStore
{
    private readonly List<ApiKey> _keys = [];

    public Task AddAsync(ApiKey key, CancellationToken cancellationToken) => Do(() => _keys.Add(key));

    Task<IReadOnlyList<ApiKey>> IKeyStore.ListAsync(CancellationToken cancellationToken) =>
        Do(IReadOnlyList<ApiKey> () => [.. _keys.OrderBy(key => key.CreatedAt)]);

    public Task<bool> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => Do(() =>
    {
        if (_keys.FindIndex(key => key.Id == id && key.RevokedAt is null) is not (>= 0 and var index))
            return false;
        _keys[index] = _keys[index] with { RevokedAt = at };
        return true;
    });
}
