using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Worker.Tests.Front.Description;

/// <summary>
/// Holds every exchange of a test with the front to the front's description, whatever the test is about: so no test
/// shows an answer that is not described.
/// </summary>
internal sealed class DescribedExchanges() : DelegatingHandler(new SocketsHttpHandler())
{
    private static readonly SemaphoreSlim Reading = new(1);
    private static ApiContract? _contract;

    /// <summary>Requests, too: those of clients, which are not odd for a test's sake.</summary>
    public bool HoldsRequests { get; set; }

    /// <summary>The operations that were answered with success.</summary>
    public ConcurrentDictionary<string, bool> Served { get; } = new();

    /// <summary>The same for every front, so it is read once.</summary>
    public static async Task<ApiContract> ContractAsync(Uri front, CancellationToken cancellationToken)
    {
        await Reading.WaitAsync(cancellationToken);
        try
        {
            if (_contract is null)
            {
                using var http = new HttpClient();
                _contract = new(JsonNode.Parse(await http.GetStringAsync(new Uri(front, "/openapi.json"), cancellationToken))!.AsObject());
            }

            return _contract;
        }
        finally
        {
            Reading.Release();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is { } content && content.Headers.ContentEncoding.Count == 0
            ? await content.ReadAsByteArrayAsync(cancellationToken)
            : [];
        var response = await base.SendAsync(request, cancellationToken);
        var contract = await ContractAsync(request.RequestUri!, cancellationToken);
        var exchange = await Exchange.OfAsync(request, body, response, cancellationToken);
        var faults = contract.AnswerFaults(exchange).Concat(HoldsRequests ? contract.RequestFaults(exchange) : []);
        faults.ShouldBeEmpty($"{exchange.Method} {request.RequestUri} answered {exchange.Status}");
        if (response.IsSuccessStatusCode && contract.Find(exchange.Method, exchange.Path) is { } served)
            Served[served] = true;
        return response;
    }
}
