using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Worker.Storage;

namespace Worker.Front;

/// <summary>
/// Lets in who has a key that allows what is asked, as <c>X-API-KEY</c> or as a bearer. On the loopback, as long as no
/// key was ever made, it lets in everybody but web pages.
/// </summary>
internal sealed class KeyGuard(
    RequestDelegate next, KeyRing keys, IOptions<FrontOptions> options, TimeProvider time)
{
    public const string Header = "X-API-KEY";

    private const string Bearer = "Bearer ";

    private readonly bool _isLocal = FrontAddress.Parse(options.Value.Address).IsLoopback;

    public async Task InvokeAsync(HttpContext context)
    {
        var open = context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>();
        if (open is { WhateverTheStore: true })
        {
            await next(context);
            return;
        }

        if (_isLocal && !await keys.IsUsedAsync())
        {
            await WithoutKeyAsync(context);
            return;
        }

        if (open is not null)
        {
            await next(context);
            return;
        }

        var key = await KeyOfAsync(context.Request);
        if (Refusal(context, key) is var (status, sentence))
        {
            await Answers.SentenceAsync(context.Response, status, sentence);
            return;
        }

        context.Features.Set(new Caller(key));
        if (key!.MaxBody is { } own && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { } body)
            body.MaxRequestBodySize = Math.Min(own, body.MaxRequestBodySize ?? own);
        await next(context);
    }

    private Task WithoutKeyAsync(HttpContext context) =>
        LoopbackGuard.Refusal(context.Request) is { } sentence
            ? Answers.SentenceAsync(context.Response, StatusCodes.Status403Forbidden, sentence)
            : next(context);

    private (int Status, string Sentence)? Refusal(HttpContext context, ApiKey? key)
    {
        if (key is null)
            return (
                StatusCodes.Status401Unauthorized,
                $"The front wants a key that opens it, as {Header}; worker keys create makes one");
        var role = NeededRole.Of(context.GetEndpoint(), context.Request.Method);
        if (!key.Allows(role))
            return (
                StatusCodes.Status403Forbidden,
                $"Key {key.Id} is not for that; it takes one with the role {role.ToString().ToLowerInvariant()}");
        if (keys.IsWithinRate(key))
            return null;
        context.Response.Headers.RetryAfter = "1";
        return (StatusCodes.Status429TooManyRequests, $"Key {key.Id} is for {key.Rate} requests a second; send fewer");
    }

    private async ValueTask<ApiKey?> KeyOfAsync(HttpRequest request)
    {
        if (TextOf(request) is { } text)
            return await keys.FindAsync(text);
        return Session.KeyIdOf(request) is { } id
            && await keys.StandingAsync(id) is { } key
            && Session.Opens(request, key, time.GetUtcNow())
            ? key
            : null;
    }

    private static string? TextOf(HttpRequest request) =>
        request.Headers.TryGetValue(Header, out var own) && own is [{ Length: > 0 } text] ? text
        : request.Headers.Authorization is [{ } bearer] && bearer.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? bearer[Bearer.Length..].Trim()
            : null;
}
