using System.Globalization;

namespace Worker.Models;

/// <summary>
/// The providers of models and the models' prices. Section <c>Evaluation:Models</c>, whose names are the operator's:
/// <c>Providers:NAME:BaseUrl</c>, <c>Providers:NAME:ApiKey</c>, <c>Prices:MODEL:Input</c> and <c>:Output</c>.
/// </summary>
internal sealed class ModelSettings
{
    public const string SectionName = "Evaluation:Models";

    private const string ApiKey = "ApiKey";
    private const string ApiKeyFile = "ApiKey_FILE";
    private const string BaseUrl = "BaseUrl";
    private const string ProvidersName = SectionName + ":Providers";
    private const string PricesName = SectionName + ":Prices";

    private readonly Dictionary<string, ModelProvider> _providers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ModelPrice> _prices = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _faults = [];

    private ModelSettings()
    {
    }

    public IReadOnlyDictionary<string, ModelProvider> Providers => _providers;

    /// <summary>By the model's name as Evaluators give it.</summary>
    public IReadOnlyDictionary<string, ModelPrice> Prices => _prices;

    /// <summary>Sentences that name the key and what it accepts.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public static ModelSettings Read(IConfiguration configuration)
    {
        var settings = new ModelSettings();
        foreach (var child in configuration.GetSection(SectionName).GetChildren())
        {
            if (!Is(child.Path, ProvidersName) && !Is(child.Path, PricesName))
                settings._faults.Add($"{child.Path} is not a key of the worker; it accepts Providers, Prices.");
        }

        foreach (var provider in configuration.GetSection(ProvidersName).GetChildren())
            settings.AddProvider(provider);
        settings.AddPrices(configuration.GetSection(PricesName));
        return settings;
    }

    /// <summary>The keys in use that name a file with a secret in it.</summary>
    public static IEnumerable<string> SecretFileKeys(IConfiguration configuration) =>
        configuration.GetSection(ProvidersName).GetChildren().Select(provider => $"{provider.Path}:{ApiKeyFile}");

    /// <summary>The secrets themselves.</summary>
    public static IEnumerable<string> Secrets(IConfiguration? configuration) =>
        configuration?.GetSection(ProvidersName).GetChildren().Select(provider => provider[ApiKey]?.Trim())
            .OfType<string>()
        ?? [];

    private void AddProvider(IConfigurationSection section)
    {
        string[] accepted = [BaseUrl, ApiKey, ApiKeyFile];
        _faults.AddRange(section.GetChildren()
            .Where(child => !accepted.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child =>
                $"{child.Path} is not a key of the worker; {section.Path} accepts {string.Join(", ", accepted)}."));
        var key = section[ApiKey]?.Trim();
        if (key?.All(each => each is > ' ' and <= '~') == false)
            _faults.Add(
                $"{section.Path}:{ApiKey} is no key; it accepts letters, digits and signs of ASCII, without spaces.");
        if (Uri.TryCreate(section[BaseUrl], UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0)
            _providers[section.Key] = new(section.Key, url, key is { Length: > 0 } ? key : null);
        else
            _faults.Add(
                $"{section.Path}:{BaseUrl} is no address without a password; " +
                "it accepts one such as https://host/v1.");
    }

    /// <summary>A model's name may hold colons, which part keys, too: the last part alone is ours.</summary>
    private void AddPrices(IConfigurationSection section)
    {
        var values = section.AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Value is not null && pair.Key.Length > 0)
            .Select(pair => (Parts: pair.Key.LastIndexOf(':'), pair.Key, Value: pair.Value!));
        foreach (var (parts, key, text) in values)
        {
            var path = $"{section.Path}:{key}";
            var (model, side) = parts < 0 ? ("", key) : (key[..parts], key[(parts + 1)..]);
            var isInput = Is(side, nameof(ModelPrice.Input));
            if (model.Length == 0 || (!isInput && !Is(side, nameof(ModelPrice.Output))))
                _faults.Add($"{path} is not a key of the worker; {section.Path} accepts MODEL:Input, MODEL:Output.");
            else if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var price)
                || price is < 0 or > 1_000_000)
                _faults.Add($"{path} is \"{text}\"; it accepts 0 to 1000000, US dollars per million tokens.");
            else
                _prices[model] = Priced(_prices.GetValueOrDefault(model) ?? new(0, 0), isInput, price);
        }
    }

    private static ModelPrice Priced(ModelPrice model, bool isInput, decimal price) =>
        isInput ? model with { Input = price } : model with { Output = price };

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
