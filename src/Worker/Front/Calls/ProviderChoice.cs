using System.Text.Json.Nodes;
using Worker.Models;

namespace Worker.Front.Calls;

/// <summary>
/// Which provider a Prompt is called at: one that the operator configured, whatever the request says. Throws
/// <see cref="RefusedRequestException"/>.
/// </summary>
internal sealed class ProviderChoice(ModelSettings settings)
{
    private static readonly string[] Words = ["chat", "complete"];

    /// <summary>Where the Prompt names none: as the service took it, else as Evaluators do.</summary>
    private static readonly string[] Defaults = ["openai", "default"];

    /// <returns>With the key that it is called with, and whether that came with the call.</returns>
    public (ModelProvider Provider, bool IsOwnKey) Of(JsonObject details, CallBody body)
    {
        var provider = Named(Text(details["provider"]));
        MustBeOf(provider, Text(details["endpoint"]), ["body", "prompt", "endpoint"]);
        MustBeOf(provider, body.AddressFor(provider.Name), ["body", "provider_api_keys", provider.Name]);
        return body.KeyFor(provider.Name) is { } own ? (provider with { ApiKey = own }, true) : (provider, false);
    }

    private ModelProvider Named(string? name)
    {
        var names = name is null ? Defaults : [name];
        return names.Select(each => settings.Providers.GetValueOrDefault(each)).FirstOrDefault(each => each is not null)
            ?? throw new RefusedRequestException(new Invalid(
                ["body", "prompt", "provider"],
                $"No provider {names[0]} is configured; "
                + $"whoever runs this sets {ModelSettings.SectionName}:Providers:{names[0]}:BaseUrl",
                "value_error"));
    }

    /// <summary>
    /// An address in a request leads nowhere; it has to be at the operator's host, so that nobody is misled.
    /// </summary>
    private static void MustBeOf(ModelProvider provider, string? address, string[] place)
    {
        if (address is null || Words.Contains(address)
            || (Uri.TryCreate(address, UriKind.Absolute, out var said) && said.Authority == provider.BaseUrl.Authority))
            return;
        throw new RefusedRequestException(new Invalid(
            place,
            $"The provider {provider.Name} is called at the address that is configured, and at no other",
            "value_error"));
    }

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
