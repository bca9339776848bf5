using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Masking;

namespace Worker.Tests.Masking;

public sealed class MaskerTests
{
    private static readonly Masker Default = new(MaskRules.Default);

    public static TheoryData<string> Shapes => [.. Secrets.ByShape.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_secret_of_a_known_shape_is_masked(string shape)
    {
        foreach (var text in new[] { "{0}", "the key is {0}, keep it", "\n{0}\n", "“{0}”", "key={0}&more", "\"{0}\"", "a\t{0};" })
        {
            var said = text.Replace("{0}", Secrets.InText(shape), StringComparison.Ordinal);
            foreach (var body in Bodies(said))
            {
                var masked = Masked(body);
                masked.ShouldNotContain(Secrets.ByShape[shape], Case.Sensitive, body);
                Output(masked).ShouldContain("[masked: ", Case.Sensitive, body);
                Masked(masked).ShouldBe(masked);
            }
        }
    }

    [Fact]
    public void A_private_key_is_masked_from_its_first_line_to_its_last()
    {
        foreach (var body in Bodies($"before {Secrets.PrivateKey} after"))
            Output(Masked(body)).ShouldBe("before [masked: private_key] after");
        Output(Masked(Body(Secrets.PrivateKey[..100]))).ShouldBe("[masked: private_key]");
    }

    [Fact]
    public void Of_an_address_the_password_alone_is_masked()
    {
        Output(Masked(Body("mongodb://me:p@ss:w#rd@a:27017,b:27017/db?x=1")))
            .ShouldBe("mongodb://me:[masked: password]@a:27017,b:27017/db?x=1");
        Output(Masked(Body("postgres://:secret@db/x and redis://:other@cache")))
            .ShouldBe("postgres://:[masked: password]@db/x and redis://:[masked: password]@cache");
        Output(Masked(Body("Authorization: Bearer 2YotnFZFEjr1zCsicMWpAA"))).ShouldBe(
            "Authorization: Bearer [masked: bearer_token]");
    }

    [Theory]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 4bf92f3577b34da6a3ce929d0e0e4736")]
    [InlineData("41111111-1111-4111-8111-111111111111 123e4567-e89b-12d3-a456-426614174000")]
    [InlineData("chatcmpl-9aBcDeFgHiJkLmNoPqRsTuVwXyZ call_aB3dE5gH7jK9mN1pQ3sT5vX7 run_abc123 msg_01XFDUDYJgAACzvnptvVoYEL")]
    [InlineData("1735689600 1735689600123 1735689600123456 1735689600123456789 20250101000000 4111111111111112")]
    [InlineData("0.4111111111111111 -4.111111111111111e-05 [0.5555555555554444, 4111.1111]")]
    [InlineData("https://example.com:8080/a?b=c@d http://host:3000?x=a@b git@github.com:a/b.git ssh://git@host:22/x")]
    [InlineData("sk-learn sk-container-id-12 sk-transformation-step-with-a-long-name task-0123456789 risk-based-approach")]
    [InlineData("Bearer authentication-is-required-here, the Bearer of bad news; bearer-token; eyJhbGciOiJIUzI1NiJ9 alone")]
    [InlineData("AKIAB ASIA and ASIAN AKIAQ3EGRSXYZ7ABCDEFG the -----BEGIN PRIVATE KEY----- line begins a key")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END CERTIFICATE-----")]
    [InlineData("order-4111111111111111 a4111111111111111 4111111111111111b 1234 4111 1111 1111 1111 5555")]
    [InlineData("+1 415 555 2671, 0123 456789, someone@example.com, 192.168.0.1, 2001:db8::1, +49-30-123456")]
    public void What_is_no_secret_stays(string text)
    {
        var body = Body(text);
        Default.Mask(body).Body.ShouldBe(body);
    }

    [Fact]
    public void Images_and_vectors_stay()
    {
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            var image = new byte[20_000];
            random.NextBytes(image);
            var body = Body($"data:image/png;base64,{Convert.ToBase64String(image)} {Convert.ToHexStringLower(image)}");
            Default.Mask(body).Counts.ShouldBeNull();
            var vector = string.Join(',', Enumerable.Range(0, 500).Select(_ => JsonSerializer.Serialize(random.NextDouble() - 0.5)));
            Default.Mask(Encoding.UTF8.GetBytes($$"""{"output":[{{vector}}],"id":"{{Guid.NewGuid()}}"}""")).Counts.ShouldBeNull();
        }
    }

    [Fact]
    public void A_body_without_a_secret_is_given_back_as_it_is()
    {
        var body = Body("nothing");
        var masked = Default.Mask(body);
        masked.Body.ShouldBe(body);
        masked.Counts.ShouldBeNull();
    }

    [Fact]
    public void What_is_not_masked_stays_byte_for_byte()
    {
        var key = Secrets.ByShape["a GitHub token"];
        Masked($$""" { "a" : 1.0e5 , "b":"\u00e9\/" ,"x":NaN,"inputs":{"{{key}}":"é", "n":"{{key}}" }, "a":[-Infinity] } """)
            .ShouldBe(
                """ { "a" : 1.0e5 , "b":"\u00e9\/" ,"x":NaN,"inputs":{"[masked: github_token]":"é", "n":"[masked: github_token]" }, "a":[-Infinity] } """);
    }

    [Fact]
    public void What_links_and_orders_is_never_masked()
    {
        var key = Secrets.ByShape["a GitHub token"];
        var body = $$"""
            {"log_id":"{{key}}","id":"{{key}}","path":"{{key}}","trace_parent_id":"{{key}}","parent_id":"{{key}}",
             "version_id":"{{key}}","batch_id":"{{key}}","start_time":"{{key}}","evaluators":[{"evaluator_id":"{{key}}"}]}
            """;
        Masked(body).ShouldBe(body);
        Masked(Filled("""{"messageType":["urn:x"],"messageId":"KEY","message":{"log_id":"KEY","output":"KEY"},"host":{"id":"KEY"}}"""))
            .ShouldBe(Filled(
                """{"messageType":["urn:x"],"messageId":"KEY","message":{"log_id":"KEY","output":"[masked: github_token]"},"host":{"id":"[masked: github_token]"}}"""));

        string Filled(string text) => text.Replace("KEY", key, StringComparison.Ordinal);
    }

    [Fact]
    public void An_AWS_secret_is_known_by_the_name_beside_it()
    {
        var secret = Convert.ToBase64String(Enumerable.Range(7, 30).Select(each => (byte)(each * 37)).ToArray());
        Masked("""{"output":{"SecretAccessKey":"KEY","ETag":"KEY"}}""".Replace("KEY", secret, StringComparison.Ordinal)).ShouldBe(
            """{"output":{"SecretAccessKey":"[masked: aws_key]","ETag":"KEY"}}""".Replace("KEY", secret, StringComparison.Ordinal));
        Output(Masked(Body($"aws_secret_access_key = {secret}"))).ShouldBe("aws_secret_access_key = [masked: aws_key]");
    }

    [Fact]
    public void The_number_of_a_card_is_masked_where_it_is_a_number_of_JSON()
    {
        Masked("""{"inputs":{"card":4111111111111111,"n":[4111111111111112,0.4111111111111111]},"prompt_tokens":4111111111111111}""")
            .ShouldBe(
                """{"inputs":{"card":"[masked: card]","n":[4111111111111112,0.4111111111111111]},"prompt_tokens":4111111111111111}""");
    }

    [Fact]
    public void A_field_is_masked_by_its_path_whatever_it_holds()
    {
        var masker = With(fields: ["metadata.user.email", "inputs.password", "messages.content", "inputs.*.pin", "error"]);
        Masked(
            """{"message":{"metadata":{"user":{"email":["a",{"b":1}],"name":"N"},"email":"x"},"inputs":{"password":true,"a":{"pin":null},"b":{"pin":12}},"messages":[{"role":"user","content":"hi"},{"content":[{"text":"t"}]}],"error":"e"}}""",
            masker).ShouldBe(
            """{"message":{"metadata":{"user":{"email":["[masked: field]",{"b":"[masked: field]"}],"name":"N"},"email":"x"},"inputs":{"password":"[masked: field]","a":{"pin":null},"b":{"pin":"[masked: field]"}},"messages":[{"role":"user","content":"[masked: field]"},{"content":[{"text":"[masked: field]"}]}],"error":"[masked: field]"}}""");
        Masked("""{"inputs":{"p\u0061ssword":"x"}}""", masker).ShouldBe("""{"inputs":{"p\u0061ssword":"[masked: field]"}}""");
    }

    [Fact]
    public void What_is_excepted_stays_whatever_it_looks_like()
    {
        var (key, card) = (Secrets.ByShape["a GitHub token"], Secrets.ByShape["a Visa card"]);
        var masker = With(fields: ["metadata"], except: ["metadata.session", "card"]);
        Masked($$"""{"metadata":{"session":"{{key}}","user":"u"},"output":"{{card}} {{key}}"}""", masker).ShouldBe(
            $$"""{"metadata":{"session":"{{key}}","user":"[masked: field]"},"output":"{{card}} [masked: github_token]"}""");
    }

    [Fact]
    public void A_pattern_masks_what_it_finds_and_no_mark()
    {
        var masker = With(patterns: [("employee", "E[0-9]{6}"), ("e-mail", @"[\w.]+@[\w.]+"), ("word", "masked|field|[a-z]")]);
        var once = Masked("""{"output":"E123456 \u00e9 Ä_x@y.z A"}""", masker);
        Output(once).ShouldBe("[masked: employee] é [masked: e-mail] A");
        Masked(once, masker).ShouldBe(once);
    }

    [Fact]
    public void What_comes_to_light_beside_a_secret_is_masked_as_well()
    {
        var (key, card) = (Secrets.ByShape["an AWS key id"][..^4], Secrets.ByShape["a card in groups"].Replace('-', ' '));
        Output(Masked(Body($"{key}1234 {card}"))).ShouldBe("[masked: aws_key] [masked: card]");
    }

    [Fact]
    public void What_is_no_JSON_is_masked_as_a_text()
    {
        var key = Secrets.ByShape["a GitHub token"];
        Masked($"key: {key}, Bearer 2YotnFZFEjr1zCsicMWpAA").ShouldBe("key: [masked: github_token], Bearer [masked: bearer_token]");
        Masked($$"""{"log_id":"{{key}}","inputs":{"password":"x"},"output":"\n{{key}} """, With(fields: ["inputs.password"]))
            .ShouldBe("""{"log_id":"[masked: github_token]","inputs":{"password":"[masked: field]"},"output":"\n[masked: github_token] """);
        var latin = Encoding.Latin1.GetBytes($"{{\"output\":\"é {key}\"}}");
        Encoding.Latin1.GetString(Default.Mask(latin).Body.Span).ShouldBe("{\"output\":\"é [masked: github_token]\"}");
    }

    [Fact]
    public void Where_all_is_switched_off_nothing_is_masked()
    {
        var body = Body(Secrets.ByShape["a GitHub token"]);
        Masker.Off.Mask(body).Body.ShouldBe(body);
        With(secrets: false, patterns: [("x", "zzz")]).Mask(body).Counts.ShouldBeNull();
    }

    [Fact]
    public void What_was_masked_is_counted_by_kind()
    {
        var key = Secrets.ByShape["a GitHub token"];
        Default.Mask(Body($"{key} {key} {Secrets.ByShape["a Visa card"]}")).Counts!.ByKind.ShouldBe(
            new Dictionary<string, int> { ["github_token"] = 2, ["card"] = 1 }, ignoreOrder: true);
    }

    /// <summary>Two seconds are hundreds of times what it takes.</summary>
    [Theory]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("eyJa.")]
    [InlineData("sk-")]
    [InlineData("glrt-.")]
    [InlineData("ecretAccessKey=")]
    [InlineData("://a:")]
    [InlineData("Bearer ")]
    [InlineData("4111 ")]
    [InlineData("1-")]
    [InlineData("aws_secret_access_key")]
    [InlineData("\\u0041")]
    [InlineData("[masked: ")]
    public async Task A_megabyte_of_what_nearly_is_a_secret_takes_no_longer(string part)
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""{"output":"{{string.Concat(Enumerable.Repeat(part, 1024 * 1024 / part.Length))}}"}""");
        var masking = Task.Run(() => Default.Mask(body), TestContext.Current.CancellationToken);
        await masking.WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        (await masking).Counts.ShouldBeNull();
    }

    private static Masker With(
        bool secrets = true,
        string[]? fields = null,
        string[]? except = null,
        (string Name, string Pattern)[]? patterns = null) => new(MaskingSettings.Read(Configured.With(
        [
            ("Masking:Secrets", secrets.ToString()),
            ("Masking:Fields", string.Join(',', fields ?? [])),
            ("Masking:Except", string.Join(',', except ?? [])),
            .. (patterns ?? []).Select(each => ($"Masking:Patterns:{each.Name}", each.Pattern)),
        ])).Rules);

    /// <summary>As different writers of JSON have it: plain, every character escaped, and as .NET and PHP do.</summary>
    private static IEnumerable<string> Bodies(string text)
    {
        yield return $$"""{"output":{{new JsonObject { ["x"] = text }["x"]!.ToJsonString(Relaxed)}}}""";
        yield return $$"""{"output":"{{string.Concat(text.Select(each => $"\\u{(int)each:x4}"))}}"}""";
        yield return $$"""{"output":{{JsonSerializer.Serialize(text)}}}""";
        yield return $$"""{"output":{{JsonSerializer.Serialize(text).Replace("/", "\\/", StringComparison.Ordinal)}}}""";
    }

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static ReadOnlyMemory<byte> Body(string text) => Encoding.UTF8.GetBytes(Bodies(text).First());

    private static string Masked(ReadOnlyMemory<byte> body) => Masked(Encoding.UTF8.GetString(body.Span));

    private static string Masked(string body, Masker? masker = null) =>
        Encoding.UTF8.GetString((masker ?? Default).Mask(Encoding.UTF8.GetBytes(body)).Body.Span);

    private static string Output(string body) => (string)JsonNode.Parse(body)!["output"]!;
}
