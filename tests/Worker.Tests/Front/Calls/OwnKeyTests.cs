using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Worker.Models;
using static Worker.Tests.Evaluation.Models.FakeModelServer;

namespace Worker.Tests.Front.Calls;

/// <summary>A key that comes with a call is for that call alone.</summary>
public sealed class OwnKeyTests
{
    private static readonly Gen<string> Key =
        from length in Gen.Choose(8, 40)
        from text in Gen.Elements("abcXYZ0189-_.\"\\<>&'+/=".ToCharArray()).ArrayOf(length)
        select new string(text);

    /// <summary>Whatever the provider makes of it, and however it says so.</summary>
    [Fact]
    public async Task It_is_sent_to_its_provider_and_occurs_in_nothing_that_is_kept_or_answered()
    {
        foreach (var (key, place) in Gen.Zip(Key, Gen.Choose(0, 7)).Sample(40))
        {
            await using var world = await CallWorld.StartAsync(Repeats(key, place));
            var isStreamed = place >= 5;

            var body = Body(key, isStreamed);
            var answer = place is 5 or 6
                ? string.Concat((await world.StreamAsync(body)).Events.Select(each => (string?)each["output"])) + await StreamedAsync(world, body)
                : (await world.CallAsync(body)).Json!.ToJsonString();

            world.Model.Requests[0].Authorization.ShouldBe($"Bearer {key}");
            world.Model.Requests[0].Body.GetRawText().ShouldNotContain(Escaped(key));
            foreach (var said in world.Front.Intake.Taken.Select(each => Encoding.UTF8.GetString(each.Body.Span)).Append(answer))
            {
                said.ShouldNotContain(key);
                said.ShouldNotContain(Escaped(key));
                said.ShouldNotContain("other-secret");
                Strings(said).Where(text => text.Contains(key, StringComparison.Ordinal)).ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public void It_is_hidden_wherever_a_stream_is_cut()
    {
        foreach (var (key, cuts) in Gen.Zip(Key, Gen.Choose(0, 1000).ArrayOf(5)).Sample(500))
        {
            var text = $"{key[..4]}a{key}b{key[..3]}{key}{key}{key[..^1]}";
            var hidden = new HiddenKeyStream(new ModelProvider("p", new Uri("http://localhost"), key));
            var places = cuts.Select(cut => cut % text.Length).Append(0).Append(text.Length).Order().ToList();

            var shown = string.Concat(places.Zip(places.Skip(1), (from, to) => hidden.Add(text[from..to]))) + hidden.End();

            shown.ShouldBe(text.Replace(key, "***", StringComparison.Ordinal));
        }
    }

    /// <summary>Its last character, and all of the next one, are how JSON writes it.</summary>
    [Fact]
    public void It_is_hidden_where_it_stands_before_what_looks_like_it()
    {
        const string Key = @"\ZcY&8c_ca8X8+\";

        new ModelProvider("p", new Uri("http://localhost"), Key).Hide($"a{Key}{Key}{Key}b{Escaped(Key)}c").ShouldBe("a*********b***c");
    }

    [Fact]
    public async Task The_operators_key_is_for_whoever_brings_none_for_that_provider()
    {
        await using var world = await CallWorld.StartAsync(Says("yes"));

        await world.CallAsync("""{"path":"p","prompt":{"model":"m","template":"x"},"provider_api_keys":{"anthropic":"sk-of-somebody","openai":null}}""");

        world.Asked.Authorization.ShouldBe($"Bearer {CallWorld.OperatorsKey}");
    }

    [Fact]
    public async Task Who_brings_a_key_that_is_refused_is_told_that_it_is_that()
    {
        await using var world = await CallWorld.StartAsync(Fails(401, "no"));

        var (_, answer) = await world.CallAsync(Body("sk-of-the-caller", isStreamed: false));

        ((string)answer!["detail"]!).ShouldContain("the key that came with the call");
    }

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Repeats(string key, int place) => place switch
    {
        0 => Says($"Your key is {key}."),
        1 => Fails(401, $"Incorrect key: {key}"),
        2 => Raw(200, $"<html>{key}"),
        3 => Raw(200, """{"choices":[{"message":{"content":"x","tool_calls":[{"id":K,"function":{"name":K,"arguments":K}}]},"finish_reason":K}],K:K}"""
            .Replace("K", Json(key), StringComparison.Ordinal)),
        4 => Raw(500, key),
        5 => Streams(null, Piece($"Your key is {key[..3]}"), Piece(key[3..]), Piece("", "stop"), "[DONE]"),
        6 => Streams(null, Piece("half"), Json(key)),
        _ => Fails(429, key),
    };

    private static string Body(string key, bool isStreamed) => new JsonObject
    {
        ["path"] = "p",
        ["prompt"] = new JsonObject { ["model"] = "m", ["template"] = "x" },
        ["provider_api_keys"] = new JsonObject { ["openai"] = key, ["anthropic"] = "other-secret" },
        ["stream"] = isStreamed,
    }.ToJsonString();

    private static async Task<string> StreamedAsync(CallWorld world, string body)
    {
        using var content = new StringContent(body);
        using var response = await world.Front.Client.PostAsync("/v5/prompts/call", content, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);

    private static string Escaped(string key) => Json(key)[1..^1];

    private static IEnumerable<string> Strings(string said)
    {
        foreach (var line in said.Split('\n').Select(line => line.StartsWith("data: {", StringComparison.Ordinal) ? line[6..] : line))
        {
            if (line.StartsWith('{'))
            {
                foreach (var text in Strings(JsonNode.Parse(line)))
                    yield return text;
            }
        }
    }

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Strings(member.Value).Append(member.Key)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
