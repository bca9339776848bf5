using Worker.Files;
using Worker.Traces;

namespace Worker.Tests.Traces;

public sealed class VersionRequestTests
{
    private readonly Dictionary<(string File, string Environment), string> _deployed = [];
    private readonly Dictionary<string, string> _versions = [];
    private readonly HashSet<string> _files = [];

    [Fact]
    public void A_version_id_goes_before_everything_else()
    {
        _versions["tlv_1"] = "tl_owner";
        Resolve(
            (LogFields.VersionId, "\"tlv_1\""),
            (LogFields.Path, "\"a\""),
            (LogFields.VersionEnvironment, "\"staging\""),
            (LogFields.Tool, "{\"source_code\":\"x\"}"))
            .ShouldBe(new Resolution("tl_owner", "tlv_1", VersionSource.VersionId, null));
    }

    [Fact]
    public void What_is_deployed_to_the_environment_goes_before_inline_details()
    {
        _deployed[(FileId("a"), "staging")] = "tlv_s";
        Resolve(
            (LogFields.Path, "\"a\""),
            (LogFields.VersionEnvironment, "\"staging\""),
            (LogFields.Tool, "{\"source_code\":\"x\"}"))
            .ShouldBe(new Resolution(FileId("a"), "tlv_s", VersionSource.Environment, null));
    }

    [Fact]
    public void Inline_details_go_before_the_default_deployment_and_that_before_the_empty_version()
    {
        _deployed[(FileId("a"), "production")] = "tlv_p";
        Resolve((LogFields.Path, "\"a\""), (LogFields.Tool, "{\"source_code\":\"x\"}")).Source.ShouldBe(
            VersionSource.Inline);
        Resolve((LogFields.Path, "\"a\"")).ShouldBe(new Resolution(FileId("a"), "tlv_p", VersionSource.Default, null));

        _deployed.Clear();
        Resolve((LogFields.Path, "\"a\"")).ShouldBe(new Resolution(FileId("a"), DerivedIds.Version(LogKind.Tool, FileId("a"), Some.Json("{}")), VersionSource.Empty, null));
    }

    [Theory]
    [InlineData("version_id")]
    [InlineData("version_environment")]
    [InlineData("id")]
    public void Asking_for_what_does_not_exist_says_what_is_missing(string field)
    {
        var fields = field == "id"
            ? new[] { (LogFields.Find(field)!, "\"x\"") }
            : [(LogFields.Path, "\"a\""), (LogFields.Find(field)!, "\"x\"")];

        var resolution = Resolve(fields);

        resolution.VersionId.ShouldBeNull();
        resolution.Waits.ShouldBeTrue();
        resolution.Missing.ShouldBe(field switch
        {
            "version_id" => new VersionKey("x"),
            "version_environment" => new DeploymentKey(FileId("a"), "x"),
            _ => new FileKey("x"),
        });
        Request(fields).Keys.ShouldContain(resolution.Missing!);
    }

    [Fact]
    public void A_file_and_an_environment_that_could_be_joined_alike_are_two()
    {
        Resolve((LogFields.FileId, "\"a\""), (LogFields.Path, "\"p\""), (LogFields.VersionEnvironment, "\"b:c\"")).Missing
            .ShouldNotBe(Resolve((LogFields.FileId, "\"a:b\""), (LogFields.Path, "\"p\""), (LogFields.VersionEnvironment, "\"c\"")).Missing);
    }

    [Fact]
    public void A_log_without_a_file_has_none() => Resolve().ShouldBe(Resolution.None);

    [Fact]
    public void A_file_is_the_same_however_its_path_is_written() =>
        Request((LogFields.Path, "\"/caf\u0065\u0301/tool/\"")).FileId.ShouldBe(FileId("caf\u00e9/tool"));

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"source_code\":null,\"attributes\":{},\"setup_values\":null,\"function\":{}}")]
    [InlineData("{\"name\":\"beside the function\",\"unknown\":1}")]
    public void Missing_null_and_empty_details_are_one(string details) => Normal(details).ShouldBe("{}");

    [Fact]
    public void Defaults_are_written_and_empty_parameters_are_left_out() =>
        Normal("""{"function":{"name":"f","description":"d","parameters":{},"x":1},"attributes":{"a":null}}""")
            .ShouldBe("""{"function":{"name":"f","description":"d","strict":false},"attributes":{"a":null}}""");

    [Fact]
    public void Order_and_spelling_make_no_other_version() =>
        Version("""{"setup_values":{"b":1.0,"a":"x"},"source_code":"s"}""").ShouldBe(Version("""{"source_code":"\u0073","setup_values":{"a":"x","b":1}}"""));

    [Fact]
    public void A_null_attribute_is_no_missing_one() =>
        Version("""{"attributes":{"a":null}}""").ShouldNotBe(Version("""{"attributes":{}}"""));

    private static string Version(string details) =>
        new VersionIds().Version(LogKind.Tool, "tl_1", Some.Json(details)).Id;

    private static string Normal(string details) =>
        VersionDetails.Normalise(LogKind.Tool, Some.Json(details)).ToString();

    private static string FileId(string path) => DerivedIds.File(LogKind.Tool, path);

    private static VersionRequest Request(params (Field, string)[] fields) =>
        new(Some.Log(fields: fields), new VersionIds());

    private Resolution Resolve(params (Field, string)[] fields) => Request(fields).Resolve(
        _files.Contains, id => _versions.GetValueOrDefault(id), slot => _deployed.GetValueOrDefault((slot.FileId, slot.Environment))).Resolution;
}
