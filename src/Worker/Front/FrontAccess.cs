using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Front;

/// <summary>Whom the front lets in, looked at before it listens.</summary>
internal sealed class FrontAccess(IKeyStore keys, IOptions<FrontOptions> options)
{
    /// <summary>
    /// In words, for the start. Throws <see cref="ConfigurationException"/> where other machines could come in without
    /// a key. A store that does not answer now is asked with every request, and nobody comes in before it has answered.
    /// </summary>
    public async Task<string> CheckAsync(CancellationToken cancellationToken)
    {
        var isLocal = FrontAddress.Parse(options.Value.Address).IsLoopback;
        IReadOnlyList<ApiKey> all;
        try
        {
            all = await keys.ListAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return "for whoever has a key, once the store answers";
        }

        if (!isLocal && !all.Any(key => key.RevokedAt is null))
        {
            throw new ConfigurationException(
            [
                $"{FrontAddress.Key} is \"{options.Value.Address}\", which other machines can reach, "
                + "and there is no key that tells who may come in; "
                + "make one with worker keys create, or listen at http://127.0.0.1:8080.",
            ]);
        }

        return all.Count > 0 ? "for whoever has a key" : "for this machine alone, without a key";
    }
}
