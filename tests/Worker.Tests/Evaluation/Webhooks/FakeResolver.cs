using System.Net;
using Worker.Evaluation.Webhooks;

namespace Worker.Tests.Evaluation.Webhooks;

/// <summary>Says something else each time it is asked, and the last for ever.</summary>
internal sealed class FakeResolver(params string[][] answers) : IHostResolver
{
    public List<string> Asked { get; } = [];

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var answer = answers[Math.Min(Asked.Count, answers.Length - 1)];
        Asked.Add(host);
        return Task.FromResult(Array.ConvertAll(answer, IPAddress.Parse));
    }
}
